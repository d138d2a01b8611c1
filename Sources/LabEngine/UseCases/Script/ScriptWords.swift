import ContainerEngine
import LabSupport

/// Command lines of the journals as words for a script: folders of this machine become variables, and no secret stays.
struct ScriptWords {
    /// A folder, and the variable that stands for it. The longer ones first.
    private let places: [(path: String, variable: String)]
    private let secrets: [String]

    init(places: [(path: String, variable: String)], secrets: [String]) {
        self.places = places.filter { $0.path.count > 1 }.sorted { $0.path.count > $1.path.count }
        self.secrets = secrets
    }

    /// The words of a line that `ShellWord` wrote: bare, or in single quotes.
    static func words(of line: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isOpen = false
        var isQuoted = false
        var isEscaped = false
        for character in line {
            if isEscaped {
                word.append(character)
                isEscaped = false
            } else if isQuoted {
                if character == "'" { isQuoted = false } else { word.append(character) }
            } else if character == "'" {
                (isQuoted, isOpen) = (true, true)
            } else if character == "\\" {
                (isEscaped, isOpen) = (true, true)
            } else if character == " " {
                if isOpen { words.append(word) }
                (word, isOpen) = ("", false)
            } else {
                word.append(character)
                isOpen = true
            }
        }
        return isOpen ? words + [word] : words
    }

    /// The words as a line of the script.
    func line(_ words: [String]) -> String {
        var result: [String] = []
        for word in words {
            if result.last == "-e", let equals = word.firstIndex(of: "="), Redaction.isSecret(name: word[..<equals]) {
                // Docker then takes the value from its own environment.
                result.append(ShellWord.quoted(String(word[..<equals])))
            } else {
                result.append(quoted(word))
            }
        }
        return result.joined(separator: " ")
    }

    /// The word as the shell needs it, with variables for the folders in it.
    func quoted(_ word: String) -> String {
        let safe = Redaction.urls(in: Redaction.secrets(secrets, in: word))
        var rest = safe[...]
        var result = ""
        while let next = first(in: rest) {
            let before = String(rest[..<next.range.lowerBound])
            result += (before.isEmpty ? "" : ShellWord.quoted(before)) + "\"$\(next.variable)\""
            rest = rest[next.range.upperBound...]
        }
        return result + (rest.isEmpty && !result.isEmpty ? "" : ShellWord.quoted(String(rest)))
    }

    /// True if no secret is in a text.
    func isPublic(_ text: String) -> Bool {
        Redaction.fields(in: Redaction.urls(in: Redaction.secrets(secrets, in: text))) == text
    }

    /// The first folder that a word names: at its beginning or behind `=`, `:` or `,`. At the same place, the longest.
    private func first(in text: Substring) -> (range: Range<Substring.Index>, variable: String)? {
        var start: Substring.Index? = text.startIndex == text.base.startIndex ? text.startIndex : nil
        var rest = text
        while true {
            if let start, let place = places.first(where: { Self.begins(text[start...], with: $0.path) }) {
                return (start..<text.index(start, offsetBy: place.path.count), place.variable)
            }
            guard let mark = rest.firstIndex(where: { "=:,".contains($0) }) else { return nil }
            rest = rest[rest.index(after: mark)...]
            start = rest.startIndex
        }
    }

    /// `/home/joe` isn't the beginning of `/home/joey`.
    private static func begins(_ text: Substring, with path: String) -> Bool {
        guard text.hasPrefix(path) else { return false }
        let next = text.dropFirst(path.count).first
        return next == nil || next == "/" || next == ":" || next == ","
    }
}
