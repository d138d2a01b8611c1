/// Puts what is known into a command: words in capitals, root's `sudo`, and the engine's own program.
struct RemedyFiller {
    let facts: RemedyFacts
    let quoted: [String: String]
    /// Words that nobody could fill in.
    private(set) var open: [String] = []
    /// Values that came from a program's words.
    private(set) var used: [String: String] = [:]

    init(facts: RemedyFacts, quoted: [String: String]) {
        self.facts = facts
        self.quoted = quoted.filter { RemedyFacts.Word.isHarmless($0.value) }
    }

    /// The command for this machine.
    mutating func fill(_ command: String) -> String {
        var result = ""
        var rest = command[...]
        var before: Character = " "
        while let first = rest.first {
            if let word = Self.word(rest, after: before) {
                result += value(of: word)
                rest = rest.dropFirst(word.count)
                before = "A"
            } else {
                result.append(first)
                before = first
                rest.removeFirst()
            }
        }
        return adapted(result)
    }

    /// The placeholder that begins here; a variable of the shell or of a program is none.
    private static func word(_ rest: Substring, after before: Character) -> String? {
        guard !before.isLetter, !before.isNumber, before != "_", before != "$", before != "{", before != "-" else { return nil }
        let word = rest.prefix { $0.isASCII && $0.isUppercase || $0 == "_" }
        guard RemedyFacts.Word.names.contains(String(word)) else { return nil }
        let after = rest.dropFirst(word.count).first
        return after.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "=" } ?? false ? nil : String(word)
    }

    private mutating func value(of word: String) -> String {
        if let value = facts.values[word] ?? facts.word(word) { return value }
        if let value = quoted[word] {
            used[word] = value
            return value
        }
        if !open.contains(word) { open.append(word) }
        return word
    }

    private func adapted(_ command: String) -> String {
        var command = command
        if facts.traits?.contains(.root) ?? false { command = command.replacing("sudo ", with: "") }
        if facts.usesPodmansClient { command = Self.renamed(command) }
        return command
    }

    /// Podman takes docker's words.
    private static func renamed(_ command: String) -> String {
        for prefix in ["docker ", "sudo docker "] where command.hasPrefix(prefix) {
            return command.replacing("docker ", with: "podman ", maxReplacements: 1)
        }
        return command
    }
}
