import ContainerEngine
import LabSupport

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
    mutating func fill(_ command: String) -> String { adapted(words(of: command)) }

    /// A single value, such as a variable's name.
    mutating func fill(word: String) -> String { words(of: word) }

    private mutating func words(of command: String) -> String {
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
        return result
    }

    /// A sentence with what is known filled in; what is not stays, and nobody is asked for it.
    func fill(_ text: Text) -> Text {
        var copy = RemedyFiller(facts: facts, quoted: quoted)
        let filled = Text(en: copy.words(of: text.en), zh: copy.words(of: text.zh))
        return facts.usesPodmansClient ? PodmanWords.text(filled) : filled
    }

    /// A text in which words without a value are replaced by what they stand for.
    static func spoken(_ text: Text, words: Set<String>) -> Text {
        var result = text
        // `LIBRARY_PACKAGE` before `LIBRARY`.
        for word in words.sorted(by: { ($1.count, $0) < ($0.count, $1) }) where holds(word, in: text.en) || holds(word, in: text.zh) {
            guard let meaning = RemedyFacts.Word.meanings[word] else { continue }
            result = Text(
                en: result.en.replacing("`\(word)`", with: meaning.en).replacing(word, with: meaning.en),
                zh: result.zh.replacing("`\(word)`", with: meaning.zh).replacing(word, with: meaning.zh))
        }
        return result
    }

    /// Whether a command holds a word in capitals that stands for a value.
    static func holds(_ wanted: String, in command: String) -> Bool {
        var rest = command[...]
        var before: Character = " "
        while let first = rest.first {
            if let found = word(rest, after: before) {
                if found == wanted { return true }
                rest = rest.dropFirst(found.count)
                before = "A"
            } else {
                before = first
                rest.removeFirst()
            }
        }
        return false
    }

    /// The placeholder that begins here; a variable of the shell or of a program is none.
    private static func word(_ rest: Substring, after before: Character) -> String? {
        // A Chinese character beside it is a word of its own.
        guard !isWord(before), before != "$", before != "{", before != "-" else { return nil }
        let word = rest.prefix { $0.isASCII && $0.isUppercase || $0 == "_" }
        guard RemedyFacts.Word.names.contains(String(word)) else { return nil }
        guard let after = rest.dropFirst(word.count).first else { return String(word) }
        // `PATH=` sets a variable; the others name the lab's.
        let goesOn = isWord(after) || after == "=" && word == "PATH"
        return goesOn ? nil : String(word)
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }

    private mutating func value(of word: String) -> String {
        // What this failure said goes before what is generally so.
        if let value = quoted[word] {
            used[word] = value
            return value
        }
        if let value = facts.values[word] ?? facts.word(word) ?? variable(word) { return value }
        if !open.contains(word) { open.append(word) }
        return word
    }

    /// The lab's variable behind a value, or its next value.
    private func variable(_ word: String) -> String? {
        func known(_ name: String) -> String? { quoted[name] ?? facts.values[name] }
        switch word {
        case "PORT_VARIABLE":
            guard let port = known("PORT") else { return nil }
            return facts.variables.filter { $0.value == port }.keys.min()
        case "NAME_VARIABLE": return prefix?.name
        case "NAMES": return prefix.map { $0.value + "b-" }
        case "MEMORY_VARIABLE":
            guard let limit = known("MEMORY_LIMIT") else { return nil }
            return facts.variables.filter { $0.value == limit }.keys.min()
        case "MEMORY":
            guard let limit = known("MEMORY_LIMIT"), let bytes = try? ByteSize.parse(limit) else { return nil }
            return "\(max(bytes / (1 << 20) * 4, 64))m"
        default: return nil
        }
    }

    /// The variable that the taken name begins with, the longest where there are several.
    private var prefix: (name: String, value: String)? {
        guard let name = quoted["NAME"] ?? facts.values["NAME"] else { return nil }
        let fitting = facts.variables.filter { $0.value.count > 1 && name.hasPrefix($0.value) && name != $0.value }
        return fitting.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }.map { ($0.key, $0.value) }
    }

    private func adapted(_ command: String) -> String {
        var command = command
        if facts.traits?.contains(.root) ?? false { command = command.replacing("sudo ", with: "") }
        if facts.usesPodmansClient { command = PodmanWords.command(command) }
        return command
    }
}
