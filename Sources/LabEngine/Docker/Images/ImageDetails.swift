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
