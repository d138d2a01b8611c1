import LabSupport

/// The conditions under which a cure makes sense, as the rule files state them.
package struct RemedyCondition: Sendable, Hashable {
    /// For each of these facts, one of the values must be true.
    package var when: [TextFact: [String]] = [:]
    /// For each of these facts, none of the values may be true.
    package var not: [TextFact: [String]] = [:]
    /// One of these facts must have one of its values: "on Windows, or with Docker Desktop".
    package var either: [TextFact: [String]] = [:]
    /// The output must show one of these.
    var seen: [SymptomPattern] = []
    /// The output must show none of these.
    var absent: [SymptomPattern] = []

    /// What the facts say about a cure.
    enum Standing: Equatable {
        /// They contradict it.
        case contradicted
        /// They prove that it fits.
        case proved
        /// It has no conditions.
        case unconditional
        /// They leave these facts open.
        case undecided([TextFact])
    }

    /// The standing of a cure with this condition. `shows` says whether the output shows a pattern.
    func standing(_ facts: TextFacts, shows: (SymptomPattern) -> Bool) -> Standing {
        for (fact, values) in not where !(facts.values[fact] ?? []).isDisjoint(with: values) { return .contradicted }
        if absent.contains(where: shows) { return .contradicted }
        if !seen.isEmpty, !seen.contains(where: shows) { return .contradicted }
        var open: [TextFact] = []
        for (fact, values) in when {
            guard let known = facts.values[fact] else {
                open.append(fact)
                continue
            }
            if known.isDisjoint(with: values) { return .contradicted }
        }
        if !either.isEmpty, !either.contains(where: { !(facts.values[$0] ?? []).isDisjoint(with: $1) }) {
            let unknown = either.keys.filter { facts.values[$0] == nil }
            if unknown.isEmpty { return .contradicted }
            open += unknown
        }
        if !open.isEmpty { return .undecided(open.sorted { $0.rawValue < $1.rawValue }) }
        return when.isEmpty && either.isEmpty && seen.isEmpty ? .unconditional : .proved
    }
}
