import HTTPTransport
import LabFile
import LabSupport

extension LabFetchAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        for file in files { try await task.fetch(file) }
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        files.map { file in ["curl", "-L", "--create-dirs", "-o", equivalent.run.workFile(file.path).shown, file.urls.first ?? ""] }
    }

    var imagesUsed: [String] { [] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) -> [HashedFile] { [] }

    var places: Set<String> { ["host", "pull", "build", "container"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}

extension TaskContext {
    /// Downloads a file from the first address that has the correct content.
    fileprivate func fetch(_ file: LabFetchFile) async throws {
        let path = run.workFile(file.path)
        if try path.exists(), try path.sha256() == file.sha256.lowercased() {
            notice("fetch.present", Text(en: "\(file.path) already exists.", zh: "\(file.path) 已存在。"))
            return
        }
        try path.parent?.makeDirectory()
        var last: LabError?
        for url in file.urls {
            do {
                try await download(url, to: path, sha256: file.sha256.lowercased())
                emit(.sourceChosen(SourceChosen(what: file.path, source: url, standIn: false, text: Text(verbatim: ""))))
                created(.file, path.shown)
                return
            } catch let error as CancellationError {
                throw error
            } catch {
                last = LabError(describing: error)
                emit(.sourceFailed(SourceFailed(what: file.path, source: url, error: LabError(describing: error))))
            }
        }
        throw LabError(
            .fetchNoSource, Text(en: "\(file.path) isn't available from any address.", zh: "没有任何地址能提供 \(file.path)。"),
            hint: Text(
                en: "Check the network, or put the file at \(path.shown) by hand.", zh: "请检查网络，或手动把文件放到 \(path.shown)。"),
            cause: last.map { $0.cause ?? $0.message.en })
    }

    private func download(_ url: String, to path: PathBelow, sha256: String) async throws {
        var request = try HTTPRequest(url: url)
        request.followsRedirects = true
        request.headTimeout = .seconds(30)
        request.idleTimeout = .seconds(60)
        let response = try await run.http.send(request)
        guard response.head.status == 200 else {
            throw HTTPStatusError(status: response.head.status, body: try await response.body.collect(limit: 1 << 16))
        }
        let total = response.head.headers["Content-Length"].flatMap { Double($0) }
        let file = try PathBelow.Unfinished(path)
        do {
            try await receive(response.body, of: total, url, into: file, path, sha256)
        } catch {
            file.discard()
            throw error
        }
        try file.finish()
    }

    /// A server that never ends its file must not fill the disk.
    private static let fetchLimit = 16 << 30

    private static func endless(_ url: String) -> LabError {
        LabError(
            .fetchChecksum,
            Text(en: "\(url) sends more than \(fetchLimit >> 30) GiB.", zh: "\(url) 发送的内容超过 \(fetchLimit >> 30) GiB。"))
    }

    private func receive(
        _ body: HTTPBodyStream, of total: Double?, _ url: String, into file: PathBelow.Unfinished, _ path: PathBelow, _ sha256: String
    ) async throws {
        var hash = SHA256()
        var received = 0
        var shown = 0.0
        for try await piece in body {
            try Files.write(piece, to: file.descriptor, of: path.shown)
            hash.update(piece)
            received += piece.count
            guard received <= Self.fetchLimit else { throw Self.endless(url) }
            if wallClock() - shown > 0.2 {
                shown = wallClock()
                progress(Text(verbatim: path.name), Double(received), of: total, .bytes)
            }
        }
        let actual = hash.finishHex()
        guard actual == sha256 else {
            throw LabError(
                .fetchChecksum,
                Text(
                    en: "\(url) returned a different file than expected (sha256 \(actual.prefix(12))…).",
                    zh: "\(url) 返回的不是所需文件（sha256 \(actual.prefix(12))…）。"))
        }
    }
}
