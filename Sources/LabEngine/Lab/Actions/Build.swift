/// `build:` — builds an image.
package struct LabBuildAction: Sendable, Equatable {
    package var tag: String
    /// The folder of the lab that is the build context.
    package var context: String
    /// The reference Dockerfile, in the lab's folder.
    package var dockerfile: String
    /// The student's own Dockerfile in the workspace. It's used if it exists and the run isn't unattended.
    package var student: String?
    /// Build arguments. The value `image:NAME` means the tag of that image, adapted to this host.
    package var arguments: [String: String]

    package init(tag: String, context: String, dockerfile: String, student: String? = nil, arguments: [String: String] = [:]) {
        self.tag = tag
        self.context = context
        self.dockerfile = dockerfile
        self.student = student
        self.arguments = arguments
    }
}

extension LabBuildAction: LabActionKind {
    static var key: String { "build" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabBuildAction(
                tag: fields["tag"].string,
                context: fields["context"].string,
                dockerfile: fields["dockerfile"].string,
                student: fields[optional: "student"]?.string,
                arguments: fields[optional: "arguments"]?.dictionary ?? [:])
        }
    }

    var action: LabAction { .build(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabBuildAction {
        LabBuildAction(
            tag: try tag.filled(by: template), context: try context.filled(by: template), dockerfile: try dockerfile.filled(by: template),
            student: try student.filled(by: template), arguments: try arguments.filled(by: template))
    }

    func uses(at path: LabPath) -> [LabUse] {
        let files = [LabUse(.labFolder(context), path["context"]), LabUse(.labFile(dockerfile), path["dockerfile"])]
        let own = student.map { [LabUse(.workspacePath($0), path["student"])] } ?? []
        let images = arguments.sorted { $0.key < $1.key }.compactMap { key, value in
            LabImage.name(in: value).map { LabUse(.namedImage($0), path["arguments"][key]) }
        }
        return files + own + images
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [.image(tag)] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { [.engine, .containers, .build(tag)] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
