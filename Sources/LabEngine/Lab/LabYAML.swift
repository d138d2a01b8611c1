/// Turns YAML text into a tree with places.
package struct LabYAML {
    private let file: String
    private let reporter: LabReporter
    private let events: YAMLEvents
    private var anchors: [String: (node: LabNode, height: Int)] = [:]
    private var depth = 0
    private var nodes = 0
    /// The greatest depth that was reached, those of aliases included.
    private var deepest = 0

    /// No lab is nested deeper. A text of brackets alone must not exhaust the stack.
    private static let maximumDepth = 100
    /// No lab is larger. A few lines with nested aliases, or with aliases of a long text, can grow without limit.
    private static let maximumNodes = 200_000
    /// A text counts as another value for each so many bytes.
    private static let bytesPerNode = 64

    /// The tree of the file's only document. Nil if it isn't valid YAML.
    package static func parse(_ text: String, file: String, reporter: LabReporter) -> LabNode? {
        var yaml = LabYAML(text, file: file, reporter: reporter)
        do {
            return try yaml.document()
        } catch let problem as YAMLProblem {
            let place = LabPosition(file: file, line: problem.line, column: problem.column)
            reporter.report(LabWording.syntax(problem.text, context: problem.context), at: place)
        } catch {
            reporter.report(LabWording.syntax("\(error)", context: nil), at: LabPosition(file: file, line: 1, column: 1))
        }
        return nil
    }

    private init(_ text: String, file: String, reporter: LabReporter) {
        self.file = file
        self.reporter = reporter
        events = YAMLEvents(text)
    }

    private mutating func document() throws -> LabNode? {
        var root: LabNode?
        while true {
            let next = try events.next()
            switch next.event {
            case .documentStart:
                if root != nil { throw problem("found another document", at: next) }
            case .documentEnd: continue
            case .end:
                if root == nil { reporter.report(LabWording.emptyFile, at: LabPosition(file: file, line: 1, column: 1)) }
                return root
            default: root = try node(next)
            }
        }
    }

    private mutating func node(_ first: YAMLEvents.Placed) throws -> LabNode {
        let above = deepest
        depth += 1
        deepest = depth
        // A value reaches as deep as the deepest one in it, and so do those around it.
        defer {
            depth -= 1
            deepest = max(above, deepest)
        }
        try checkDepth(at: first)
        let place = position(first)
        switch first.event {
        case .scalar(let text, let plain, let anchor):
            return try made(LabNode(content: .scalar(text, plain: plain), position: place), anchor, first)
        case .listStart(let anchor): return try made(LabNode(content: .list(try list()), position: place), anchor, first)
        case .mappingStart(let anchor): return try made(LabNode(content: .mapping(try entries()), position: place), anchor, first)
        case .alias(let name):
            guard let (node, height) = anchors[name] else { throw problem("found undefined alias", at: first) }
            deepest = depth + height
            try checkDepth(at: first)
            return try made(node, nil, first)
        default: throw problem("found no value", at: first)
        }
    }

    private mutating func made(_ node: LabNode, _ anchor: String?, _ place: YAMLEvents.Placed) throws -> LabNode {
        if case .alias = place.event { nodes += node.size(Self.bytesPerNode) } else { nodes += node.ownSize(Self.bytesPerNode) }
        guard nodes <= Self.maximumNodes else { throw problem("too many values", at: place) }
        if let anchor { anchors[anchor] = (node, deepest - depth) }
        return node
    }

    private func checkDepth(at place: YAMLEvents.Placed) throws {
        guard deepest <= Self.maximumDepth else { throw problem("nested too deeply", at: place) }
    }

    private mutating func list() throws -> [LabNode] {
        var items: [LabNode] = []
        while true {
            let next = try events.next()
            if case .listEnd = next.event { return items }
            items.append(try node(next))
        }
    }

    private mutating func entries() throws -> [LabNode.Entry] {
        var entries: [LabNode.Entry] = []
        var lines: [String: Int] = [:]
        while true {
            let next = try events.next()
            if case .mappingEnd = next.event { return entries }
            let key = try node(next)
            let value = try node(try events.next())
            guard case .scalar(let name, _) = key.content else {
                reporter.report(LabWording.keyNotAWord, at: position(next))
                continue
            }
            if let first = lines[name] {
                reporter.report(LabWording.duplicateKey(name, firstLine: first), at: position(next))
            } else {
                lines[name] = next.line
                entries.append(LabNode.Entry(key: name, position: position(next), value: value))
            }
        }
    }

    private func position(_ placed: YAMLEvents.Placed) -> LabPosition { LabPosition(file: file, line: placed.line, column: placed.column) }

    private func problem(_ text: String, at place: YAMLEvents.Placed) -> YAMLProblem {
        YAMLProblem(text: text, context: nil, line: place.line, column: place.column)
    }
}

extension LabNode {
    /// The number of values in it, including itself.
    fileprivate func size(_ bytesPerNode: Int) -> Int {
        switch content {
        case .scalar: ownSize(bytesPerNode)
        case .list(let items): items.reduce(1) { $0 + $1.size(bytesPerNode) }
        case .mapping(let entries): entries.reduce(1) { $0 + 1 + $1.value.size(bytesPerNode) }
        }
    }

    fileprivate func ownSize(_ bytesPerNode: Int) -> Int {
        if case .scalar(let text, _) = content { 1 + text.utf8.count / bytesPerNode } else { 1 }
    }
}

extension String {
    /// The line and column, from 1, of a character.
    func place(ofCharacter offset: Int) -> (line: Int, column: Int) {
        let before = prefix(offset).unicodeScalars
        let line = before.count { $0 == "\n" } + 1
        let lastBreak = before.lastIndex(of: "\n").map { before.index(after: $0) } ?? before.startIndex
        return (line, before[lastBreak...].count + 1)
    }
}
