import DockerfileCheck
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

    package let place: PathBelow
    package let bytes: [UInt8]
    package let state: State

    /// The whole path, to show.
    package var path: String { place.shown }

    package init(_ action: LabFileAction, _ run: RunContext) throws(LabError) {
        place = run.workFile(action.path)
        guard try place.exists() else {
            bytes = []
            state = .missing
            return
        }
        let bytes = try place.read()
        self.bytes = bytes
        if action.hasTemplate(bytes, in: run.spec.directory) {
            state = .template
        } else {
            state = bytes == (try? run.labFile(action.reference).read()) ? .reference : .own
        }
    }

    /// Saves the file beside itself under a name that nothing has yet, and gives that name.
    func save() throws(LabError) -> String {
        var number = 1
        var copy = PathBelow("\(place.path).mine", in: place.folder)
        while try copy.exists() {
            // The same content is saved already.
            if let saved = try? copy.read(), saved == bytes { return copy.shown }
            number += 1
            copy = PathBelow("\(place.path).mine\(number)", in: place.folder)
        }
        try copy.write(bytes)
        return copy.shown
    }
}

extension LabFileAction {
    /// Whether these bytes are a template of the file, in any language. Comments alone are nobody's work, and a later version of the lab may
    /// have others. `directory` is the lab's.
    package func hasTemplate(_ bytes: [UInt8], in directory: String) -> Bool {
        func instructions(_ bytes: [UInt8]) -> [[Substring]] {
            Dockerfile(bytes).instructions.map { [Substring($0.name)] + $0.arguments.split { $0.isWhitespace || $0 == "\\" } }
        }
        let all = templates.compactMap { try? PathBelow($0, in: directory).read() }
        if all.contains(bytes) { return true }
        let own = instructions(bytes)
        return !own.isEmpty && all.contains { instructions($0) == own }
    }
}
