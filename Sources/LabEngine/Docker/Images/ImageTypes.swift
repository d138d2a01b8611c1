/// An image as a list shows it.
package struct ImageSummary: Decodable, Sendable, Equatable {
    package var id: String
    /// `name:tag`; empty for an image without a name.
    package var tags: [String]
    /// Seconds since 1970.
    package var created: Int64
    package var size: Int64
    package var labels: [String: String]

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case tags = "RepoTags"
        case created = "Created"
        case size = "Size"
        case labels = "Labels"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        // Absent, null and `<none>:<none>` all mean: no name.
        tags = try (fields.decodeIfPresent([String].self, forKey: .tags) ?? []).filter { $0 != "<none>:<none>" }
        created = try fields.decodeIfPresent(Int64.self, forKey: .created) ?? 0
        size = try fields.decodeIfPresent(Int64.self, forKey: .size) ?? 0
        labels = try fields.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
    }
}

/// An image in detail.
package struct ImageDetails: Decodable, Sendable, Equatable {
    package var id: String
    package var tags: [String]
    package var digests: [String]
    /// RFC 3339.
    package var created: String
    package var size: Int64
    package var architecture: String
    package var os: String
    package var layers: [String]
    package var config: ImageConfig

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case tags = "RepoTags"
        case digests = "RepoDigests"
        case created = "Created"
        case size = "Size"
        case architecture = "Architecture"
        case os = "Os"
        case rootFS = "RootFS"
        case config = "Config"
    }

    private struct RootFS: Decodable {
        var layers: [String]?

        private enum CodingKeys: String, CodingKey { case layers = "Layers" }
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        tags = try fields.decodeIfPresent([String].self, forKey: .tags) ?? []
        digests = try fields.decodeIfPresent([String].self, forKey: .digests) ?? []
        created = try fields.decodeIfPresent(String.self, forKey: .created) ?? ""
        size = try fields.decodeIfPresent(Int64.self, forKey: .size) ?? 0
        architecture = try fields.decodeIfPresent(String.self, forKey: .architecture) ?? ""
        os = try fields.decodeIfPresent(String.self, forKey: .os) ?? ""
        layers = try fields.decodeIfPresent(RootFS.self, forKey: .rootFS)?.layers ?? []
        config = try fields.decodeIfPresent(ImageConfig.self, forKey: .config) ?? ImageConfig()
    }
}

/// What an image says about the containers made of it.
package struct ImageConfig: Decodable, Sendable, Equatable {
    package var command: [String]?
    package var environment: [String]?
    package var labels: [String: String]?

    private enum CodingKeys: String, CodingKey {
        case command = "Cmd"
        case environment = "Env"
        case labels = "Labels"
    }

    package init() {}
}

/// The `{}` that Go's JSON gives for the members of a set.
package struct EmptyObject: Codable, Sendable, Equatable {
    package init() {}
}

/// What removing an image did.
package struct ImageRemoval: Decodable, Sendable, Equatable {
    package var untagged: String?
    package var deleted: String?

    private enum CodingKeys: String, CodingKey {
        case untagged = "Untagged"
        case deleted = "Deleted"
    }
}

/// A name of an image in its parts: `registry/name`, and a tag or a digest.
package struct ImageReference: Sendable, Hashable, CustomStringConvertible {
    /// Everything before tag and digest.
    package var repository: String
    /// `latest` where none is written and there is no digest.
    package var tag: String?
    /// `sha256:…`.
    package var digest: String?

    package init(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1)
        digest = parts.count == 2 ? String(parts[1]) : nil
        let name = parts.first.map(String.init) ?? ""
        // A colon before the last slash is a registry's port.
        if let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") {
            repository = String(name[..<colon])
            tag = String(name[name.index(after: colon)...])
        } else {
            repository = name
            tag = digest == nil ? "latest" : nil
        }
    }

    package var description: String {
        repository + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }
}
