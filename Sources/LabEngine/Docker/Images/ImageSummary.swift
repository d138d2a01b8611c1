/// An image as listed.
package struct ImageSummary: Decodable, Sendable, Equatable {
    package var id: String
    /// `name:tag`. Empty if the image has no name.
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
        // A missing field, null and `<none>:<none>` all mean that the image has no name.
        tags = try (fields.decodeIfPresent([String].self, forKey: .tags) ?? []).filter { $0 != "<none>:<none>" }
        created = try fields.decodeIfPresent(Int64.self, forKey: .created) ?? 0
        size = try fields.decodeIfPresent(Int64.self, forKey: .size) ?? 0
        labels = try fields.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
    }
}
