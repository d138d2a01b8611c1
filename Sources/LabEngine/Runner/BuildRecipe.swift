package import LabFile
package import LabSupport

/// The Dockerfile that a build uses, and who wrote it.
package struct BuildRecipe: Sendable, Equatable {
    /// Its name in the context. It isn't `Dockerfile`, so that a file with that name in the folder stays unchanged.
    package static let name = ".ailab.Dockerfile"

    package var dockerfile: [UInt8]
    package var isReference: Bool
    /// The path to show to the student.
    package var shownPath: String

    /// The student's own file if there is one, also in an unattended run. The reference solution if the file is missing or still the
    /// template.
    package init(_ action: LabBuildAction, _ run: RunContext) throws(LabError) {
        if let student = action.student, let file = try Self.written(student, run) {
            self = file
        } else {
            let file = run.labFile(action.dockerfile)
            self.init(dockerfile: try file.read(), isReference: true, shownPath: file.shown)
        }
    }

    private init(dockerfile: [UInt8], isReference: Bool, shownPath: String) {
        self.dockerfile = dockerfile
        self.isReference = isReference
        self.shownPath = shownPath
    }

    private static func written(_ path: String, _ run: RunContext) throws(LabError) -> BuildRecipe? {
        guard let action = run.spec.fileAction(of: path) else {
            let file = run.workFile(path)
            return try file.exists() ? BuildRecipe(dockerfile: try file.read(), isReference: false, shownPath: file.shown) : nil
        }
        let file = try StudentFile(action, run)
        switch file.state {
        case .missing, .template: return nil
        case .reference, .own:
            return BuildRecipe(dockerfile: file.bytes, isReference: file.state == .reference, shownPath: file.path)
        }
    }
}
