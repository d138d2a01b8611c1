package import LabFile
import LabSupport

/// The files that a lab's tasks ask the student to write.
///
/// Nobody watches them: they are hashed when a run begins, when somebody asks how the lab stands on this machine, and when the editor that
/// the walkthrough opened is left.
package struct StudentFiles: Sendable {
    private let paths: [String]
    private let folder: String

    package init(_ spec: LabSpec, _ workspace: Workspace) {
        folder = workspace.files(lab: spec.id)
        paths = spec.tasks.compactMap { task in if case .file(let file) = task.action { file.path } else { nil } }
    }

    /// Those that are not what was recorded last; a file that is not there was not edited.
    package func edits(since progress: LabProgress) -> [FileEdited] {
        paths.compactMap { path in
            guard let hash = try? SHA256.hex(ofFile: "\(folder)/\(path)"), progress.files[path] != hash else { return nil }
            return FileEdited(path: path, sha256: hash)
        }
    }
}
