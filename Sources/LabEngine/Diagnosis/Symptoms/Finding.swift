package import LabSupport

/// What a diagnosis found: a cause, the line that proves it, and what cures it.
package struct Finding: Sendable, Hashable, Codable {
    /// The line that proves it.
    package struct Evidence: Sendable, Hashable, Codable {
        /// In the text as given, from 1.
        package var line: Int
        package var text: String

        package init(line: Int, text: String) {
            self.line = line
            self.text = text
        }
    }

    /// The id of a failure that no rule knows.
    package static let unknown = "unknown"

    /// The id of the cause, or `unknown`.
    package var cause: String
    package var title: Text
    package var why: Text
    /// Nil where the finding comes from an exit code alone.
    package var evidence: Evidence?
    /// Further lines that belong to the evidence: the failing instruction of a build, what its command said last.
    package var detail: [Evidence]
    package var remedies: [Remedy]
    package var strength: Symptom.Strength
    /// True where another finding is its reason.
    package var isConsequence: Bool
}

extension Finding {
    /// The answer of `ailab diagnose --json`: one object on one line.
    package static func json(_ findings: [Finding], language: Language) -> String {
        JSONText.object([("schema", .number(1)), ("findings", .list(findings.map { $0.json(language) }))])
    }

    /// One finding as it stands in the list.
    package func json(_ language: Language) -> JSONValue {
        .object([
            "cause": .text(cause), "title": .text(title[language]), "why": .text(why[language]),
            "evidence": evidence?.json ?? .null, "detail": .list(detail.map(\.json)),
            "strength": .text(strength.rawValue), "consequence": .flag(isConsequence),
            "remedies": .list(remedies.map { $0.json(language) }),
        ])
    }
}

extension Finding.Evidence {
    fileprivate var json: JSONValue { .object(["line": .number(Double(line)), "text": .text(text)]) }
}
