/// The facts that an output reveals: about the machine, and about the situation in which it was printed.
package struct TextFacts: Sendable, Equatable {
    /// The values of each fact that is known. A fact that is missing is open; an empty set means that none of the values is true.
    package private(set) var values: [TextFact: Set<String>]

    package init(_ values: [TextFact: Set<String>] = [:]) { self.values = values }

    /// Whether the output comes from a lab step.
    package var isLab: Bool { holds(.lab, "yes") }

    /// Whether the failed command ran in a container or in a build, whose system isn't that of the machine.
    var isInContainer: Bool { holds(.phase, "building") || holds(.phase, "container") }

    /// Whether a value is proved.
    package func holds(_ fact: TextFact, _ value: String) -> Bool { values[fact]?.contains(value) ?? false }

    /// Reads the facts of a text.
    static func read(_ matcher: inout PatternMatcher, rules: [FactRule]) -> TextFacts {
        var facts = TextFacts()
        for rule in rules where !rule.isWeak && matches(rule, &matcher) { facts.values[rule.fact, default: []].insert(rule.value) }
        let decided = Set(facts.values.keys)
        for rule in rules where rule.isWeak && !decided.contains(rule.fact) && matches(rule, &matcher) {
            facts.values[rule.fact, default: []].insert(rule.value)
        }
        // A shell's prompt says more about its machine than the name of an image does.
        if !facts.isInContainer, let known = facts.values[.hostPackages] { facts.values[.packages] = known }
        return facts
    }

    /// The facts about the machine itself. A container on it may have other packages and another user.
    var ofHost: TextFacts {
        var facts = self
        if let known = values[.hostPackages] {
            facts.values[.packages] = known
        } else if isInContainer || values[.packages] == ["apk"] {
            // Alpine is nearly always the image that an engine was told to load, not the machine itself.
            facts.values[.packages] = nil
        }
        if isInContainer {
            facts.values[.user] = nil
            facts.values[.phase] = nil
        }
        return facts
    }

    private static func matches(_ rule: FactRule, _ matcher: inout PatternMatcher) -> Bool {
        for pattern in rule.patterns where !matcher.matches(pattern).isEmpty { return true }
        guard !rule.regexes.isEmpty else { return false }
        let lines = matcher.text.lines.filter { $0.text.contains(rule.near) }
        // To compile a regular expression takes longer than to look for a few characters.
        guard !lines.isEmpty else { return false }
        return rule.regexes.contains { source in
            guard let regex = RemedyWords.pattern(of: source) else { return false }
            return lines.contains { $0.text.prefix(1000).firstMatch(of: regex) != nil }
        }
    }

    /// The same with what is known about this machine. Inside a lab step, the machine is the truth about itself.
    func onMachine(_ traits: Set<RemedyFacts.Trait>) -> TextFacts {
        var facts = self
        func values(_ pairs: [(RemedyFacts.Trait, String)]) -> Set<String> {
            Set(pairs.filter { traits.contains($0.0) }.map(\.1))
        }
        facts.values[.os] = traits.contains(.wsl) ? ["wsl"] : ["linux"]
        facts.values[.engine] = values([
            (.desktop, "desktop"), (.podman, "podman"), (.rootless, "rootless"), (.snap, "snap"), (.private, "private"),
            (.service, "dockerd"),
        ])
        facts.values[.user] = traits.contains(.root) ? ["root"] : ["ordinary"]
        facts.values[.services] = values([(.systemd, "systemd"), (.sysvinit, "sysvinit")])
        facts.values[.packages] = values([(.apt, "apt"), (.dnf, "dnf"), (.zypper, "zypper"), (.pacman, "pacman"), (.apk, "apk")])
        return facts
    }

    /// The machine's properties as far as an output reveals them. An output that names no distribution counts as one of a Debian with
    /// systemd, whose commands are the most common ones.
    var traits: Set<RemedyFacts.Trait> {
        var traits: Set<RemedyFacts.Trait> = []
        let byValue: [(TextFact, String, RemedyFacts.Trait)] = [
            (.packages, "apt", .apt), (.packages, "dnf", .dnf), (.packages, "zypper", .zypper), (.packages, "pacman", .pacman),
            (.packages, "apk", .apk), (.os, "wsl", .wsl), (.engine, "desktop", .desktop), (.engine, "podman", .podman),
            (.engine, "rootless", .rootless), (.engine, "snap", .snap), (.engine, "dockerd", .service), (.services, "sysvinit", .sysvinit),
            (.user, "root", .root), (.phase, "building", .root), (.phase, "container", .root),
        ]
        for (fact, value, trait) in byValue where holds(fact, value) { traits.insert(trait) }
        if values[.packages] == nil { traits.insert(.apt) }
        // In WSL, systemd is often off. `service` works there in both cases.
        let isPlainWSL = holds(.os, "wsl") && !holds(.services, "systemd")
        if isPlainWSL { traits.insert(.sysvinit) }
        if !holds(.services, "sysvinit"), !holds(.services, "none"), !isPlainWSL { traits.insert(.systemd) }
        if !traits.contains(.podman) { traits.insert(.docker) }
        return traits
    }
}
