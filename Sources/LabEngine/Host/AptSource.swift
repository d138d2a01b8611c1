/// One source of packages in apt's configuration.
struct AptSource: Equatable {
    var uri: String
    var suites: [String]
    var components: [String]
    var origin: String

    /// All enabled binary sources of the host, in both of apt's formats.
    static func all(root: HostRoot) -> [AptSource] {
        var sources = oneLine(root.lines("/etc/apt/sources.list") ?? [], origin: "/etc/apt/sources.list")
        for name in root.names(in: "/etc/apt/sources.list.d") {
            let path = "/etc/apt/sources.list.d/" + name
            let lines = root.lines(path) ?? []
            if name.hasSuffix(".list") { sources += oneLine(lines, origin: path) }
            if name.hasSuffix(".sources") { sources += deb822(lines, origin: path) }
        }
        return sources
    }

    private static func oneLine(_ lines: [Substring], origin: String) -> [AptSource] {
        lines.compactMap { line in
            var words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.first == "deb" else { return nil }
            words.removeFirst()
            // Options are in brackets and may contain spaces.
            if words.first?.hasPrefix("[") == true, let end = words.firstIndex(where: { $0.hasSuffix("]") }) {
                words.removeFirst(end + 1)
            }
            guard words.count >= 2 else { return nil }
            return AptSource(uri: words[0], suites: [words[1]], components: Array(words.dropFirst(2)), origin: origin)
        }
    }

    private static func deb822(_ lines: [Substring], origin: String) -> [AptSource] {
        lines.filter { !$0.hasPrefix("#") }.split { $0.trimmed.isEmpty }.flatMap { stanza -> [AptSource] in
            var fields: [String: [String]] = [:]
            var last = ""
            for line in stanza {
                if line.first?.isWhitespace == true {
                    fields[last, default: []] += line.split(whereSeparator: \.isWhitespace).map(String.init)
                } else if let colon = line.firstIndex(of: ":") {
                    last = line[..<colon].lowercased()
                    fields[last] = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace).map(String.init)
                }
            }
            guard fields["types"]?.contains("deb") == true, fields["enabled"]?.first?.lowercased() != "no" else { return [] }
            return (fields["uris"] ?? []).map {
                AptSource(uri: $0, suites: fields["suites"] ?? [], components: fields["components"] ?? [], origin: origin)
            }
        }
    }
}
