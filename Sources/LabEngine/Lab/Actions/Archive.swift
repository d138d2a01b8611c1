/// `archive:` — packs a model with torch-model-archiver in the server's container. The names are those of the archiver's options.
package struct LabArchiveAction: Sendable, Equatable {
    package var server: String
    package var modelName: String
    package var version: String
    package var modelFile: String?
    package var serializedFile: String
    package var handler: String
    package var extraFiles: [String]
    package var exportPath: String

    package init(
        server: String, modelName: String, version: String, modelFile: String? = nil, serializedFile: String, handler: String,
        extraFiles: [String] = [], exportPath: String
    ) {
        self.server = server
        self.modelName = modelName
        self.version = version
        self.modelFile = modelFile
        self.serializedFile = serializedFile
        self.handler = handler
        self.extraFiles = extraFiles
        self.exportPath = exportPath
    }
}

extension LabArchiveAction: LabActionKind {
    static var key: String { "archive" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabArchiveAction(
                server: fields["server"].string,
                modelName: fields["model_name"].string,
                version: fields["version"].string,
                modelFile: fields[optional: "model_file"]?.string,
                serializedFile: fields["serialized_file"].string,
                handler: fields["handler"].string,
                extraFiles: fields[optional: "extra_files"]?.strings ?? [],
                exportPath: fields["export_path"].string)
        }
    }

    var action: LabAction { .archive(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabArchiveAction {
        LabArchiveAction(
            server: server, modelName: try modelName.filled(by: template), version: try version.filled(by: template),
            modelFile: try modelFile.filled(by: template), serializedFile: try serializedFile.filled(by: template),
            handler: try handler.filled(by: template), extraFiles: try extraFiles.filled(by: template),
            exportPath: try exportPath.filled(by: template))
    }

    func uses(at path: LabPath) -> [LabUse] { [LabUse(.server(server), path["server"])] }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { [.engine, .server(server)] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
