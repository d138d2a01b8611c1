import LabSupport

/// Chooses the cures for a failure and puts the one first that most probably cures it.
struct RemedyChoice {
    /// What is known about the failure.
    let facts: TextFacts
    /// What the commands depend on.
    let machine: RemedyFacts
    /// The labels of facts that are open.
    let rules: [FactRule]
    /// Programs that don't exist in a situation.
    let lacking: [LackingPrograms]
    /// True inside a lab and for the doctor: cures may run a step again.
    let isLab: Bool
    /// True if the output is this machine's, so that its facts count.
    let isHere: Bool

    /// What the rules say about this machine. Inside a lab, its own facts are the truth.
    /// `tables` are values that the rules' tables give, which are true of any machine.
    init(
        machine: RemedyFacts, text: TextFacts, tables: [String: String] = [:], rules: [FactRule], lacking: [LackingPrograms] = [],
        isLab: Bool, isHere: Bool = false
    ) {
        self.lacking = lacking
        self.isLab = isLab
        self.isHere = isLab || isHere
        self.rules = rules
        guard !self.isHere else {
            facts = machine.traits.map(text.onMachine) ?? text
            self.machine = machine.with(tables)
            return
        }
        facts = text
        var values = machine.values
        values["ACCOUNT"] = "$USER"
        // Folders and addresses of this machine say nothing about one with another system.
        if text.holds(.os, "windows") || text.holds(.os, "mac") { values = [:] }
        self.machine = RemedyFacts(traits: text.traits, values: values.merging(tables) { _, table in table }, variables: [:])
    }

