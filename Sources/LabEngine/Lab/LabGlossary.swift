package import LabSupport

/// The terms of a lab, each explained in a sentence or two. It's a file of its own, which is read only when someone asks.
package struct LabGlossary: Sendable, Equatable {
    /// A term and its meaning.
    package struct Term: Sendable, Equatable {
        package var name: Text
        /// Other forms and spellings of it.
        package var also: [String]
        package var text: Text
    }

    package var terms: [Term]

    /// Reads a glossary, and throws its first mistake.
    package init(_ file: PathBelow) throws(LabError) {
        let text = String(decoding: try file.read(), as: UTF8.self)
        let reporter = LabReporter()
        let glossary = LabGlossary(text, file: file.shown, reporter: reporter)
        if let mistake = reporter.diagnostics.first(where: { $0.severity == .error }) {
            throw LabError(.labInvalid, mistake.message, cause: mistake.rendered(.en))
        }
        self = glossary
    }

    /// Decodes a glossary and reports all its mistakes.
    package init(_ text: String, file: String, reporter: LabReporter) {
        terms = []
        guard let root = LabYAML.parse(text, file: file, reporter: reporter) else { return }
        terms = LabValue(node: root, name: "", reporter: reporter).object { fields in
            fields["terms"].notEmpty.list { value in
                value.object { Term(name: $0["term"].text, also: $0[optional: "also"]?.strings ?? [], text: $0["text"].text) }
            }
        }
        var seen: Set<String> = []
        for term in terms where !term.name.en.isEmpty && !seen.insert(term.name.en.lowercased()).inserted {
            reporter.report(LabWording.duplicateTerm(term.name.en), at: LabPosition(file: file, line: 1, column: 1))
        }
    }

    /// The terms that a text names, those whose names begin with it first.
    package func matches(_ text: String, _ language: Language) -> [Term] {
        let wanted = text.lowercased().filter { !$0.isWhitespace }
        guard !wanted.isEmpty else { return terms }
        func names(_ term: Term) -> [String] {
            ([term.name.en, term.name.zh] + term.also).map { $0.lowercased().filter { !$0.isWhitespace } }
        }
        let first = terms.filter { names($0).contains { $0.hasPrefix(wanted) } }
        let rest = terms.filter { term in !first.contains(term) && names(term).contains { $0.contains(wanted) } }
        return first + rest
    }
}
