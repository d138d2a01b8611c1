/// One layer of an image's history.
package struct ImageLayer: Decodable, Sendable, Equatable {
    package var id: String
    /// Seconds since 1970.
    package var created: Int64
    /// The instruction that made the layer.
    package var createdBy: String
    package var size: Int64

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case created = "Created"
        case createdBy = "CreatedBy"
        case size = "Size"
    }
}
