import ContainerEngine

/// Commands that remove what they do not name, and what that would be.
enum Removals {
    /// An image that no container uses.
    struct Image: Sendable, Equatable {
        var id: String
        /// `name:tag`, all that it has.
        var tags: [String]
        var bytes: Int64

        /// For a person: every name, since every one will be gone.
        var name: String { tags.isEmpty ? String(id.prefix(19)) : tags.joined(separator: ", ") }

        /// What `rmi` must be given: by its id, an image with names in two repositories is refused.
        var targets: [String] { tags.isEmpty ? [id] : tags }
    }

    /// Whether a command removes things that it does not name.
    static func removes(_ command: String) -> Bool {
        command.split(whereSeparator: { " ;&|".contains($0) }).contains("prune")
    }

    /// The client's name where the command is `… image prune -a`, which can be written with every name; nil for any other removal.
    static func imagePrune(_ command: String) -> String? {
        let words = command.split(separator: " ").map(String.init)
        let client = words.first == "sudo" ? Array(words.prefix(2)) : Array(words.prefix(1))
        let rest = words.dropFirst(client.count)
        guard rest.starts(with: ["image", "prune"]), rest.dropFirst(2).allSatisfy({ $0 == "-a" || $0 == "-f" || $0 == "-af" }) else {
            return nil
        }
        return client.joined(separator: " ")
    }

    /// The images that no container was made from, the largest first. One with a name that is more than a word for a shell is left out.
    static func unusedImages(_ docker: DockerClient) async throws -> [Image] {
        let used = Set(try await docker.listContainers(all: true).map(\.imageID))
        return try await docker.listImages().filter { !used.contains($0.id) }.map { image in
            Image(id: image.id, tags: image.tags, bytes: image.size)
        }.filter { $0.targets.allSatisfy(RemedyFacts.Word.isHarmless) }.sorted { $0.bytes > $1.bytes }
    }
}
