package import LabFile
package import LabSupport

/// The file that a `file` task asks the student to write, as it is now. It belongs to the student: nothing replaces it without a yes, and
/// before that it is saved.
package struct StudentFile: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        case missing
        /// As the lab gave it.
        case template
        /// The reference solution, word for word.
        case reference
        /// The student's work.
        case own
    }

    package let path: String
    package let bytes: [UInt8]
    package let state: State

    package init(_ action: LabFileAction, _ run: RunContext) throws(LabError) {
        path = run.workPath(action.path)
        guard Files.exists(path) else {
            bytes = []
            state = .missing
            return
        }
        bytes = try Files.read(path)
        if bytes == (try? Files.read(run.labPath(action.template))) {
            state = .template
        } else {
            state = bytes == (try? Files.read(run.labPath(action.reference))) ? .reference : .own
        }
    }

    /// Saves the file beside itself under a name that nothing has yet, and gives that name.
    func save() throws(LabError) -> String {
        var number = 1
        var copy = "\(path).mine"
        while Files.exists(copy) {
            // The same content is saved already.
            if let saved = try? Files.read(copy), saved == bytes { return copy }
            number += 1
            copy = "\(path).mine\(number)"
        }
        try Files.write(bytes, to: copy)
        return copy
    }
}

extension LabSpec {
    /// The `file` task that asks for the file of this workspace path.
    package func fileAction(of path: String) -> LabFileAction? {
        tasks.lazy.compactMap { task in if case .file(let file) = task.action, file.path == path { file } else { nil } }.first
    }

    /// The build that uses the student's file of this workspace path.
    package func buildAction(of path: String) -> LabBuildAction? {
        tasks.lazy.compactMap { task in if case .build(let build) = task.action, build.student == path { build } else { nil } }.first
    }
}
