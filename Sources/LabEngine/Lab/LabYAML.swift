import Yams

/// Turns YAML text into a tree with places. The only file that knows the YAML library.
struct LabYAML {
    private let file: String
    private let reporter: LabReporter
    /// First letters of the keys that were hidden from the library, in the order of their stand-ins.
    private var hidden: [Unicode.Scalar] = []

    private static let firstStandIn: UInt32 = 0xE000
    private static let mostDuplicates = 200

    /// The tree of the file's only document, or nil when it cannot be read as YAML.
    static func parse(_ text: String, file: String, reporter: LabReporter) -> LabNode? {
        var yaml = LabYAML(file: file, reporter: reporter)
        return yaml.root(of: text).map { yaml.node($0) }
    }

    private init(file: String, reporter: LabReporter) {
        self.file = file
        self.reporter = reporter
    }

    /// The library gives up at the first mapping that has a key twice. The first of the two is then hidden behind a private-use letter of the
    /// same width and the text is read again, so that one reading finds all duplicates and every other mistake too.
    private mutating func root(of text: String) -> Node? {
        var scalars = Array(text.unicodeScalars)
        while true {
            do {
                var copy = String.UnicodeScalarView()
                copy.append(contentsOf: scalars)
                guard let root = try Parser(yaml: String(copy), encoding: .utf8).singleRoot() else {
                    reporter.report(LabWording.emptyFile, at: position(nil))
                    return nil
                }
                return root
            } catch YamlError.duplicatedKeysInMapping(let names, let context) where hidden.count < Self.mostDuplicates {
                guard hide(context.mark, in: &scalars) else {
                    reporter.report(LabWording.duplicateKey(names.first ?? "", firstLine: context.mark.line), at: position(context.mark))
                    return nil
                }
            } catch {
                report(error)
                return nil
            }
        }
    }

    private mutating func hide(_ mark: Mark, in scalars: inout [Unicode.Scalar]) -> Bool {
        guard var index = scalars.index(line: mark.line, column: mark.column) else { return false }
        if scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
        guard index < scalars.count, let standIn = Unicode.Scalar(Self.firstStandIn + UInt32(hidden.count)) else { return false }
        hidden.append(scalars[index])
        scalars[index] = standIn
        return true
    }

    private func key(_ written: String) -> String {
        guard let first = written.unicodeScalars.first, first.value >= Self.firstStandIn else { return written }
        let index = Int(first.value - Self.firstStandIn)
        guard index < hidden.count else { return written }
        return String(hidden[index]) + written.unicodeScalars.dropFirst().map(String.init).joined()
    }

    private func node(_ node: Node) -> LabNode {
        let content: LabNode.Content =
            switch node {
            case .scalar(let scalar): .scalar(scalar.string, plain: scalar.style == .plain)
            case .sequence(let sequence): .list(sequence.map(self.node))
            case .mapping(let mapping): .mapping(entries(of: mapping))
            case .alias: .scalar("", plain: true)
            }
        return LabNode(content: content, position: position(node.mark))
    }

    private func entries(of mapping: Node.Mapping) -> [LabNode.Entry] {
        var entries: [LabNode.Entry] = []
        for (keyNode, value) in mapping {
            let place = position(keyNode.mark)
            guard let written = keyNode.scalar?.string else {
                reporter.report(LabWording.keyNotAWord, at: place)
                continue
            }
            let name = key(written)
            if let first = entries.first(where: { $0.key == name }) {
                reporter.report(LabWording.duplicateKey(name, firstLine: first.position.line), at: place)
            } else {
                entries.append(LabNode.Entry(key: name, position: place, value: node(value)))
            }
        }
        return entries
    }

    private func report(_ error: any Error) {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _), YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            reporter.report(LabWording.syntax(problem, context: context?.text), at: position(mark))
        case YamlError.reader(let problem, let offset, _, let yaml):
            let place = yaml.place(ofCharacter: offset ?? 0)
            reporter.report(LabWording.syntax(problem, context: nil), at: LabPosition(file: file, line: place.line, column: place.column))
        default:
            reporter.report(LabWording.syntax(String(describing: error), context: nil), at: position(nil))
        }
    }

    private func position(_ mark: Mark?) -> LabPosition {
        LabPosition(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }
}

extension [Unicode.Scalar] {
    /// Index of a place counted from 1.
    fileprivate func index(line: Int, column: Int) -> Int? {
        var index = 0
        for _ in 1..<Swift.max(line, 1) {
            guard let end = self[index...].firstIndex(of: "\n") else { return nil }
            index = end + 1
        }
        index += column - 1
        return index < count ? index : nil
    }
}

extension String {
    /// Line and column, from 1, of the character with that number.
    func place(ofCharacter offset: Int) -> (line: Int, column: Int) {
        let before = prefix(offset).unicodeScalars
        let line = before.count { $0 == "\n" } + 1
        let lastBreak = before.lastIndex(of: "\n").map { before.index(after: $0) } ?? before.startIndex
        return (line, before[lastBreak...].count + 1)
    }
}
