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
            } else if character == ">" || character == "<" {
                // `2>&1` is one word: its `&` joins nothing.
                word.append(character)
                if rest.first == "&" { word.append(rest.removeFirst()) }
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

    /// The longest beginning that is known: `docker run` rather than `docker`.
    private func program(of words: [String]) -> Program? {
        // Podman takes docker's words.
        let alike = words.first == "podman" ? ["docker"] + words.dropFirst() : words
        return programs.filter { alike.starts(with: $0.words) }.max { $0.words.count < $1.words.count }
    }

    private func explain(_ words: [String]) -> [Word] {
        guard let program = program(of: words) else { return words.map { Word(shown: $0) } }
        var explained = [Word(shown: words.prefix(program.words.count).joined(separator: " "), text: program.text)]
        var rest = words.dropFirst(program.words.count)
        var operand = 0
        var inside = Inside()
        while let word = rest.popFirst() {
            let hasEnded = program.last.map { operand >= $0 } ?? false
            if hasEnded, operand == program.last, let inner = explain(Array([word] + rest), inside) { return explained + inner }
            guard word.hasPrefix("-"), word.count > 1, !hasEnded else {
                let place = min(operand, program.operands.count - 1)
                explained.append(Word(shown: word, text: place >= 0 ? program.operands[place] : nil))
                inside.image = word
                operand += 1
                continue
            }
            let value = program.value(of: word, rest.first)
            explained += program.explain(option: word, &rest)
            if value?.option.isProgram == true { inside.program = value?.text }
            if value?.option.isScript == true, let script = value?.text { explained += explain(script: script) }
        }
        return explained
    }

    /// The container in which the rest of a command runs.
    private struct Inside {
        /// The program that was named in place of the image's own.
        var program: String?
        var image = ""
    }

    /// Explains what runs in a container, which is a command, too. Nil if nobody explained its program.
    private func explain(_ words: [String], _ inside: Inside) -> [Word]? {
        if let named = inside.program { return program(of: [named] + words).map { explain([named] + words, after: 1, $0) } }
        if program(of: words) != nil { return explain(words) }
        // The words belong to the program that the image starts.
        let name = inside.image.split(separator: "/").last?.split(separator: ":").first.map(String.init)
        return programs.first { $0.image != nil && $0.image == name }.map { explain($0.words + words, after: $0.words.count, $0) }
    }

    /// Explains a command whose first `count` words aren't there.
    private func explain(_ words: [String], after count: Int, _ program: Program) -> [Word] {
        var explained = explain(words)
        explained[0].shown = program.words.dropFirst(count).joined(separator: " ")
        return explained[0].shown.isEmpty ? Array(explained.dropFirst()) : explained
    }

    /// Explains the commands in a shell's script. Empty if not all of them are known: half of a script would only confuse.
    private func explain(script: String) -> [Word] {
        guard let quote = script.first, script.count > 1, script.last == quote, quote == "'" || quote == "\"" else { return [] }
        let line = String(script.dropFirst().dropLast())
        guard !line.contains(quote) else { return [] }
        let isKnown = Self.parts(of: line).allSatisfy { part in
            switch part {
            case .command(let words): program(of: words) != nil
            case .joint: true
            }
        }
        return isKnown ? explain(line) : []
    }
}

extension LabCommands.Program {
    /// The option that a word names, and its value: the rest of the word, or the next one.
    fileprivate func value(of word: String, _ next: String?) -> (option: LabCommands.Option, text: String)? {
        let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
        guard let option = options.first(where: { $0.takesValue && $0.names.contains(parts[0]) }) else { return nil }
        return (parts.count == 2 ? parts[1] : next).map { (option, $0) }
    }

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
