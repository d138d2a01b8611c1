import LabFile
package import LabSupport

/// The student's own keys. Each line gives an action all of its keys, as in `page-down = Space Ctrl-F`. The names of the actions are those
/// of the palette. A line that isn't valid becomes a problem, and its action keeps the keys that it has by default.
package struct KeyFile: Sendable {
    /// The keys in effect.
    package private(set) var keys = Keys()
    /// The problems, with file and line.
    package var problems: [Text] { found.sorted { $0.line < $1.line }.map(\.text) }

    private var found: [(line: Int, text: Text)] = []

    private struct Line {
        var number: Int
        var action: String
        var keys: [Key]
    }

    private let path: String

    /// `$XDG_CONFIG_HOME/ailab/keys`, or else `~/.config/ailab/keys`.
    package static func path(environment: [String: String]) -> String {
        if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") { return "\(folder)/ailab/keys" }
        return "\(HomeFolder.path(environment))/.config/ailab/keys"
    }

    /// Parses the text of a key file. `path` is the file's name in problems.
    package init(_ text: String, path: String) {
        self.path = path
        var lines: [Line] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let line = read(String(line), index + 1) { lines.append(line) }
        }
        apply(lines)
    }

    private mutating func read(_ text: String, _ number: Int) -> Line? {
        guard let first = text.trimmed.first, first != "#" else { return nil }
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        // `=` can be a key, too, so only the first one separates.
        guard parts.count == 2 else {
            problem(
                number, Text(en: "expected `action = key`, found `\(shown(text))`", zh: "每行的格式是 `动作 = 按键`，而不是 `\(shown(text))`"))
            return nil
        }
        let action = String(parts[0]).trimmed
        guard keys.bindings.contains(where: { $0.name == action }) else {
            unknown(number, action, "action", "动作", NearestWord.to(action, among: keys.bindings.map(\.name)))
            return nil
        }
        var wanted: [Key] = []
        for word in parts[1].split(whereSeparator: \.isWhitespace) {
            guard let key = Key(named: String(word)) else {
                unknown(number, String(word), "key", "按键", NearestWord.to(String(word), among: Key.names))
                return nil
            }
            wanted.append(key)
        }
        if wanted.isEmpty { problem(number, Text(en: "`\(action)` has no key", zh: "没有给 `\(action)` 指定按键")) }
        return wanted.isEmpty ? nil : Line(number: number, action: action, keys: wanted)
    }

    /// Applies the lines, and drops lines until no key has two meanings.
    private mutating func apply(_ all: [Line]) {
        var lines = all
        while true {
            keys = Keys()
            for line in lines {
                for index in keys.bindings.indices where keys.bindings[index].name == line.action { keys.bindings[index].keys = line.keys }
            }
            guard let bad = lines.lastIndex(where: { clash($0) != nil }), let clash = clash(lines[bad]) else { return }
            let name = clash.key.name
            problem(
                lines[bad].number,
                clash.owner.map { owner in
                    Text(
                        en: "`\(name)` already means `\(owner)`; give `\(owner)` another key, or `\(lines[bad].action)`",
                        zh: "`\(name)` 已用于 `\(owner)`；请给 `\(owner)` 或 `\(lines[bad].action)` 换一个按键")
                } ?? Text(en: "`\(name)` chooses a step and can't be reassigned", zh: "`\(name)` 用于选择步骤，不能改作他用"))
            lines.remove(at: bad)
        }
    }

    private func clash(_ line: Line) -> (key: Key, owner: String?)? {
        let isSearching = keys.bindings.first { $0.name == line.action }?.when == .searching
        for key in line.keys {
            if case .character(let character) = key, character.wholeNumberValue.map({ (1...9).contains($0) }) == true { return (key, nil) }
            if !isSearching, let owner = keys.owner(of: key, besides: line.action) { return (key, owner) }
        }
        return nil
    }

    private mutating func unknown(_ number: Int, _ word: String, _ en: String, _ zh: String, _ nearest: String?) {
        let word = shown(word)
        problem(
            number,
            Text(
                en: "there is no \(en) `\(word)`" + (nearest.map { "; did you mean `\($0)`?" } ?? ""),
                zh: "没有\(zh) `\(word)`" + (nearest.map { "；是不是想写 `\($0)`？" } ?? "")))
    }

    private func shown(_ text: String) -> String { String(SafeLines.clean(text: text).prefix(40)) }

    private mutating func problem(_ number: Int, _ text: Text) {
        found.append((number, Text(en: "\(path):\(number): \(text.en)", zh: "\(path):\(number)：\(text.zh)")))
    }
}

extension Key {
    private static let named: [(String, Key)] =
        [
            ("Space", .character(" ")), ("Up", .up), ("Down", .down), ("Left", .left), ("Right", .right), ("Home", .home), ("End", .end),
            ("PgUp", .pageUp), ("PgDn", .pageDown), ("Tab", .tab), ("Shift-Tab", .backTab), ("Enter", .enter), ("Esc", .escape),
            ("Backspace", .backspace), ("Del", .delete), ("↑", .up), ("↓", .down), ("←", .left), ("→", .right),
        ] + (1...12).map { ("F\($0)", .function($0)) }
        + "abcdefghijklmnopqrstuvwxyz".map { ("Ctrl-\($0.uppercased())", .control($0)) }

    /// The names that a key file may use, apart from single characters.
    static let names = named.map(\.0)

    /// Finds a key by its name in the key table, in upper or lower case.
    init?(named name: String) {
        if name.count == 1, let character = name.first, Self.named.allSatisfy({ $0.0 != name }) {
            self = .character(character)
        } else if let key = Self.named.first(where: { $0.0.lowercased() == name.lowercased() })?.1 {
            self = key
        } else {
            return nil
        }
    }
}
