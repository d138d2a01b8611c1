/// `fetch:` — downloads files into the workspace.
package struct LabFetchAction: Sendable, Equatable {
    package var files: [LabFetchFile]

    package init(files: [LabFetchFile]) { self.files = files }
}

/// A file, its checksum, and the addresses to download it from, tried in order.
package struct LabFetchFile: Sendable, Equatable {
    /// The path in the workspace.
    package var path: String
    /// In hexadecimal digits.
    package var sha256: String
    package var urls: [String]

    package init(path: String, sha256: String, urls: [String]) {
        self.path = path
        self.sha256 = sha256
        self.urls = urls
    }
}

extension LabFetchAction: LabActionKind {
    static var key: String { "fetch" }

    init(_ value: LabValue) {
        self = value.object { LabFetchAction(files: $0["files"].notEmpty.list { $0.object(LabFetchFile.init) }) }
    }

    var action: LabAction { .fetch(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabFetchAction {
        LabFetchAction(files: try files.filled(by: template))
    }

    func uses(at path: LabPath) -> [LabUse] {
        files.enumerated().flatMap { index, file in
            let path = path["files"][index]
            return [LabUse(.workspacePath(file.path), path["path"]), LabUse(.checksum(file.sha256), path["sha256"])]
        }
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { [.workspace] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}

extension LabFetchFile {
    fileprivate init(_ fields: LabFields) {
        self.init(path: fields["path"].string, sha256: fields["sha256"].string, urls: fields["urls"].notEmpty.strings)
    }
}

extension LabFetchFile: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabFetchFile {
        LabFetchFile(
            path: try path.filled(by: template), sha256: try sha256.filled(by: template), urls: try urls.filled(by: template))
    }
}
