/// The rules of a `.dockerignore`. The last pattern that matches a path or one of its directories decides.
package struct DockerIgnore: Sendable, Equatable {
    private struct Rule: Sendable, Equatable {
        var pattern: GlobPattern
        var isException: Bool
        /// The directories before the first wildcard. They limit where an exception can apply.
        var fixedStart: [[UInt8]]
    }

    /// The rules that matched a directory. Its members inherit them.
    package struct Inherited: Sendable, Equatable {
        fileprivate var matched: [Bool]
    }

    private var rules: [Rule] = []
    /// Lines that are not valid patterns, such as one with an open bracket. Docker's client then refuses to build.
    package private(set) var malformed: [String] = []

    package init() {}

    package init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            // Some editors write a byte order mark at the start. It does not belong to the first pattern.
            let line = line.hasPrefix("\u{FEFF}") ? line.dropFirst() : line
            if !line.hasPrefix("#") { add(line.trimmingWhitespace()) }
        }
    }

    /// Adds one line.
    package mutating func add(_ line: String) {
        let isException = line.hasPrefix("!")
        let pattern = Self.cleaned(isException ? line.dropFirst().trimmingWhitespace() : line)
        guard !pattern.isEmpty else { return }
        guard let glob = GlobPattern(pattern) else {
            malformed.append(line)
            return
        }
        let parts = pattern.split(separator: "/")
        let fixed = parts.prefix { !$0.contains { "*?[\\".contains($0) } }.map { Array($0.utf8) }
        rules.append(Rule(pattern: glob, isException: isException, fixedStart: fixed))
    }

    /// What the members of the root inherit.
    package var root: Inherited { Inherited(matched: [Bool](repeating: false, count: rules.count)) }

    /// Whether a path is ignored, and what its members inherit. Answers at once, and anything, if the task is cancelled.
    package func decide(_ path: [UInt8], under parent: Inherited) -> (isIgnored: Bool, inherited: Inherited) {
        var isIgnored = false
        var inherited = parent
        for (index, rule) in rules.enumerated() where !Task.isCancelled {
            // Docker checks a rule only if it would change the result. Only checked rules are inherited: an exception for a directory
            // that is not ignored therefore brings back none of its members.
            let matches = parent.matched[index] || (rule.isException == isIgnored && rule.pattern.matches(path))
            inherited.matched[index] = matches
            if matches { isIgnored = !rule.isException }
        }
        return (isIgnored, inherited)
    }

    /// Whether a path is ignored.
    package func ignores(_ path: String) -> Bool {
        var parent = root
        var decided = false
        var name: [UInt8] = []
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            name += (name.isEmpty ? [] : [UInt8(ascii: "/")]) + part
            (decided, parent) = decide(name, under: parent)
        }
        return decided
    }

    /// Whether an exception may bring back something in an ignored directory, as in BuildKit. The classic client overlooks exceptions with
    /// a wildcard before their last part.
    package func mayHoldExceptions(_ directory: [UInt8]) -> Bool {
        let parts = directory.split(separator: UInt8(ascii: "/"))
        return rules.contains { rule in rule.isException && zip(rule.fixedStart, parts).allSatisfy { $0.elementsEqual($1) } }
    }

    /// Go's `filepath.Clean`, without the leading slash.
    private static func cleaned(_ pattern: String) -> String {
        guard !pattern.isEmpty else { return "" }
        var parts: [Substring] = []
        for part in pattern.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}