    /// The cures, the best first. `shows` says whether the output shows a pattern.
    func remedies(of symptom: Symptom, quoted: [String: String], shows: (SymptomPattern) -> Bool) -> [Remedy] {
        let ranked = symptom.cures.enumerated().compactMap { offset, rule in
            choice(rule, quoted, words: spoken.union(symptom.fills.keys), shows).map { (rank: $0.rank + [offset], remedy: $0.remedy) }
        }
        return ranked.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }.map(\.remedy)
    }

    /// Words that tables fill in.
    private var spoken: Set<String> {
        ["DISTRIBUTION", "DEB", "APK", "LIBRARY_PACKAGE", "BUILD_PACKAGE", "TORCH", "TORCH_CUDA", "PYTHON_VERSION"]
    }

    /// A cure and its rank; nil if it doesn't fit. `words` may stand in capitals in its text.
    private func choice(
        _ rule: RemedyRule, _ quoted: [String: String], words: Set<String>, _ shows: (SymptomPattern) -> Bool
    ) -> (rank: [Int], remedy: Remedy)? {
        if !isLab, rule.isOnlyForLabs { return nil }
        let isKnown = { (word: String) in quoted[word] != nil || machine.values[word] != nil }
        guard rule.required.allSatisfy(isKnown), !rule.unknown.contains(where: isKnown) else { return nil }
        var standing = rule.condition.standing(facts, shows: shows)
        if standing == .contradicted { return nil }
        if !isHere {
            let more = self.standing(of: rule.traits)
            if more == .contradicted { return nil }
            if standing == .unconditional || more != .unconditional && standing == .proved { standing = more }
        }
        var remedy = rule.remedy(machine, quoted: quoted, ignoringTraits: !isHere)
        let isPossible = isHere || !lacking.contains { $0.hold(facts) && $0.lacksProgram(of: remedy, facts) }
        if !isPossible { remedy.leaveOutCommands() }
        if !isHere {
            let spelling = SystemSpelling(facts: facts, place: remedy.place)
            remedy.commands = remedy.commands.map { spelling.spell($0) }
            remedy.text = spelling.spell(remedy.text)
        }
        if !isLab {
            remedy.leaveOutOpenCommands()
            remedy.text = RemedyFiller.spoken(remedy.text, words: words)
        }
        if case .undecided(let open) = standing, let label = label(open, of: rule) {
            remedy.text = Text(en: "\(label.en): \(remedy.text.en)", zh: "\(label.zh)：\(remedy.text.zh)")
        }
        let order =
            switch standing {
            case .proved: 0
            case .unconditional, .contradicted: rule.isLook ? 2 : 1
            case .undecided: 3
            }
        let isOwn = remedy.isOwn && remedy.open.isEmpty
        return ([remedy.applies ? 0 : 1, isPossible ? 0 : 1, isOwn ? 0 : 1, remedy.open.isEmpty ? 0 : 1, order], remedy)
    }

    /// Whether the output proves one of the properties that a cure needs of a machine.
    private func standing(of traits: [RemedyFacts.Trait]) -> RemedyCondition.Standing {
        guard !traits.isEmpty else { return .unconditional }
        let standings = traits.map { standing($0) }
        if standings.contains(.proved) { return .proved }
        if standings.contains(.unconditional) { return .unconditional }
        let open = standings.flatMap { if case .undecided(let facts) = $0 { facts } else { [TextFact]() } }
        return open.isEmpty ? .contradicted : .undecided(Array(Set(open)).sorted { $0.rawValue < $1.rawValue })
    }

    private func standing(_ trait: RemedyFacts.Trait) -> RemedyCondition.Standing {
        func fact(_ fact: TextFact, _ value: String) -> RemedyCondition.Standing {
            RemedyCondition(when: [fact: [value]]).standing(facts) { _ in false }
        }
        switch trait {
        // Only ailab's own machine has these, or nobody can see them in an output.
        case .private, .containerd: return .contradicted
        case .gpu, .toolkit, .root, .docker: return .unconditional
        case .apt, .dnf, .zypper, .pacman, .apk: return fact(.packages, trait.rawValue)
        case .podman, .rootless, .desktop, .snap: return fact(.engine, trait.rawValue)
        case .wsl: return fact(.os, "wsl")
        case .service: return facts.values[.engine].map { $0.contains("dockerd") ? .proved : .contradicted } ?? .unconditional
        case .systemd: return facts.traits.contains(.systemd) ? .unconditional : .contradicted
        case .sysvinit: return fact(.services, "sysvinit")
        }
    }

    /// "On Windows", for the facts that are open.
    private func label(_ open: [TextFact], of rule: RemedyRule) -> Text? {
        let wanted = open.flatMap { fact in
            let values =
                rule.condition.when[fact] ?? rule.condition.either[fact] ?? rule.traits.map { $0 == .service ? "dockerd" : $0.rawValue }
            return rules.filter { $0.fact == fact && values.contains($0.value) }
        }
        var seen: Set<String> = []
        let labels = wanted.compactMap(\.label).filter { seen.insert($0.en).inserted }
        guard let first = labels.first else { return nil }
        let others = labels.dropFirst().map { $0.en.prefix(1).lowercased() + $0.en.dropFirst() }
        return Text(en: ([first.en] + others).joined(separator: " or "), zh: labels.map(\.zh).joined(separator: "或"))
    }
}

extension Remedy {
    /// Outside of a lab nobody can be asked for a value. The words say what to do, so a command that lacks a value and those after it
    /// are left out. A step of the lab isn't run again either.
    fileprivate mutating func leaveOutOpenCommands() {
        if retry != nil {
            commands = steps
            retry = nil
        }
        isOwn = false
        guard !open.isEmpty else { return }
        let whole = commands.prefix { command in !open.contains { RemedyFiller.holds($0, in: command) } }
        open = []
        guard whole.count < commands.count else { return }
        commands = Array(whole)
        // What is left only looks, or a person decides.
        changes = nil
        undo = nil
    }

    /// The words remain when nobody can type the commands.
    fileprivate mutating func leaveOutCommands() {
        commands = []
        open = []
        changes = nil
        undo = nil
    }
}
