/// One command of a shell script: its words without quotes, assignments and redirections.
struct ShellCommand: Sendable, Equatable {
    /// The program first. Never empty.
    var words: [DockerfileWord]
    /// `NAME=value` before the program.
    var assignments: [DockerfileWord]
    /// `sudo` before it.
    var sudo: DockerfileWord?
    /// Its output goes into this command's input.
    var isPiped: Bool

    var program: DockerfileWord { words[0] }

    /// Words behind the program that don't begin with a dash.
    var operands: [DockerfileWord] { words.dropFirst().filter { !$0.text.hasPrefix("-") } }
}

/// A shell script, as far as rules need it: commands and words with their places. It isn't run, and nothing in it is expanded.
struct ShellScript: Sendable, Equatable {
    enum Problem: Sendable, Equatable {
        case openQuote(DockerfilePlace, String)
        /// `&&` with no command before or behind it.
        case loneOperator(DockerfilePlace, String)
    }

    var commands: [ShellCommand] = []
    var problems: [Problem] = []

    init(_ text: PlacedText, _ range: Range<Int>) {
        var reader = ShellReader(text: text, index: range.lowerBound, end: range.upperBound)
        reader.read()
        commands = reader.commands
        problems = reader.problems
    }
}

private struct ShellReader {
    let text: PlacedText
    var index: Int
    let end: Int
    var commands: [ShellCommand] = []
    var problems: [ShellScript.Problem] = []

    private var words: [DockerfileWord] = []
    private var word: [Unicode.Scalar] = []
    private var wordStart: Int?
    private var dropsNextWord = false
    private var isPiped = false
    /// `&&`, `||` or `|` that still lacks the command behind it.
    private var pending: (place: DockerfilePlace, text: String)?

    init(text: PlacedText, index: Int, end: Int) {
        self.text = text
        self.index = index
        self.end = end
    }

    mutating func read() {
        while index < end { step() }
        endCommand()
        if let pending { problems.append(.loneOperator(pending.place, pending.text)) }
    }

    private mutating func step() {
        let scalar = text.scalars[index]
        switch scalar {
        case "\\":
            begin()
            if index + 1 < end, text.scalars[index + 1] != "\n" { word.append(text.scalars[index + 1]) }
            index += 2
        case "'", "\"", "`": takeQuoted(scalar)
        case "$" where index + 1 < end && text.scalars[index + 1] == "(": takeQuoted(")")
        case "#" where wordStart == nil:
            while index < end, text.scalars[index] != "\n" { index += 1 }
        case "\n", ";", "&", "|", "(", ")": takeOperator(scalar)
        case "<", ">": takeRedirection()
        case _ where scalar.isDockerfileSpace:
            endWord()
            index += 1
        default:
            begin()
            word.append(scalar)
            index += 1
        }
    }

    private mutating func begin() { if wordStart == nil { wordStart = index } }

    private mutating func endWord() {
        guard let start = wordStart else { return }
        if !dropsNextWord { words.append(DockerfileWord(word.text, text.place(at: start))) }
        (wordStart, word, dropsNextWord) = (nil, [], false)
    }

    private mutating func endCommand() {
        endWord()
        guard let command = ShellCommand(words, isPiped: isPiped) else { return words = [] }
        commands.append(command)
        words = []
        pending = nil
    }

    private mutating func takeOperator(_ scalar: Unicode.Scalar) {
        let place = text.place(at: index)
        var operation = String(scalar)
        index += 1
        if index < end, text.scalars[index] == scalar, scalar == "&" || scalar == "|" || scalar == ";" {
            operation += String(scalar)
            index += 1
        }
        let hadWords = !words.isEmpty || wordStart != nil
        let open = pending
        endCommand()
        isPiped = operation == "|"
        guard operation == "&&" || operation == "||" || operation == "|" else { return }
        // Behind a closing parenthesis there is a command, too: `(a; b) && c`.
        if !hadWords, open != nil || commands.isEmpty { problems.append(.loneOperator(place, operation)) }
        pending = (place, operation)
    }

    private mutating func takeRedirection() {
        if wordStart != nil, word.allSatisfy({ ("0"..."9").contains($0) }) {
            (wordStart, word) = (nil, [])
        } else {
            endWord()
        }
        while index < end, "<>&|-".unicodeScalars.contains(text.scalars[index]) { index += 1 }
        while index < end, text.scalars[index] == " " || text.scalars[index] == "\t" { index += 1 }
        dropsNextWord = true
    }

    /// Takes a quoted part or a command substitution. A stack, because they can be nested to any depth.
    private mutating func takeQuoted(_ opening: Unicode.Scalar) {
        begin()
        let start = index
        var stack = [opening]
        index += opening == ")" ? 2 : 1
        while index < end, let top = stack.last {
            let scalar = text.scalars[index]
            let next = index + 1 < end ? text.scalars[index + 1] : nil
            if scalar == top {
                stack.removeLast()
            } else if top == "'" {
                // Nothing has a meaning before the closing quote.
            } else if scalar == "\\" {
                index += 1
            } else if scalar == "$", next == "(" {
                stack.append(")")
                index += 1
            } else if scalar == "`" {
                stack.append("`")
            } else if top != "\"", scalar == "\"" || scalar == "'" {
                stack.append(scalar)
            } else if top == ")", scalar == "(" {
                stack.append(")")
            }
            index += 1
        }
        index = min(index, end)
        if stack.isEmpty {
            let isQuote = opening == "'" || opening == "\""
            word += isQuote ? text.scalars[(start + 1)..<(index - 1)] : text.scalars[start..<index]
        } else {
            problems.append(.openQuote(text.place(at: start), opening == ")" ? "$(" : String(opening)))
            word += text.scalars[start..<index]
        }
    }
}

extension ShellCommand {
    /// Words that stand before a command without being one.
    private static let leads: Set<String> = [
        "if", "then", "else", "elif", "while", "until", "do", "!", "{", "time", "exec", "env", "command", "nohup", "eatmydata",
    ]

    fileprivate init?(_ words: [DockerfileWord], isPiped: Bool) {
        var rest = words[...]
        var assignments: [DockerfileWord] = []
        var sudo: DockerfileWord?
        var lead: DockerfileWord?
        while let first = rest.first {
            if first.text == "sudo" {
                sudo = first
                rest = rest.dropFirst().drop { $0.text.hasPrefix("-") }
            } else if first.text.isAssignment {
                assignments.append(first)
                rest = rest.dropFirst()
            } else if Self.leads.contains(first.text) {
                lead = first
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        // `env` alone is a command, `then` is none.
        if rest.isEmpty, let lead, ["env", "exec", "command", "time"].contains(lead.text) { rest = [lead] }
        guard !rest.isEmpty else { return nil }
        self.init(words: Array(rest), assignments: assignments, sudo: sudo, isPiped: isPiped)
    }
}

extension String {
    /// `NAME=value`.
    fileprivate var isAssignment: Bool {
        let name = utf8.prefix { $0 != UInt8(ascii: "=") }
        guard name.count < utf8.count, let first = name.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
