import LabSupport

/// The keys of one mapping. It remembers which keys were asked for, and so it finds unknown and missing keys itself.
package final class LabFields {
    private let entries: [LabNode.Entry]
    private let owner: LabValue
    /// False if the mapping itself is missing. In that case, its keys aren't reported as missing, too.
    private let present: Bool
    private var known: [String] = []
    private var missing: [String] = []

    init(entries: [LabNode.Entry]?, of owner: LabValue) {
        self.entries = entries ?? []
        self.owner = owner
        present = entries != nil
    }

    /// The value of a required key.
    package subscript(key: String) -> LabValue {
        if let value = self[optional: key] { return value }
        missing.append(key)
        return LabValue(node: nil, name: key, reporter: owner.reporter)
    }

    /// The value of an optional key.
    package subscript(optional key: String) -> LabValue? {
        known.append(key)
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        return LabValue(node: entry.value, name: key, reporter: owner.reporter)
    }

    /// Decodes the one key of a table that is present. Ask for the mapping's other keys first.
    func choice<Result>(_ table: [(key: String, decode: (LabValue) -> Result)], otherwise: Result) -> Result {
        let others = known
        known += table.map(\.key)
        let found = entries.filter { entry in table.contains { $0.key == entry.key } }
        if let extra = found.dropFirst().first, let first = found.first {
            owner.reporter.report(LabWording.onlyOneOf(first.key, extra.key), at: extra.position)
        }
        if found.isEmpty, present, entries.allSatisfy({ others.contains($0.key) }) {
            owner.report(LabWording.noneOf(table.map(\.key), in: owner.name))
        }
        guard let entry = found.first, let decode = table.first(where: { $0.key == entry.key })?.decode else { return otherwise }
        return decode(LabValue(node: entry.value, name: entry.key, reporter: owner.reporter))
    }

    /// Reports unknown and missing keys. A misspelled key is reported only as unknown.
    func finish() {
        guard present else { return }
        let free = known.filter { key in !entries.contains { $0.key == key } }
        for entry in entries where !known.contains(entry.key) {
            let suggestion = NearestWord.to(entry.key, among: free) ?? NearestWord.to(entry.key, among: known)
            owner.reporter.report(
                LabWording.unknownKey(entry.key, in: owner.name, valid: suggestion == nil ? known : []), at: entry.position,
                suggestion: suggestion)
            missing.removeAll { $0 == suggestion }
        }
        for key in missing { owner.report(LabWording.missingKey(key, in: owner.name)) }
    }
}
