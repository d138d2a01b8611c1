/// The result of removing an image.
package struct ImageRemoval: Decodable, Sendable, Equatable {
    package var untagged: String?
    package var deleted: String?

    private enum CodingKeys: String, CodingKey {
        case untagged = "Untagged"
        case deleted = "Deleted"
    }
}
