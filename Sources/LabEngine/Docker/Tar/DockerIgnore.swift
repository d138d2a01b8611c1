/// The rules of a `.dockerignore`: the last pattern that matches a path or one of its directories decides.
package struct DockerIgnore: Sendable, Equatable {
    private struct Rule: Sendable, Equatable {
        var pattern: GlobPattern
        var isException: Bool
        /// The directories before the first wildcard, to know where an exception can be found.
        var fixedStart: [[UInt8]]
    }

    /// Which rules matched a directory; its members inherit that.
    package struct Inherited: Sendable, Equatable {
        fileprivate var matched: [Bool]
    }

    private var rules: [Rule] = []
    /// Lines that are no pattern, such as one with an open bracket. Docker's client refuses to build then.
    package private(set) var malformed: [String] = []

    package init() {}

    package init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            // A mark at the file's start, as some editors write it, is not part of the first pattern.
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

    /// What the root's members inherit.
    package var root: Inherited { Inherited(matched: [Bool](repeating: false, count: rules.count)) }

    /// Whether a path is left out, and what its members inherit.
    package func decide(_ path: [UInt8], under parent: Inherited) -> (isIgnored: Bool, inherited: Inherited) {
        var isIgnored = false
        var inherited = parent
        for (index, rule) in rules.enumerated() {
            // Docker looks at a rule only where it would change something, and what it did not look at is not inherited: an exception
            // that names a directory which is not left out brings back none of its members.
            let matches = parent.matched[index] || (rule.isException == isIgnored && rule.pattern.matches(path))
            inherited.matched[index] = matches
            if matches { isIgnored = !rule.isException }
        }
        return (isIgnored, inherited)
    }

    /// Whether a directory that is left out may hold something that an exception brings back. As BuildKit does it; the classic client
    /// overlooks exceptions with a wildcard before their last part.
    package func mayHoldExceptions(_ directory: [UInt8]) -> Bool {
        let parts = directory.split(separator: UInt8(ascii: "/"))
        return rules.contains { rule in rule.isException && zip(rule.fixedStart, parts).allSatisfy { $0.elementsEqual($1) } }
    }

    /// Go's `filepath.Clean`, and without the slash in front.
    private static func cleaned(_ pattern: String) -> String {
        guard !pattern.isEmpty else { return "" }
        var parts: [Substring] = []
        for part in pattern.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}
