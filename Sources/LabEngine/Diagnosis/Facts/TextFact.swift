package import LabSupport

/// A question about the machine and the situation that a pasted output can answer.
package enum TextFact: String, Sendable, CaseIterable, Codable, Hashable {
    /// The system on which the command was typed: `windows mac wsl linux`.
    case os
    /// The container engine: `desktop dockerd podman rootless snap containerd private`.
    case engine
    /// Where the program ran that failed: `building container kubernetes cluster host`.
    case phase
    /// The machine's processor: `arm64 amd64`, and `jetson`, whose GPU needs NVIDIA's own builds.
    case arch
    /// The programs that take part: `docker compose pip apt git conda kubectl` and others.
    case client
    /// Whose rights the program has: `root`, `ordinary`.
    case user
    /// What starts services: `systemd sysvinit none`.
    case services
    /// The package manager of the system: `apt dnf zypper pacman apk`.
    case packages
    /// The package manager of the machine, if the output shows it apart from that of a container: `apt dnf zypper pacman apk`.
    case hostPackages
    /// What the person has already done.
    case tried
    /// Whether the output comes from ailab: `yes`.
    case lab

    /// True for what `RemedyFacts` knows about this machine, so that a lab step doesn't guess it from its output.
    var isOfMachine: Bool {
        switch self {
        case .os, .engine, .user, .services, .packages, .arch: true
        case .phase, .client, .hostPackages, .tried, .lab: false
        }
    }
}

/// How outputs reveal one value of a fact.
package struct FactRule: Sendable {
    package var fact: TextFact
    /// The value that these signs prove.
    package var value: String
    /// The words for a cure that suits only this value, if the output leaves the fact open: "On Windows".
    package var label: Text?
    /// One of these must match.
    var patterns: [SymptomPattern]
    /// Or one of these regular expressions, in a line that contains `near`.
    var regexes: [String]
    /// A text that lines must contain before a regular expression is tried, because regular expressions are slow.
    var near: String
    /// True if the sign counts only if no other value of this fact is proved.
    var isWeak: Bool
}
