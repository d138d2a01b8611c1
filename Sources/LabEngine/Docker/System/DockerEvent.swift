/// An event in the engine.
package struct DockerEvent: Decodable, Sendable, Equatable {
    /// `container`, `image`, `network`, …
    package var kind: String
    /// `start`, `die`, `destroy`, `pull`, …. Some have details after a colon.
    package var action: String
    /// The object's ID or name.
    package var subject: String
    /// The object's labels and details of the action, such as `exitCode`.
    package var attributes: [String: String]
    /// Nanoseconds since 1970.
    package var time: Int64

    private enum CodingKeys: String, CodingKey {
        case kind = "Type"
        case action = "Action"
        case actor = "Actor"
        case time = "timeNano"
    }

    private struct Actor: Decodable {
        var id: String?
        var attributes: [String: String]?

        private enum CodingKeys: String, CodingKey {
            case id = "ID"
            case attributes = "Attributes"
        }
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        kind = try fields.decodeIfPresent(String.self, forKey: .kind) ?? ""
        action = try fields.decodeIfPresent(String.self, forKey: .action) ?? ""
        let actor = try fields.decodeIfPresent(Actor.self, forKey: .actor)
        subject = actor?.id ?? ""
        attributes = actor?.attributes ?? [:]
        time = try fields.decodeIfPresent(Int64.self, forKey: .time) ?? 0
    }
}
