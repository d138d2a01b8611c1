import LabSupport

/// A value of a YAML file with its place.
package struct LabNode: Sendable {
    /// What stands there.
    package enum Content: Sendable {
        /// A scalar as written. `plain`: without quotes, so that it may be a number or a truth value.
        case scalar(String, plain: Bool)
        case list([LabNode])
        case mapping([Entry])
    }

    /// A key of a mapping and what stands behind it.
    package struct Entry: Sendable {
        package var key: String
        var position: LabPosition
        var value: LabNode
    }

    package var content: Content
    var position: LabPosition

    /// What to call it in a message.
    var kind: Text {
        switch content {
        case .scalar(let text, plain: true) where text.isEmpty: Text(en: "nothing", zh: "空值")
        case .scalar(let text, _): Text(en: "`\(text.firstLine)`", zh: "`\(text.firstLine)`")
        case .list: Text(en: "a list", zh: "一个列表")
        case .mapping: Text(en: "a mapping", zh: "一组键值")
        }
    }
}

/// Where in the tree of a lab file something stands: `steps/2/tasks/0/needs/1`.
struct LabPath: Hashable, Sendable {
    private(set) var text = ""

    subscript(key: String) -> LabPath { LabPath(text: text + "/" + key) }
    subscript(index: Int) -> LabPath { self[String(index)] }
}

extension String {
    /// The first line, shortened: enough to recognise a value in a message.
    var firstLine: String {
        let line = unicodeScalars.prefix { $0 != "\n" && $0 != "\r" }
        return line.count > 60 ? String(line.prefix(57)) + "…" : String(line)
    }
}
