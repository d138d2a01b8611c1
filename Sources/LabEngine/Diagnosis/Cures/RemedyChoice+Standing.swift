import LabSupport

/// How well a cure fits what an output reveals, and what stands before it if that is open.
extension RemedyChoice {
    /// Whether the output proves one of the properties that a cure needs of a machine.
    func standing(of traits: [RemedyFacts.Trait], _ facts: TextFacts) -> RemedyCondition.Standing {
        guard !traits.isEmpty else { return .unconditional }
        let standings = traits.map { standing($0, facts) }
        if standings.contains(.proved) { return .proved }
        if standings.contains(.unconditional) { return .unconditional }
        let open = standings.flatMap { if case .undecided(let facts) = $0 { facts } else { [TextFact]() } }
        return open.isEmpty ? .contradicted : .undecided(Array(Set(open)).sorted { $0.rawValue < $1.rawValue })
    }

    private func standing(_ trait: RemedyFacts.Trait, _ facts: TextFacts) -> RemedyCondition.Standing {
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

    /// What stands before a cure: for whom or where it is, if the output leaves that open.
    func label(of rule: RemedyRule, _ remedy: Remedy, _ standing: RemedyCondition.Standing, _ facts: TextFacts) -> Text? {
        if case .undecided(let open) = standing, let label = label(open, of: rule) { return label }
        guard !isHere else { return nil }
        let effect = RemedyEffect(remedy)
        let managers = effect.packageManagers
        if managers.count == 1, facts.values[.packages] != managers {
            return rules.first { $0.fact == .packages && managers.contains($0.value) }?.label
        }
        if remedy.place == .file, !remedy.commands.isEmpty, !self.facts.holds(.phase, "building"), !remedy.text.en.contains("Dockerfile") {
            return rules.first { $0.fact == .phase && $0.value == "building" }?.label
        }
        let isInside = self.facts.holds(.phase, "container") && remedy.place == .shell
        guard isInside, effect.isOfMachine || effect.callsEngine && !self.facts.holds(.client, "docker") else { return nil }
        return rules.first { $0.fact == .phase && $0.value == "host" }?.label
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

extension Text {
    /// A sentence with this label before it: "On Windows: …".
    func of(_ sentence: Text) -> Text { Text(en: "\(en): \(sentence.en)", zh: "\(zh)：\(sentence.zh)") }
}
