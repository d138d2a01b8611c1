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
    /// The set-up in the tables whose commands are the variants. Nil if the rule has its own.
    package var setup: String?
    /// Run the step again in another way, after the commands. Nil: the commands are all.
    package var retry: RetryRule?
    package var needs: [Remedy.Need]
    package var place: Remedy.Place
    package var changes: Text?
    package var undo: Text?
    package var isOwn: Bool
    /// One of these must be true of the machine; empty: any machine.
    package var traits: [RemedyFacts.Trait]
    /// What the failure must be like.
    package var condition: RemedyCondition
    /// Words in capitals whose values must be known.
    package var required: [String]
    /// Words in capitals whose values must not be known.
    package var unknown: [String]
    /// True if it only looks, to decide between causes: it comes after what changes something.
    package var isLook: Bool
    /// True if it makes sense only for a step of a lab.
    package var isForLabs: Bool
    /// True if it belongs to the machine itself, even if the failure happened in a container.
    package var isForHost: Bool

    /// True if nobody outside of a lab can use it.
    var isOnlyForLabs: Bool { isForLabs || retry != nil && variants.isEmpty }

    /// The remedy on a machine. `quoted` are values that a program printed; what is known of the machine goes before.
    /// With `ignoringTraits`, the caller has judged what it is for.
    package func remedy(_ facts: RemedyFacts, quoted: [String: String] = [:], ignoringTraits: Bool = false) -> Remedy {
        let variant = variants.first { facts.hold($0.traits) } ?? (facts.traits == nil || ignoringTraits ? variants.first : nil)
        var filler = RemedyFiller(facts: facts, quoted: quoted)
        let commands = (variant?.commands ?? []).map { filler.fill($0) }
        let retry = retry.map { $0.filled(by: &filler) }
        let fits = ignoringTraits || traits.isEmpty || facts.traits.map { !$0.isDisjoint(with: traits) } ?? true
        let isRoot = facts.traits?.contains(.root) ?? false
        return Remedy(
            filler.fill(text), commands: commands, retry: retry, needs: needs.filter { !(isRoot && $0 == .root) }, place: place,
            file: required.contains(RemedyFacts.Word.dockerfile) ? facts.values[RemedyFacts.Word.dockerfile] : nil,
            changes: changes.map { filler.fill($0) }, undo: undo.map { filler.fill($0) },
            isOwn: isOwn, applies: fits && (variants.isEmpty || variant != nil), open: filler.open, quoted: filler.used)
    }

    /// Every command of every variant, as written, and the words that a retry needs.
    package var allCommands: [String] { variants.flatMap(\.commands) + (retry?.texts ?? []) }

    /// Everything that can hold a word in capitals.
    var allTexts: [String] { [text.en, changes?.en, undo?.en].compactMap(\.self) + allCommands }
}

extension Symptom {
    /// The remedies on this machine, if no output is known: those that serve here, ailab's own first, then those for other machines.
    package func remedies(_ facts: RemedyFacts = .unknown, quoted: [String: String] = [:], rules: [FactRule] = []) -> [Remedy] {
        RemedyChoice(machine: facts, text: TextFacts(), rules: rules, isLab: true).remedies(of: self, quoted: quoted) { _ in false }
    }
}
