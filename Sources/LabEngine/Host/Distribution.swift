/// The Linux distribution according to `os-release`.
package struct Distribution: Sendable, Equatable {
    /// Such as `debian`, `ubuntu` or `fedora`.
    package var id: String
    /// The distributions it is based on, closest first.
    package var idLike: [String]
    /// Such as `12`. Empty for rolling releases.
    package var version: String
    /// Such as `bookworm`, or nil if the distribution doesn't name its releases.
    package var codename: String?
    /// The name for display.
    package var name: String

    /// True for Debian and distributions based on it, which have apt and dpkg.
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
