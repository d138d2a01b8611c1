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

/// The path of a value in a lab file: `steps/2/tasks/0/needs/1`.
struct LabPath: Hashable, Sendable {
    private(set) var text = ""

    subscript(key: String) -> LabPath { LabPath(text: text + "/" + key) }
    subscript(index: Int) -> LabPath { self[String(index)] }
}

extension String {
    /// The first line, shortened for a message.
    var firstLine: String {
        let line = unicodeScalars.prefix { $0 != "\n" && $0 != "\r" }
        return line.count > 60 ? String(line.prefix(57)) + "…" : String(line)
    }
}
