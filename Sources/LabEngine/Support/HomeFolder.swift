import Glibc

/// The user's home.
package enum HomeFolder {
    /// `HOME` if it's an absolute path, or else what the system has for this user. A service or a `sudo -i` may come without a `HOME`, and a
    /// folder that everybody knows, such as one below `/tmp`, could be somebody else's.
    package static func path(_ environment: [String: String]) -> String {
        if let home = environment["HOME"], home.hasPrefix("/") { return home }
        let users = ((try? Files.text("/etc/passwd")) ?? "").split(separator: "\n").map {
            $0.split(separator: ":", omittingEmptySubsequences: false)
        }
        let own = users.first { $0.count > 5 && $0[2] == String(geteuid()) && $0[5].hasPrefix("/") }
        return own.map { String($0[5]) } ?? "/nonexistent"
    }
}
