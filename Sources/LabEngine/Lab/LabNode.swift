import LabSupport

/// A value of a YAML file with its place.
package struct LabNode: Sendable {
    /// The contents of a value.
    package enum Content: Sendable {
        /// A scalar as it's written. `plain` means that it has no quotes, so it can be a number or a truth value.
        case scalar(String, plain: Bool)
        case list([LabNode])
        case mapping([Entry])
    }

    /// A key of a mapping, and its value.
    package struct Entry: Sendable {
        package var key: String
        var position: LabPosition
        var value: LabNode
    }

    package var content: Content
    var position: LabPosition

    /// The description in a message.
    var kind: Text {
        switch content {
        case .scalar(let text, plain: true) where text.isEmpty: Text(en: "nothing", zh: "空值")
        case .scalar(let text, _): Text(en: "`\(text.firstLine)`", zh: "`\(text.firstLine)`")
        case .list: Text(en: "a list", zh: "一个列表")
        case .mapping: Text(en: "a mapping", zh: "一组键值")
        }
    }
}

/// The path of a value in a lab file, such as steps, 2, tasks, 0. Rules make thousands of paths and read only those of mistakes, so a path
/// shares its beginning with others.
struct LabPath: Sendable {
    enum Part: Equatable, Sendable {
        case key(String)
        case index(Int)
    }

    private final class Link: Sendable {
        let part: Part
        let before: Link?

        init(_ part: Part, after before: Link?) {
            self.part = part
            self.before = before
        }
    }

    private var last: Link?

    init() {}

    subscript(key: String) -> LabPath { adding(.key(key)) }
    subscript(index: Int) -> LabPath { adding(.index(index)) }

    /// From the top of the file on.
    var parts: [Part] {
        sequence(first: last, next: { $0?.before }).compactMap { $0?.part }.reversed()
    }

    private func adding(_ part: Part) -> LabPath {
        var path = self
        path.last = Link(part, after: last)
        return path
    }
}

extension LabNode {
    /// The value at the end of a path, and the place of its key if it's an entry of a mapping.
    func find(_ path: LabPath) -> (key: LabPosition?, node: LabNode)? {
        path.parts.reduce((nil, self)) { found, part -> (key: LabPosition?, node: LabNode)? in
            switch (found?.node.content, part) {
            case (.list(let items)?, .index(let index)): items.indices.contains(index) ? (nil, items[index]) : nil
            case (.mapping(let entries)?, .key(let key)):
                entries.first { $0.key == key }.map { ($0.position, $0.value) }
            case (.scalar?, _), (.list?, .key), (.mapping?, .index), (nil, _): nil
            }
        }
    }
}

extension String {
    /// The first line, shortened for a message.
    var firstLine: String {
        let line = unicodeScalars.prefix { $0 != "\n" && $0 != "\r" }
        return line.count > 60 ? String(line.prefix(57)) + "…" : String(line)
    }
}
