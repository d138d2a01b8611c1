import FoundationEssentials
import LabRunner
package import LabSupport

/// How a workspace speaks and looks. The environment takes precedence. It's `preferences.json` in the workspace's folder.
package struct Preferences: Sendable, Equatable, Codable {
    /// Nil: what the environment says.
    package var language: Language?
    /// The name of the theme. Nil: the standard one.
    package var theme: String?

    package init(language: Language? = nil, theme: String? = nil) {
        self.language = language
        self.theme = theme
    }

    /// The saved preferences. Without a file, or with a damaged one, there are none.
    package init(workspace root: String) {
        let bytes = (try? Files.readUntrusted(Self.path(root), limit: 64 << 10)) ?? []
        self = (try? JSONDecoder().decode(Preferences.self, from: Data(bytes))) ?? Preferences()
    }

    /// Saves them.
    package func save(workspace root: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try Files.write(Array(try encoder.encode(self)) + [0x0A], to: Self.path(root))
    }

    private static func path(_ root: String) -> String { "\(root)/preferences.json" }
}
