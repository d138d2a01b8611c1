/// A swarm that an engine manages.
package struct Swarm: Decodable, Sendable, Equatable {
    /// The swarm's ID, not that of a node.
    package var id: String
    /// What whoever began it wrote on it. All its managers know them.
    package var labels: [String: String]

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        let spec = try fields.decodeIfPresent(Spec.self, forKey: .spec)
        labels = spec?.labels ?? [:]
    }

    private struct Spec: Decodable {
        var labels: [String: String]?

        private enum CodingKeys: String, CodingKey { case labels = "Labels" }
    }

    private enum CodingKeys: String, CodingKey {
        case id = "ID"
        case spec = "Spec"
    }
}

/// What an engine is in a swarm.
package enum SwarmMembership: Sendable, Equatable {
    /// It's in no swarm.
    case none
    /// It's in a swarm whose managers are other engines. Only a manager creates services.
    case worker
    case manager(Swarm)
    /// It can't work in its swarm now. The engine's word for it: `pending`, `error` or `locked`.
    case unusable(String)
}

/// A node of a swarm, as far as others may use the swarm through it.
package struct SwarmNode: Decodable, Sendable, Equatable {
    /// The node's ID, as in constraints of services.
    package var id: String

    private enum CodingKeys: String, CodingKey { case id = "ID" }
}
