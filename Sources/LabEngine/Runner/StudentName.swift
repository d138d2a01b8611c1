package import LabSupport

/// The name that the student gave with `--name`, with a number if they gave one. It's the file `student` in the workspace's folder.
package enum StudentName {
    /// No name is longer, in characters.
    private static let limit = 120

    /// The name of whoever works in the workspace `root`: the login name if they gave none.
    package static func read(_ root: String, environment: [String: String]) -> String {
        let saved = (try? Files.readUntrusted(path(root), limit: 4 << 10)).map { clean(String(decoding: $0, as: UTF8.self)) } ?? ""
        return saved.isEmpty ? BuiltIns.user(environment) : saved
    }

    /// Saves the name.
    package static func save(_ name: String, _ root: String) throws(LabError) {
        try Files.write(Array((clean(name) + "\n").utf8), to: path(root))
    }

    /// One line that is harmless on every terminal.
    private static func clean(_ name: String) -> String {
        String(SafeLines.clean(text: name.split(whereSeparator: \.isWhitespace).joined(separator: " ")).prefix(limit))
    }

    private static func path(_ root: String) -> String { "\(root)/student" }
}
