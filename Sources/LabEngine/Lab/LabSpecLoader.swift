import FoundationEssentials
package import LabSupport

/// The result of reading a lab file: the lab, if there are no errors, and all diagnostics.
package struct LabLoad: Sendable {
    /// Nil if there is an error.
    package var spec: LabSpec?
    /// Errors and warnings in the order of the file.
    package var diagnostics: [LabDiagnostic]
    /// There are more than these.
    package var isCut: Bool

    package init(spec: LabSpec?, diagnostics: [LabDiagnostic], isCut: Bool = false) {
        self.isCut = isCut
        self.spec = spec
        self.diagnostics = diagnostics
    }

    package var errors: [LabDiagnostic] { diagnostics.filter { $0.severity == .error } }
}

/// Reads lab files.
package enum LabSpecLoader {
    /// Reads a lab and its files, and finds all mistakes in one go. A lab that is only shown isn't read so thoroughly: regular
    /// expressions are taken as they are, and rules that only warn aren't applied. They would take a third of a start.
    package static func load(path: String, isThorough: Bool = true) -> LabLoad {
        let reporter = LabReporter()
        guard let text = contents(of: path, reporter: reporter) else { return LabLoad(spec: nil, diagnostics: reporter.diagnostics) }
        checkFolder(of: path, reporter: reporter)
        return load(
            text: text, file: path, directory: directory(of: path), reporter: reporter, isThorough: isThorough)
    }

    /// Reads a lab from a text. `file` is its name in messages, and `directory` is the folder of its files.
    package static func load(text: String, file: String, directory: String) -> LabLoad {
        load(text: text, file: file, directory: directory, reporter: LabReporter(), isThorough: true)
    }

    /// The lab to show. Throws if the lab has errors, but says nothing about its regular expressions.
    package static func spec(path: String) throws(LabError) -> LabSpec { try spec(path: path, isThorough: false) }

    /// The lab to run. Throws if the lab has errors, wrong regular expressions among them.
    package static func specToRun(path: String) throws(LabError) -> LabSpec { try spec(path: path, isThorough: true) }

    private static func spec(path: String, isThorough: Bool) throws(LabError) -> LabSpec {
        let load = load(path: path, isThorough: isThorough)
        guard let spec = load.spec else { throw invalid(path, load.errors) }
        return spec
    }

    /// The folder with the lab's files: `labs/x` for `labs/x.yaml`, as an absolute path.
    package static func directory(of path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.deletingPathExtension().path
    }

    /// The lab's folder is beside its file. A link from there to any other place would make that place part of the lab.
    private static func checkFolder(of path: String, reporter: LabReporter) {
        let folder = directory(of: path)
        guard let file = Files.resolved(path), let real = Files.resolved(folder), Files.link(folder) != nil else { return }
        let beside = Files.folder(of: file)
        guard beside == "/" || !real.hasPrefix(beside + "/") else { return }
        reporter.report(LabWording.folderElsewhere(folder, real), at: LabPosition(file: path, line: 1, column: 1))
    }

    /// No lab has more tasks, variables, images or servers. The rules compare each with all others.
    private static let countLimit = 1000

    private static func load(
        text: String, file: String, directory: String, reporter: LabReporter, isThorough: Bool
    ) -> LabLoad {
        guard let root = LabYAML.parse(text, file: file, reporter: reporter) else {
            return LabLoad(spec: nil, diagnostics: reporter.diagnostics)
        }
        let source = LabSource(file: file, text: text, root: root)
        let value = LabValue(node: root, name: "", reporter: reporter)
        var spec = value.object { LabSpec($0, directory: directory) }
        let most = [spec.tasks.count, spec.variables.count, spec.images.count, spec.servers.count].max() ?? 0
        guard most <= countLimit else {
            reporter.report(LabWording.tooMany(most: countLimit), at: LabPosition(file: file, line: 1, column: 1))
            return LabLoad(spec: nil, diagnostics: reporter.diagnostics.sorted(), isCut: reporter.isCut)
        }
        let readable = reporter.errors == 0
        var prose = LabProse(source: source, reporter: reporter)
        prose.fill(&spec)
        var rules = LabSpecRules(spec, source: source, prose: prose.files, reporter: reporter, readable: readable)
        rules.isThorough = isThorough
        rules.check()
        let diagnostics = reporter.diagnostics.sorted()
        return LabLoad(spec: reporter.errors > 0 ? nil : spec, diagnostics: diagnostics, isCut: reporter.isCut)
    }

    /// No lab's file is larger.
    private static let sizeLimit = 16 << 20

    private static func contents(of path: String, reporter: LabReporter) -> String? {
        do {
            let data = try Files.read(path, limit: sizeLimit)
            if let text = String(validating: data, as: UTF8.self) { return text }
            let repaired = String(decoding: data, as: UTF8.self)
            let bad = repaired.firstIndex(of: "\u{FFFD}") ?? repaired.startIndex
            let place = repaired.place(ofCharacter: repaired.distance(from: repaired.startIndex, to: bad))
            reporter.report(LabWording.notUTF8, at: LabPosition(file: path, line: place.line, column: place.column))
        } catch {
            let message = LabWording.unreadable(path, reason: error.cause ?? error.message.en)
            reporter.report(message, at: LabPosition(file: path, line: 1, column: 1))
        }
        return nil
    }

    private static func invalid(_ path: String, _ errors: [LabDiagnostic]) -> LabError {
        let count = errors.count
        return LabError(
            .labInvalid,
            Text(
                en: "The lab file `\(path)` has \(count) \(count == 1 ? "mistake" : "mistakes").",
                zh: "实验文件 `\(path)` 有 \(count) 处错误。"),
            hint: Text(
                en: "`ailab lab check \(path)` lists them with line and column.",
                zh: "运行 `ailab lab check \(path)` 可以看到每处错误的行号和列号。"),
            cause: errors.first?.rendered(.en))
    }
}
