package import LabSupport

/// The same commands for the users of Podman, whose program takes docker's words.
package enum PodmanWords {
    /// What Podman's program lacks, or does for Docker's client only.
    private static let dockersOwn = ["docker context", "docker compose", "docker scout", "docker swarm", "docker node", "docker service"]

    /// A command line: `docker ps` becomes `podman ps`.
    package static func command(_ line: String) -> String {
        for prefix in ["", "sudo "] where line.hasPrefix(prefix + "docker ") {
            let command = line.dropFirst(prefix.count)
            return dockersOwn.contains(where: command.hasPrefix) ? line : prefix + "podman " + command.dropFirst("docker ".count)
        }
        return line
    }

    /// The command lines between backquotes in a text.
    package static func text(_ text: Text) -> Text {
        text.map { words in
            guard words.contains("docker ") else { return words }
            // Every second part lies between two backquotes.
            return words.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .map { $0.offset.isMultiple(of: 2) ? String($0.element) : command(String($0.element)) }.joined(separator: "`")
        }
    }
}

extension EngineKind {
    /// A text with the commands of this engine's own program.
    package func spoken(_ text: Text) -> Text { maker == .podman ? PodmanWords.text(text) : text }

    /// A command line for this engine's own program.
    package func spoken(command line: String) -> String { maker == .podman ? PodmanWords.command(line) : line }
}
