import LabSupport

/// Chooses the cures for a failure and puts the one first that most probably cures it.
struct RemedyChoice {
    /// What is known of the place where a cure is typed: the machine itself, or a container on it.
    struct Scene {
        let facts: TextFacts
        /// What the commands depend on.
        let machine: RemedyFacts
    }

    /// What is known about the failure.
    let facts: TextFacts
    /// Where the failed command ran.
    let there: Scene
    /// The machine itself.
    let host: Scene
    /// The labels of facts that are open.
    let rules: [FactRule]
    /// What doesn't exist in a situation.
    let lacking: [LackingPrograms]
    /// Commands that the output shows as typed.
    let typed: Set<String>
    /// True inside a lab and for the doctor: cures may run a step again.
    let isLab: Bool
    /// True if the output is this machine's, so that its facts count.
    let isHere: Bool

    /// What the rules say about this machine. Inside a lab, its own facts are the truth.
    /// `tables` are values that the rules' tables give, which are true of any machine.
    init(
        machine: RemedyFacts, text: TextFacts, tables: [String: String] = [:], rules: [FactRule], lacking: [LackingPrograms] = [],
        typed: Set<String> = [], isLab: Bool, isHere: Bool = false
    ) {
        self.lacking = lacking
        self.typed = typed
        self.isLab = isLab
        self.isHere = isLab || isHere
        self.rules = rules
        guard !self.isHere else {
            facts = machine.traits.map(text.onMachine) ?? text
            there = Scene(facts: facts, machine: machine.with(tables))
            host = there
            return
        }
        facts = text
        // Folders and addresses of this machine say nothing about another one. Nobody said that the output is this machine's.
        var values = machine.values.filter { !Self.ofThisMachine.contains($0.key) }
        values["ACCOUNT"] = "$USER"
        if text.holds(.os, "windows") || text.holds(.os, "mac") { values = [:] }
        values.merge(tables) { _, table in table }
        func scene(_ facts: TextFacts) -> Scene {
            Scene(facts: facts, machine: RemedyFacts(traits: facts.traits, values: values, variables: [:]))
        }
        there = scene(text)
        host = scene(text.ofHost)
    }

    /// The cures, the best first. `shows` says whether the output shows a pattern.
    func remedies(of symptom: Symptom, quoted: [String: String], shows: (SymptomPattern) -> Bool) -> [Remedy] {
        let ranked = symptom.cures.enumerated().compactMap { offset, rule in
            choice(rule, quoted, words: spoken.union(symptom.fills.keys), shows).map { (rank: $0.rank + [offset], remedy: $0.remedy) }
        }
        return ranked.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }.map(\.remedy)
    }

    /// Words whose values are true of this machine and its network only. CA isn't one: the user named that file.
    private static let ofThisMachine: Set<String> = ["BIG_FOLDER", "DATA_FOLDER", "HOME_FOLDER", "MIRROR", "SERVER", "LINK_MTU"]

    /// Words that tables fill in.
    private var spoken: Set<String> {
        ["DISTRIBUTION", "DEB", "APK", "LIBRARY_PACKAGE", "BUILD_PACKAGE", "TORCH", "TORCH_CUDA", "PYTHON_VERSION"]
    }

    /// A cure and its rank; nil if it doesn't fit. `words` may stand in capitals in its text.
    private func choice(
        _ rule: RemedyRule, _ quoted: [String: String], words: Set<String>, _ shows: (SymptomPattern) -> Bool
    ) -> (rank: [Int], remedy: Remedy)? {
        if !isLab, rule.isOnlyForLabs { return nil }
        let scene = scene(of: rule)
        let isKnown = { (word: String) in quoted[word] != nil || scene.machine.values[word] != nil }
        guard rule.required.allSatisfy(isKnown), !rule.unknown.contains(where: isKnown) else { return nil }
        var standing = rule.condition.standing(facts, shows: shows)
        if standing == .contradicted { return nil }
        if !isHere {
            let more = self.standing(of: rule.traits, scene.facts)
            if more == .contradicted { return nil }
            if standing == .unconditional || more != .unconditional && standing == .proved { standing = more }
        }
        var remedy = rule.remedy(scene.machine, quoted: quoted, ignoringTraits: !isHere)
        let lacks = isHere ? [] : lacking.filter { $0.hold(scene.facts) || $0.hold(facts) && $0.fact != .packages }
        if lacks.contains(where: { $0.lacksSubject(of: remedy, facts) }) { return nil }
        let isPossible = isPossible(remedy, lacks)
        if !isPossible { remedy.leaveOutCommands() }
        if !isHere { spell(&remedy) }
        let isNew = isLab || remedy.commands.isEmpty || !remedy.commands.allSatisfy { typed.contains(Self.plain($0)) }
        if !isLab {
            remedy.leaveOutOpenCommands()
            remedy.text = RemedyFiller.spoken(remedy.text, words: words)
        }
        if let label = label(of: rule, remedy, standing, scene.facts) { remedy.text = label.of(remedy.text) }
        let order = order(rule, standing, isCareful: isLab || !RemedyEffect(remedy).removesUnnamed)
        let isOwn = remedy.isOwn && remedy.open.isEmpty
        return ([remedy.applies ? 0 : 1, isPossible ? 0 : 1, isNew ? 0 : 1, isOwn ? 0 : 1, remedy.open.isEmpty ? 0 : 1, order], remedy)
    }

    /// Whether its commands can be typed there. Lines for a Dockerfile need an image that somebody builds.
    private func isPossible(_ remedy: Remedy, _ lacks: [LackingPrograms]) -> Bool {
        guard !isHere else { return true }
        if remedy.place == .file, let phase = facts.values[.phase], phase.isDisjoint(with: ["building", "container"]) { return false }
        return !lacks.contains { $0.lacksProgram(of: remedy, facts) }
    }

    /// Where a cure is typed. The packages and the user of a container say nothing about the machine.
    private func scene(of rule: RemedyRule) -> Scene {
        guard !isHere, rule.place == .shell else { return there }
        if rule.isForHost { return host }
        let probe = RemedyEffect(Remedy(rule.text, commands: rule.variants.flatMap(\.commands)))
        return probe.isOfMachine || probe.callsEngine || rule.allCommands.contains { $0.contains("_ENGINE") } ? host : there
    }

    private func spell(_ remedy: inout Remedy) {
        let spelling = SystemSpelling(facts: facts, place: remedy.place)
        remedy.commands = remedy.commands.map { spelling.spell($0) }
        remedy.text = spelling.spell(remedy.text)
    }

    /// The smaller, the earlier. What deletes things comes after everything else.
    private func order(_ rule: RemedyRule, _ standing: RemedyCondition.Standing, isCareful: Bool) -> Int {
        switch standing {
        case .proved: isCareful ? 0 : 3
        case .unconditional, .contradicted: !isCareful ? 3 : rule.isLook ? 2 : 1
        case .undecided: 4
        }
    }

    /// A command as a person types it, with or without `sudo`.
    static func plain(_ command: some StringProtocol) -> String {
        let words = command.split(separator: " ")
        return words.drop { $0 == "sudo" }.joined(separator: " ")
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
