/// Reads a Dockerfile line by line. It goes through the bytes once, and no input makes it recurse.
struct DockerfileParser {
    private let bytes: [UInt8]
    private var file = Dockerfile()
    private var lines: [[Unicode.Scalar]] = []
    private var index = 0
    private var stage = -1
    private var directivesEnded = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func parse() -> Dockerfile {
        guard bytes.count <= Dockerfile.limit else {
            report(.tooLarge(bytes.count), DockerfilePlace(line: 1, column: 1))
            return file
        }
        splitLines()
        while index < lines.count {
            let start = lines[index].firstIndex { !$0.properties.isWhitespace }
            guard let start else {
                directivesEnded = true
                index += 1
                continue
            }
            if lines[index][start] == "#" {
                readComment(from: start)
                index += 1
            } else {
                directivesEnded = true
                readInstruction(from: start)
            }
        }
        return file
    }

    private mutating func report(_ kind: Dockerfile.Problem.Kind, _ place: DockerfilePlace) {
        file.problems.append(Dockerfile.Problem(kind: kind, place: place))
    }

    private mutating func splitLines() {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) {
            report(.byteOrderMark, DockerfilePlace(line: 1, column: 1))
            rest = rest.dropFirst(3)
        }
        var parts = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true { parts.removeLast() }
        for (number, part) in parts.enumerated() {
            let place = DockerfilePlace(line: number + 1, column: 1)
            var line = part
            if line.last == UInt8(ascii: "\r") {
                line = line.dropLast()
                if !file.problems.contains(where: { $0.kind == .windowsLineEnds }) { report(.windowsLineEnds, place) }
            }
            let text = String(decoding: line, as: UTF8.self)
            if !text.utf8.elementsEqual(line) { report(.invalidUTF8, place) }
            if line.contains(0) { report(.nul, place) }
            if line.count > Dockerfile.lineLimit {
                // No builder reads on behind such a line, and neither does this.
                report(.lineTooLong(line.count), place)
                return
            }
            file.lines.append(text)
            lines.append(Array(text.unicodeScalars))
        }
    }

    // MARK: Comments

    private mutating func readComment(from start: Int) {
        let line = lines[index]
        let place = DockerfilePlace(line: index + 1, column: start + 1)
        file.comments.append(DockerfileWord(line[start...].text, place))
        guard let directive = Self.directive(line[(start + 1)...], place) else {
            directivesEnded = true
            return
        }
        guard !directivesEnded else { return report(.lateDirective(directive.name), place) }
        if file.directives.contains(where: { $0.name == directive.name }) { report(.repeatedDirective(directive.name), place) }
        file.directives.append(directive)
        guard directive.name == "escape" else { return }
        if directive.value == "`" || directive.value == "\\" {
            file.escape = directive.value == "`" ? "`" : "\\"
        } else {
            report(.badEscape(directive.value), place)
        }
    }

    private static func directive(_ text: ArraySlice<Unicode.Scalar>, _ place: DockerfilePlace) -> Dockerfile.Directive? {
        guard let sign = text.firstIndex(of: "=") else { return nil }
        let name = text[..<sign].filter { !$0.isDockerfileSpace }.text.lowercased()
        guard ["syntax", "escape", "check"].contains(name) else { return nil }
        var value = text[(sign + 1)...].drop { $0.isDockerfileSpace }
        while value.last?.isDockerfileSpace == true { value.removeLast() }
        return Dockerfile.Directive(name: name, value: value.text, place: place)
    }

    // MARK: Instructions

    private mutating func readInstruction(from start: Int) {
        let first = index + 1
        let text = joinLines(from: start)
        let end = text.scalars.firstIndex { $0.isDockerfileSpace } ?? text.scalars.count
        var instruction = Self.instruction(text, keyword: 0..<end)
        if instruction.name == "FROM" { stage += 1 }
        instruction.stage = stage
        if ["RUN", "COPY", "ADD"].contains(instruction.name) || instruction.name == "ONBUILD" {
            instruction.heredocs = HeredocStart.all(in: instruction).map { read($0) }
        }
        instruction.lines = first...max(first, index)
        file.instructions.append(instruction)
        guard instruction.name == "ONBUILD", let trigger = instruction.words.first else { return }
        let begin = instruction.start
        var inner = Self.instruction(text, keyword: begin..<(begin + trigger.text.unicodeScalars.count))
        (inner.stage, inner.lines, inner.heredocs, inner.isTrigger) = (stage, instruction.lines, instruction.heredocs, true)
        file.instructions.append(inner)
    }

    /// The lines of the instruction at `index` as one text. Afterwards, `index` is behind them.
    private mutating func joinLines(from start: Int) -> PlacedText {
        var text = PlacedText()
        var start = start
        while index < lines.count {
            let line = lines[index]
            let number = index + 1
            index += 1
            if !text.scalars.isEmpty {
                guard let word = line.firstIndex(where: { !$0.properties.isWhitespace }) else {
                    report(.emptyContinuation, DockerfilePlace(line: number, column: 1))
                    continue
                }
                if line[word] == "#" {
                    file.comments.append(DockerfileWord(line[word...].text, DockerfilePlace(line: number, column: word + 1)))
                    continue
                }
            }
            guard let escape = continuation(of: line) else {
                text.append(line[start...], at: DockerfilePlace(line: number, column: start + 1))
                return text
            }
            text.append(line[start..<max(start, escape)], at: DockerfilePlace(line: number, column: start + 1))
            if escape < line.count - 1 { report(.spaceAfterContinuation, DockerfilePlace(line: number, column: escape + 2)) }
            if index == lines.count { report(.continuationAtEnd, DockerfilePlace(line: number, column: escape + 1)) }
            start = 0
        }
        return text
    }

    /// The index of the escape character that continues the line.
    private func continuation(of line: [Unicode.Scalar]) -> Int? {
        guard let last = line.lastIndex(where: { $0 != " " && $0 != "\t" }), line[last] == file.escape else { return nil }
        return last
    }

    private static func instruction(_ text: PlacedText, keyword: Range<Int>) -> DockerfileInstruction {
        let word = text.word(keyword)
        var (flags, start) = flags(text, from: keyword.upperBound)
        while start < text.scalars.count, text.scalars[start].isDockerfileSpace { start += 1 }
        var instruction = DockerfileInstruction(
            keyword: word, name: word.text.uppercased(), flags: flags, text: text, start: start, form: .shell, heredocs: [], lines: 1...1,
            stage: -1, isTrigger: false)
        if ["ADD", "COPY", "RUN", "CMD", "ENTRYPOINT", "SHELL", "VOLUME"].contains(instruction.name),
            let form = DockerfileArray.read(text, instruction.range)
        {
            instruction.form = form
        }
        return instruction
    }

    private static func flags(_ text: PlacedText, from start: Int) -> (flags: [DockerfileInstruction.Flag], end: Int) {
        var flags: [DockerfileInstruction.Flag] = []
        var index = start
        while true {
            while index < text.scalars.count, text.scalars[index].isDockerfileSpace { index += 1 }
            var end = index
            while end < text.scalars.count, !text.scalars[end].isDockerfileSpace { end += 1 }
            guard text.scalars[index..<end].starts(with: ["-", "-"]) else { return (flags, index) }
            // `--` alone ends the flags.
            guard end - index > 2 else { return (flags, end) }
            let body = text.scalars[(index + 2)..<end]
            let sign = body.firstIndex(of: "=")
            let name = body[..<(sign ?? body.endIndex)].text
            flags.append(
                DockerfileInstruction.Flag(name: name, value: sign.map { body[($0 + 1)...].text }, place: text.place(at: index)))
            index = end
        }
    }

    // MARK: Heredocs

    private mutating func read(_ start: HeredocStart) -> DockerfileHeredoc {
        var content = PlacedText()
        while index < lines.count {
            let line = lines[index]
            let body = start.stripsTabs ? line.drop { $0 == "\t" } : line[...]
            index += 1
            if body.text == start.name {
                return DockerfileHeredoc(name: start.name, place: start.place, content: content, isTerminated: true)
            }
            content.append(body + ["\n"], at: DockerfilePlace(line: index, column: body.startIndex + 1))
        }
        return DockerfileHeredoc(name: start.name, place: start.place, content: content, isTerminated: false)
    }
}

/// `<<EOF` or `<<-"EOF"` at the beginning of a word.
struct HeredocStart {
    var name: String
    var stripsTabs: Bool
    var place: DockerfilePlace

    static func all(in instruction: DockerfileInstruction) -> [HeredocStart] {
        instruction.text.spacedWords(instruction.range).compactMap { word in
            guard word.text.utf8.contains(UInt8(ascii: "<")), word.text.utf8.count < 100,
                let match = word.text.wholeMatch(of: /[0-9]*<<(-?)(["']?)([A-Za-z_][A-Za-z0-9_.-]*)(["']?)/), match.2 == match.4
            else {
                return nil
            }
            return HeredocStart(name: String(match.3), stripsTabs: !match.1.isEmpty, place: word.place)
        }
    }
}

extension Dockerfile {
    /// An empty file.
    init() {}
}
