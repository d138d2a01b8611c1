package import LabSupport

extension LabCommands {
    /// A word of a command line, or an option with its value, and what it means.
    package struct Word: Sendable, Equatable {
        package var shown: String
        /// Nil if nobody explained it.
        package var text: Text?
    }

    /// Explains a command line word by word.
    package func explain(_ line: String) -> [Word] {
        Self.parts(of: line).flatMap { part in
            switch part {
            case .command(let words): explain(words)
            case .joint(let text): [Word(shown: text, text: Self.joints[text])]
            }
        }
    }

    private enum Part {
        case command([String])
        /// What joins two commands.
        case joint(String)
    }

    private static let joints: [String: Text] = [
        "|": Text(en: "The output of the command before it becomes the input of the next one.", zh: "把前一条命令的输出作为后一条命令的输入。"),
        "&&": Text(en: "The next command runs only if this one succeeds.", zh: "前一条命令成功时才执行后一条。"),
        "||": Text(en: "The next command runs only if this one fails.", zh: "前一条命令失败时才执行后一条。"),
        ";": Text(en: "The next command runs after this one.", zh: "前一条命令结束后执行后一条。"),
        "&": Text(en: "The command runs in the background.", zh: "让命令在后台运行。"),
    ]

    /// The commands of a line, split into words. Quotation marks keep blanks within a word.
    private static func parts(of line: String) -> [Part] {
        var parts: [Part] = []
        var words: [String] = []
        var word = ""
        var quote: Character?
        func endWord() {
            if !word.isEmpty { words.append(word) }
            word = ""
        }
        func endCommand() {
            endWord()
            if !words.isEmpty { parts.append(.command(words)) }
            words = []
        }
        var rest = Substring(line)
        while let character = rest.popFirst() {
            if let open = quote {
                word.append(character)
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                word.append(character)
                quote = character
            } else if character.isWhitespace {
                endWord()
            } else if "|&;".contains(character) {
                endCommand()
                var joint = String(character)
                if let next = rest.first, next == character, character != ";" { joint.append(rest.removeFirst()) }
                parts.append(.joint(joint))
            } else {
                word.append(character)
            }
        }
        endCommand()
        return parts
    }

    private func explain(_ words: [String]) -> [Word] {
        // Podman takes docker's words.
        let alike = words.first == "podman" ? ["docker"] + words.dropFirst() : words
        // The longest beginning that is known: `docker run` rather than `docker`.
        let known = programs.filter { alike.starts(with: $0.words) }.max { $0.words.count < $1.words.count }
        guard let program = known else { return words.map { Word(shown: $0) } }
        var explained = [Word(shown: words.prefix(program.words.count).joined(separator: " "), text: program.text)]
        var rest = words.dropFirst(program.words.count)
        var operand = 0
        while let word = rest.popFirst() {
            let hasEnded = program.last.map { operand >= $0 } ?? false
            // What runs in the container is a command, too.
            let inner = [word] + rest
            if hasEnded, operand == program.last, programs.contains(where: { inner.starts(with: $0.words) }) {
                return explained + explain(inner)
            }
            guard word.hasPrefix("-"), word.count > 1, !hasEnded else {
                let place = min(operand, program.operands.count - 1)
                explained.append(Word(shown: word, text: place >= 0 ? program.operands[place] : nil))
                operand += 1
                continue
            }
            explained += program.explain(option: word, &rest)
        }
        return explained
    }
}

extension LabCommands.Program {
    /// Explains an option and takes its value. Several short options may share a dash: `-it`.
    fileprivate func explain(option word: String, _ rest: inout ArraySlice<String>) -> [LabCommands.Word] {
        func found(_ name: some StringProtocol) -> LabCommands.Option? { options.first { $0.names.contains(String(name)) } }
        if let option = found(word) {
            let value = option.takesValue ? rest.popFirst().map { " " + $0 } ?? "" : ""
            return [LabCommands.Word(shown: word + value, text: option.text)]
        }
        if let sign = word.firstIndex(of: "="), let option = found(word[..<sign]) {
            return [LabCommands.Word(shown: word, text: option.text)]
        }
        let letters = word.dropFirst()
        guard !word.hasPrefix("--"), letters.count > 1 else { return [LabCommands.Word(shown: word)] }
        // A value may follow a letter without a blank: `-P8`.
        if let first = letters.first, let option = found("-\(first)"), option.takesValue {
            return [LabCommands.Word(shown: word, text: option.text)]
        }
        let all = letters.map { ("-\($0)", found("-\($0)")) }
        guard all.contains(where: { $0.1 != nil }) else { return [LabCommands.Word(shown: word)] }
        return all.map { name, option in
            let value = option?.takesValue == true ? rest.popFirst().map { " " + $0 } ?? "" : ""
            return LabCommands.Word(shown: name + value, text: option?.text)
        }
    }
}
