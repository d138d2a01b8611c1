/// The engine's response to a create request.
package struct CreatedContainer: Decodable, Sendable, Equatable {
    package var id: String
    /// Warnings about settings that the engine could not apply, such as a swap limit.
    package var warnings: [String]?

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case warnings = "Warnings"
    }
}
