/// A port that the engine published.
package struct PublishedPort: Sendable, Hashable {
    package var container: Int
    package var transport: String
    /// Nil if the port is open only inside the container.
    package var host: Int?
    package var address: String?
}
