package import LabFile
import LabSupport

/// The files that a lab's tasks ask the student to write.
///
/// They are hashed when a run starts, when someone asks for the lab's state on this machine, and when the walkthrough, which watches them,
/// sees that a change made one of them good or bad.
package struct StudentFiles: Sendable {
    private let paths: [String]
    private let folder: String

    package init(_ spec: LabSpec, _ workspace: Workspace) {
        folder = workspace.files(lab: spec.id)
        paths = spec.tasks.compactMap { task in if case .file(let file) = task.action { file.path } else { nil } }
    }

    /// The files that differ from their last record. A missing file doesn't count as edited.
    package func edits(since progress: LabProgress) -> [FileEdited] {
        paths.compactMap { path in
            guard let hash = try? PathBelow(path, in: folder).sha256(), progress.files[path] != hash else { return nil }
            return FileEdited(path: path, sha256: hash)
        }
    }
}
