/// The keys of one mapping. It remembers which were asked for, and so finds the unknown and the missing ones by itself.
package final class LabFields {
    private let entries: [LabNode.Entry]
    private let owner: LabValue
    /// False where the mapping itself is missing: then nothing in it is called missing too.
    private let present: Bool
    private var known: [String] = []
    private var missing: [String] = []

    init(entries: [LabNode.Entry]?, of owner: LabValue) {
        self.entries = entries ?? []
        self.owner = owner
        present = entries != nil
    }

    /// The value of a key that must be there.
    package subscript(key: String) -> LabValue {
        if let value = self[optional: key] { return value }
        missing.append(key)
        return LabValue(node: nil, name: key, reporter: owner.reporter)
    }

    /// The value of a key that may be left out.
    package subscript(optional key: String) -> LabValue? {
        known.append(key)
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        return LabValue(node: entry.value, name: key, reporter: owner.reporter)
    }

    /// The one key of a table that is there, decoded by its entry. Ask for the mapping's other keys first.
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

    /// Reports what is unknown and what is missing. A misspelt key counts as unknown only.
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
