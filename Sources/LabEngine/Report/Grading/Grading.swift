import Dispatch
import FoundationEssentials
import Glibc
package import LabSupport

/// Reads any number of submitted reports: JSON, or pages with the JSON inside. A report that can't be read never stops the others.
package struct Grading: Sendable {
    /// A file that isn't a report that can be read.
    package struct Rejected: Sendable, Equatable {
        package var path: String
        package var reason: Text
    }

    /// In the order of the names of their authors.
    package private(set) var reports: [GradedReport] = []
    package private(set) var rejected: [Rejected] = []

    /// No report is larger. A real one has some 100 kB.
    package static let sizeLimit = 16 << 20
    /// The most files that are read.
    package static let countLimit = 20_000

    /// Reads files, and those in folders whose names end in `.json`, `.html` or `.htm`.
    package init(_ paths: [String], now: Double = wallClock()) {
        let files = paths.flatMap(Self.files)
        let count = min(files.count, Self.countLimit)
        let results = Locked<[Result]>([])
        // Each report is dropped as soon as its figures are taken: memory doesn't grow with the size of the reports.
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = Self.read(files[index], now: now)
            results.withLock { $0.append(result) }
        }
        var graded: [GradedReport] = []
        for result in results.withLock({ $0 }) {
            switch result {
            case .report(let report): graded.append(report)
            case .rejected(let file): rejected.append(file)
            }
        }
        for path in files.dropFirst(count) {
            rejected.append(Rejected(path: path, reason: Text(en: "more than \(count) files", zh: "文件数超过 \(count)")))
        }
        graded.sort { ($0.author, $0.path) < ($1.author, $1.path) }
        reports = GradeComparison(graded).reports
        rejected.sort { $0.path < $1.path }
    }

    private enum Result: Sendable {
        case report(GradedReport)
        case rejected(Rejected)
    }

    private static func files(_ path: String) -> [String] {
        guard Files.isDirectory(path) else { return [path] }
        let folder = path == "/" ? "" : String(path.reversed().drop { $0 == "/" }.reversed())
        return Files.tree(path).filter { name in
            [".json", ".html", ".htm"].contains { name.lowercased().hasSuffix($0) } && !Files.name(of: name).hasPrefix(".")
        }.map { "\(folder)/\($0)" }
    }

    private static func read(_ path: String, now: Double) -> Result {
        func refused(_ en: String, _ zh: String) -> Result { .rejected(Rejected(path: path, reason: Text(en: en, zh: zh))) }
        let bytes: [UInt8]
        do {
            bytes = try content(path)
        } catch {
            return .rejected(Rejected(path: path, reason: error.message))
        }
        var text = bytes
        var findings: [GradeFinding] = []
        let first = bytes.first { !" \n\r\t".utf8.contains($0) }
        if first == UInt8(ascii: "<") {
            guard let inside = ReportSeal.json(in: bytes) else {
                return refused(
                    "a page without a report inside: written by an earlier version, or by another program", "页面中没有报告数据：由早期版本或其他程序生成")
            }
            text = inside.json
            if !inside.isWhole {
                findings.append(GradeFinding(.pageChanged, en: "the page was changed after ailab wrote it", zh: "页面在写出后被修改"))
            }
        } else if first != UInt8(ascii: "{") {
            return refused("neither JSON nor HTML", "既不是 JSON 也不是 HTML")
        }
        let report: SubmittedReport
        do {
            report = try JSONDecoder().decode(SubmittedReport.self, from: Data(text))
        } catch {
            let place = (error as? DecodingError).map(Self.place) ?? ""
            return refused("not a report of ailab\(place)", "不是 ailab 的报告\(place)")
        }
        guard report.type == "report", report.schema == ReportJSON.schema else {
            return refused("another kind of JSON, or a report of a later version", "其他类型的 JSON，或较新版本的报告")
        }
        switch ReportSeal.standing(of: text) {
        case .intact: break
        case .broken: findings.append(GradeFinding(.sealBroken, en: "the report was changed after ailab wrote it", zh: "报告在写出后被修改"))
        case .missing:
            findings.append(GradeFinding(.sealMissing, en: "no seal: an earlier version, or written again", zh: "没有封印：由早期版本生成，或被重新写过"))
        }
        findings += GradeChecks(report: report, now: now).findings
        // A slice is hashed where it lies. Any other sequence is first copied byte by byte, which would take as long as everything else.
        let digest = SHA256.hex(of: text[..<((text.lastIndex { !" \n\r\t".utf8.contains($0) } ?? -1) + 1)])
        return .report(GradedReport(report, path: path, digest: digest, findings: findings))
    }

    /// The content of a regular file of a reasonable size.
    private static func content(_ path: String) throws(LabError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Files.error(errno, path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw LabError(.fileKind, Text(en: "not a regular file", zh: "不是普通文件"))
        }
        guard status.st_size <= sizeLimit else {
            throw LabError(.fileKind, Text(en: "larger than \(sizeLimit >> 20) MB", zh: "超过 \(sizeLimit >> 20) MB"))
        }
        // The file may grow meanwhile, but no more of it is read.
        let size = Int(status.st_size)
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, length in
            while length < size, let start = buffer.baseAddress {
                let count = Glibc.read(descriptor, start + length, size - length)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                length += count
            }
        }
    }

    /// Where the JSON isn't that of a report: ` (tasks/3/state)`.
    private static func place(_ error: DecodingError) -> String {
        let path: [any CodingKey] =
            switch error {
            case .keyNotFound(let key, let context): context.codingPath + [key]
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): context.codingPath
            @unknown default: []
            }
        let words = path.prefix(6).map { $0.intValue.map(String.init) ?? String($0.stringValue.prefix(40)) }
        return words.isEmpty ? "" : " (\(words.joined(separator: "/")))"
    }
}
