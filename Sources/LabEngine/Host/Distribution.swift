/// The Linux distribution as `os-release` names it.
package struct Distribution: Sendable, Equatable {
    /// `debian`, `ubuntu`, `fedora`.
    package var id: String
    /// Distributions that it is made from, the closest first.
    package var idLike: [String]
    /// `12`; empty for rolling releases.
    package var version: String
    /// `bookworm`; nil where the distribution gives its releases no names.
    package var codename: String?
    /// The name for people.
    package var name: String

    /// True for Debian and what is made from it: apt and dpkg are there.
    package var usesApt: Bool { id == "debian" || id == "ubuntu" || idLike.contains("debian") || idLike.contains("ubuntu") }

    package static func read(root: HostRoot) -> Distribution? {
        guard let lines = root.lines("/etc/os-release") ?? root.lines("/usr/lib/os-release") else { return nil }
        var values: [String: String] = [:]
        for line in lines {
            guard let mark = line.firstIndex(of: "="), !line.hasPrefix("#") else { continue }
            let value = line[line.index(after: mark)...].trimmed
            values[String(line[..<mark])] = value.trimmingQuotes
        }
        guard let id = values["ID"] else { return nil }
        return Distribution(
            id: id, idLike: (values["ID_LIKE"] ?? "").split(separator: " ").map(String.init), version: values["VERSION_ID"] ?? "",
            codename: values["VERSION_CODENAME"], name: values["PRETTY_NAME"] ?? values["NAME"] ?? id)
    }
}

extension Substring {
    fileprivate var trimmingQuotes: String {
        guard count >= 2, let first, first == last, first == "\"" || first == "'" else { return String(self) }
        return String(dropFirst().dropLast())
    }
}
