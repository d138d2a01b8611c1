import LabSupport

/// The settings in pip's configuration files that matter to builds.
struct PipConfiguration: Sendable {
    private var values: [String: Sourced<String>] = [:]

    /// Reads the files in pip's order, so that a later one overrides: the system's, the user's, `PIP_CONFIG_FILE`.
    static func read(environment: [String: String], root: HostRoot) -> PipConfiguration {
        var configuration = PipConfiguration()
        var paths = ["/etc/xdg/pip/pip.conf", "/etc/pip.conf"]
        if let home = environment["HOME"], !home.isEmpty {
            paths.append(home + "/.pip/pip.conf")
            paths.append((environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.config") + "/pip/pip.conf")
        }
        if let named = environment["PIP_CONFIG_FILE"], !named.isEmpty {
            // pip's own way to turn configuration files off.
            guard named != "/dev/null" else { return configuration }
            paths.append(named)
        }
        for path in paths {
            if let lines = root.lines(path) { configuration.take(lines, from: path) }
        }
        return configuration
    }

    /// A setting of `[install]` or `[global]`.
    func value(_ name: String) -> Sourced<String>? { values[name] }

    private mutating func take(_ lines: [Substring], from path: String) {
        var section = ""
        var fromInstall: Set<String> = []
        for line in lines {
            let line = line.trimmed
            guard let first = line.first, first != "#", first != ";" else { continue }
            if first == "[" {
                section = line.dropFirst().prefix { $0 != "]" }.lowercased()
                continue
            }
            guard section == "global" || section == "install", let mark = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
                continue
            }
            let name = line[..<mark].trimmed.lowercased().replacingUnderscores
            let value = String(line[line.index(after: mark)...].trimmed)
            guard !value.isEmpty, section == "install" || !fromInstall.contains(name) else { continue }
            if section == "install" { fromInstall.insert(name) }
            values[name] = Sourced(value, from: path)
        }
    }
}

extension String {
    fileprivate var replacingUnderscores: String { String(map { $0 == "_" ? "-" : $0 }) }
}
