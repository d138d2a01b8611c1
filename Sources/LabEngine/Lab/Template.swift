package import LabSupport

/// `${name}` in the texts of a lab. `$$` means a `$`. There is no logic.
package struct Template: Sendable {
    /// The names that ailab itself defines.
    package static let builtIns = ["user", "student", "workspace", "lab", "device", "run"]

    /// Values of those names for nobody in particular, such as for checking a lab.
    package static func samples(
        lab: String, workspace: String = "/workspace", device: String = "cpu", run: String = "1"
    ) -> [String: String] {
        ["user": "student", "student": "student", "workspace": workspace, "lab": lab, "device": device, "run": run]
    }

    /// The values of the names.
    package let values: [String: String]

    package init(_ values: [String: String]) {
        self.values = values
    }

    /// The text with each name replaced by its value.
    package func fill(_ text: String) throws(TemplateError) -> String {
        try fill(text) { $0 }
    }

    /// A regular expression with each name replaced by its value, which matches literally. `$$` stays, because `$` has a meaning in
    /// patterns.
    package func fill(pattern: String) throws(TemplateError) -> String {
        try fill(pattern, dollar: "$$", Self.escaped)
    }

    private func fill(_ text: String, dollar: String = "$", _ change: (String) -> String) throws(TemplateError) -> String {
        var filled = ""
        var added = 0
        for piece in Self.pieces(of: text) {
            switch piece {
            case .literal(let literal): filled += literal
            case .dollar: filled += dollar
            case .name(let name):
                let value = change(try value(of: name))
                added += value.utf8.count
                // A variable that has another one twice, which has another one twice, and so on, would exhaust the memory.
                guard added <= Self.growthLimit else { throw .tooLong(name) }
                filled += value
            case .unclosed(let rest): throw .unclosed(rest)
            }
        }
        return filled
    }

    /// How many bytes the values in a text may have together.
    private static let growthLimit = 64 << 10

    private func value(of name: String) throws(TemplateError) -> String {
        guard let value = values[name] else { throw .unknown(name, nearest: NearestWord.to(name, among: values.keys.sorted())) }
        return value
    }

    private static func escaped(_ value: String) -> String {
        value.map { "\\^$.|?*+()[]{}".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}

extension Template {
    /// A part of a text.
    enum Piece: Equatable {
        case literal(String)
        case dollar
        case name(String)
        /// `${` without a `}` after it.
        case unclosed(String)
    }

    private static let mark = UInt8(ascii: "$")

    /// False if filling in would change nothing, as in most texts.
    static func isTemplate(_ text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { $0.contains(mark) } ?? text.utf8.contains(mark)
    }

    /// Splits a text. It works on bytes for speed, because each start splits all texts of a lab.
    static func pieces(of text: String) -> [Piece] {
        guard isTemplate(text) else { return text.isEmpty ? [] : [.literal(text)] }
        var pieces: [Piece] = []
        var rest = text.utf8[...]
        while let dollar = rest.firstIndex(of: mark) {
            if dollar > rest.startIndex { pieces.append(.literal(String(text[rest.startIndex..<dollar]))) }
            let after = rest[dollar...].dropFirst()
            switch after.first {
            case mark:
                pieces.append(.dollar)
                rest = after.dropFirst()
            case UInt8(ascii: "{"):
                guard let end = after.firstIndex(of: UInt8(ascii: "}")) else {
                    return pieces + [.unclosed(String(text[dollar...]))]
                }
                pieces.append(.name(String(text[text.utf8.index(after: after.startIndex)..<end])))
                rest = after[end...].dropFirst()
            default:
                pieces.append(.literal("$"))
                rest = after
            }
        }
        return rest.isEmpty ? pieces : pieces + [.literal(String(text[rest.startIndex...]))]
    }
}

/// A `${name}` that can't be filled in.
package enum TemplateError: Error, Equatable, Sendable {
    /// The name is unknown. `nearest` is the closest known name.
    case unknown(String, nearest: String?)
    /// `${` without a `}`.
    case unclosed(String)
    /// With this value, the text gets longer than any that is needed.
    case tooLong(String)

    /// The error for the student, who didn't write the lab.
    package var labError: LabError {
        let what =
            switch self {
            case .unknown(let name, let nearest): LabWording.unknownVariable(name, nearest: nearest)
            case .unclosed(let text): LabWording.unclosedVariable(text)
            case .tooLong(let name): LabWording.variableTooLong(name)
            }
        return LabError(
            .labVariable, what,
            hint: Text(
                en: "This is a mistake in the lab, not yours. `ailab lab check` shows the lab's author where it is.",
                zh: "这是实验文件的错误，不是你的错：`ailab lab check` 会把出错位置告诉实验作者。"))
    }
}

/// A value that can contain `${names}`.
package protocol Templated {
    /// The value with each name replaced.
    func filled(by template: Template) throws(TemplateError) -> Self
}

extension String: Templated {
    package func filled(by template: Template) throws(TemplateError) -> String { try template.fill(self) }
}

extension Text: Templated {
    package func filled(by template: Template) throws(TemplateError) -> Text {
        Text(en: try template.fill(en), zh: try template.fill(zh))
    }
}

extension Optional: Templated where Wrapped: Templated {
    package func filled(by template: Template) throws(TemplateError) -> Wrapped? {
        guard let self else { return nil }
        return try self.filled(by: template)
    }
}

extension Array: Templated where Element: Templated {
    package func filled(by template: Template) throws(TemplateError) -> [Element] {
        var filled: [Element] = []
        for element in self { filled.append(try element.filled(by: template)) }
        return filled
    }
}

extension Dictionary: Templated where Key == String, Value: Templated {
    package func filled(by template: Template) throws(TemplateError) -> [String: Value] {
        var filled: [String: Value] = [:]
        for (key, value) in self { filled[key] = try value.filled(by: template) }
        return filled
    }
}
