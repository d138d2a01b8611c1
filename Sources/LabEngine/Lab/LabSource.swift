import LabSupport

/// The places of all values of a lab file, for the rules that compare distant parts of it.
struct LabSource: Sendable {
    let file: String
    private let root: LabNode
    private let split: Lazily<[Substring.UnicodeScalarView]>

    init(file: String, text: String, root: LabNode) {
        self.file = file
        self.root = root
        split = Lazily { Substring(text).unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) }
    }

    /// The lines of the file. They are only needed for the place of a mistake.
    var lines: [Substring.UnicodeScalarView] { split.value }

    /// True if the file has a value there.
    func has(_ path: LabPath) -> Bool { root.find(path) != nil }

    /// The place of a value, or else the top of the file.
    func position(_ path: LabPath) -> LabPosition {
        root.find(path)?.node.position ?? LabPosition(file: file, line: 1, column: 1)
    }

    /// The place of an entry's key.
    func keyPosition(_ path: LabPath) -> LabPosition { root.find(path)?.key ?? position(path) }

    /// Calls `body` with each text of the file, which may contain `${names}`, and its path.
    func eachScalar(_ body: (LabPath, String) -> Void) { Self.eachScalar(of: root, at: LabPath(), body) }

    /// The first place of `needle` at or after the start of a value.
    func position(of needle: String, in path: LabPath) -> LabPosition {
        let start = position(path)
        let lines = lines
        for line in lines.indices.dropFirst(start.line - 1) {
            let skipped = line == start.line - 1 ? start.column - 1 : 0
            let rest = String(lines[line].dropFirst(skipped))
            guard let found = rest.firstRange(of: needle) else { continue }
            let column = rest.unicodeScalars.distance(from: rest.unicodeScalars.startIndex, to: found.lowerBound)
            return LabPosition(file: file, line: line + 1, column: skipped + column + 1)
        }
        return start
    }

    private static func eachScalar(of node: LabNode, at path: LabPath, _ body: (LabPath, String) -> Void) {
        switch node.content {
        case .scalar(let text, _): body(path, text)
        case .list(let items):
            for (index, item) in items.enumerated() { eachScalar(of: item, at: path[index], body) }
        case .mapping(let entries):
            for entry in entries { eachScalar(of: entry.value, at: path[entry.key], body) }
        }
    }
}
