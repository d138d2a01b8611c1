/// The places of all values of a lab file, for the rules that compare distant parts of it.
struct LabSource: Sendable {
    /// A text of the file that may contain `${names}`.
    struct Scalar: Sendable {
        var path: LabPath
        var text: String
    }

    let file: String
    /// The lines of the file.
    let lines: [Substring.UnicodeScalarView]
    private(set) var keys: [LabPath: LabPosition] = [:]
    private(set) var values: [LabPath: LabPosition] = [:]
    private(set) var scalars: [Scalar] = []

    init(file: String, text: String, root: LabNode) {
        self.file = file
        lines = Substring(text).unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        record(root, at: LabPath())
    }

    /// The place of a value, or else of its key, or else the top of the file.
    func position(_ path: LabPath) -> LabPosition {
        values[path] ?? keys[path] ?? LabPosition(file: file, line: 1, column: 1)
    }

    /// The place of an entry's key.
    func keyPosition(_ path: LabPath) -> LabPosition { keys[path] ?? position(path) }

    /// The first place of `needle` at or after the start of a value.
    func position(of needle: String, in path: LabPath) -> LabPosition {
        let start = position(path)
        for line in lines.indices.dropFirst(start.line - 1) {
            let skipped = line == start.line - 1 ? start.column - 1 : 0
            let rest = String(lines[line].dropFirst(skipped))
            guard let found = rest.firstRange(of: needle) else { continue }
            let column = rest.unicodeScalars.distance(from: rest.unicodeScalars.startIndex, to: found.lowerBound)
            return LabPosition(file: file, line: line + 1, column: skipped + column + 1)
        }
        return start
    }

    private mutating func record(_ node: LabNode, at path: LabPath) {
        values[path] = node.position
        switch node.content {
        case .scalar(let text, _):
            scalars.append(Scalar(path: path, text: text))
        case .list(let items):
            for (index, item) in items.enumerated() { record(item, at: path[index]) }
        case .mapping(let entries):
            for entry in entries {
                keys[path[entry.key]] = entry.position
                record(entry.value, at: path[entry.key])
            }
        }
    }
}
