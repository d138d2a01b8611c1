package import LabSupport

/// A remedy as the rule files hold it: for any distribution and engine, with words in capitals for what is particular.
package struct RemedyRule: Sendable, Hashable {
    /// The commands for machines of one kind.
    package struct Variant: Sendable, Hashable {
        /// All of these must be true of the machine; empty: any machine.
        package var traits: [RemedyFacts.Trait]
        package var commands: [String]
    }

    package var text: Text
    /// The first that fits counts.
    package var variants: [Variant]
    package var needs: [Remedy.Need]
    package var place: Remedy.Place
    package var changes: Text?
    package var undo: Text?
    package var isOwn: Bool
    /// One of these must be true of the machine; empty: any machine.
    package var traits: [RemedyFacts.Trait]

    /// The remedy on a machine. `quoted` are values that a program printed; what is known of the machine goes before.
    package func remedy(_ facts: RemedyFacts, quoted: [String: String] = [:]) -> Remedy {
        let variant = variants.first { facts.hold($0.traits) } ?? (facts.traits == nil ? variants.first : nil)
        var filler = RemedyFiller(facts: facts, quoted: quoted)
        let commands = (variant?.commands ?? []).map { filler.fill($0) }
        let fits = traits.isEmpty || facts.traits.map { !$0.isDisjoint(with: traits) } ?? true
        let isRoot = facts.traits?.contains(.root) ?? false
        return Remedy(
            filler.fill(text), commands: commands, needs: needs.filter { !(isRoot && $0 == .root) }, place: place,
            changes: changes.map { filler.fill($0) }, undo: undo.map { filler.fill($0) },
            isOwn: isOwn, applies: fits && (variants.isEmpty || variant != nil), open: filler.open, quoted: filler.used)
    }
}

extension Symptom {
    /// The remedies on a machine: those that serve here, ailab's own first, then those for other machines.
    package func remedies(_ facts: RemedyFacts = .unknown, quoted: [String: String] = [:]) -> [Remedy] {
        let all = cures.map { $0.remedy(facts, quoted: quoted) }
        // An own way that cannot be typed as it stands is no better than the others.
        func rank(_ remedy: Remedy) -> Int { !remedy.applies ? 2 : remedy.isOwn && remedy.open.isEmpty ? 0 : 1 }
        return all.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
    }
}
