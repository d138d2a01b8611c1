/// The complete commands that set something up on a kind of machine: key, source, installation, configuration and restart.
///
/// Cures name a set-up, so that no command for a repository stands in two places.
package struct SetupRow: Sendable {
    /// What is set up: `nvidia-container-toolkit`.
    package var name: String
    /// All of these must be true of the machine; empty: any machine. The first row that fits counts.
    package var traits: [RemedyFacts.Trait]
    package var commands: [String]
    package var source: String
    /// The day on which somebody checked the row, as `2026-11-28`.
    package var date: String
}
