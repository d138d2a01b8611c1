import ContainerEngine
import LabSupport

/// Programs, files and words that a situation doesn't have: `systemctl` on Windows, `daemon.json` with Podman.
package struct LackingPrograms: Sendable {
    /// The fact and its value that describe the situation.
    package var fact: TextFact
    package var value: String
    package var programs: Set<String>
    /// Parts of commands, such as the folder of a file.
    package var parts: [String] = []
    /// What a sentence can't speak of.
    package var words: [String] = []

    /// True if the output proves the situation. An output that shows two systems, such as Windows and WSL, proves neither.
    func hold(_ facts: TextFacts) -> Bool {
        guard facts.holds(fact, value) else { return false }
        switch fact {
        case .os, .packages: return facts.values[fact]?.count == 1
        case .engine: return value != "podman" || !facts.holds(.client, "docker")
        case .phase, .arch, .client, .user, .services, .hostPackages, .tried, .lab: return true
        }
    }

    /// True if a cure types one of the programs in this situation. A container has its own programs, whatever system it runs on.
    func lacksProgram(of remedy: Remedy, _ facts: TextFacts) -> Bool {
        guard isAbout(remedy, facts) else { return false }
        return remedy.commands.contains { command in
            Self.programs(of: command).contains(where: programs.contains) || parts.contains { command.contains($0) }
        }
    }

    /// True if a cure's sentence speaks of something that this situation doesn't have.
    func lacksSubject(of remedy: Remedy, _ facts: TextFacts) -> Bool {
        isAbout(remedy, facts) && words.contains { remedy.text.en.contains($0) }
    }

    private func isAbout(_ remedy: Remedy, _ facts: TextFacts) -> Bool {
        switch remedy.place {
        case .file: false
        case .there: fact != .os || !facts.isInContainer
        // A cure in the machine's own shell doesn't run in the container or the build that failed.
        case .shell: fact != .phase || value != "container" && value != "building"
        }
    }

    /// The programs that a command calls: the first word of each part, and what `sudo` runs.
    static func programs(of command: String) -> [String] {
        let parts = command.split { "|&;".contains($0) }
        return parts.flatMap { part -> [String] in
            let words = part.split(separator: " ").drop { $0.contains("=") || $0 == "RUN" }
            guard let first = words.first else { return [] }
            guard first == "sudo" else { return [String(first)] }
            let rest = words.dropFirst().drop { $0.hasPrefix("-") || $0.contains("=") }
            return [String(first)] + (rest.first.map { [String($0)] } ?? [])
        }
    }
}

/// How a system spells commands that exist on every system.
struct SystemSpelling {
    let facts: TextFacts
    let place: Remedy.Place

    /// Podman takes docker's words, in a sentence, too.
    func spell(_ text: Text) -> Text {
        guard facts.holds(.engine, "podman"), !facts.holds(.client, "docker") else { return text }
        return PodmanWords.text(text)
    }

    /// On Windows, `python3` only opens the store, and a virtual environment has its programs in another folder.
    func spell(_ command: String) -> String {
        guard facts.holds(.os, "windows"), place == .shell || place == .there && !facts.isInContainer else { return command }
        var spelled = command.replacing(".venv/bin/", with: ".venv\\Scripts\\")
        if spelled.hasPrefix("python3 ") { spelled = "python " + spelled.dropFirst(8) }
        return spelled
    }
}
