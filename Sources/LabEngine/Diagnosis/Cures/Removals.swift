import ContainerEngine

/// Recognizes commands that delete things without naming them, and finds out what these things are.
enum Removals {
    /// An image that no container uses.
    struct Image: Sendable, Equatable {
        var id: String
        /// All tags, each as `name:tag`.
        var tags: [String]
        var bytes: Int64

        /// All tags for display, because all of them will be deleted.
        var name: String { tags.isEmpty ? String(id.prefix(19)) : tags.joined(separator: ", ") }

        /// The arguments for `rmi`, which refuses the id of an image with tags in two repositories.
        var targets: [String] { tags.isEmpty ? [id] : tags }
    }

    /// Whether a command deletes things without naming them.
    static func removes(_ command: String) -> Bool {
        command.split(whereSeparator: { " ;&|".contains($0) }).contains("prune")
    }

    /// The client's name if the command is `… image prune -a`, which ailab can write with all names. Nil for any other command.
    static func imagePrune(_ command: String) -> String? {
        let words = command.split(separator: " ").map(String.init)
        let client = words.first == "sudo" ? Array(words.prefix(2)) : Array(words.prefix(1))
        let rest = words.dropFirst(client.count)
        guard rest.starts(with: ["image", "prune"]), rest.dropFirst(2).allSatisfy({ $0 == "-a" || $0 == "-f" || $0 == "-af" }) else {
            return nil
        }
        return client.joined(separator: " ")
    }

    /// The images without a container, the largest first. Leaves out images whose tags a shell wouldn't take as one plain word.
    static func unusedImages(_ docker: DockerClient) async throws -> [Image] {
        let used = Set(try await docker.listContainers(all: true).map(\.imageID))
        return try await docker.listImages().filter { !used.contains($0.id) }.map { image in
            Image(id: image.id, tags: image.tags, bytes: image.size)
        }.filter { $0.targets.allSatisfy(RemedyFacts.Word.isHarmless) }.sorted { $0.bytes > $1.bytes }
    }
}
