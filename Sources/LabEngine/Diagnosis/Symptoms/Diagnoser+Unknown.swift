import LabSupport

/// For failures that no rule explains, shows the decisive line of the output.
extension Diagnoser {
    /// The finding `unknown`. Nil if nothing failed.
    mutating func unknown(exitCode: Int?) -> Finding? {
        let failed = exitCode.map { $0 != 0 } ?? false
        guard let line = decisiveLine() ?? (failed ? lastTellingLine() : nil) else { return nil }
        let code = exitCode ?? printedExitCode()
        return Finding(
            cause: Finding.unknown, title: Text(en: "ailab doesn't know this failure", zh: "ailab 不认识这个故障"),
            why: code.flatMap(ExitCodeMeaning.text) ?? Self.why, evidence: evidence(line), detail: detail(of: line),
            remedies: unknownAdvice(line, hint: hint(near: line)),
            strength: .last, isConsequence: false)
    }

    private static let why = Text(
        en: "No rule matches this output. ailab shows the line that explains the most.", zh: "没有规则与这段输出匹配。这里显示最能说明问题的一行。")

    /// What a program itself suggests, closest to a line.
    private mutating func hint(near line: Int) -> String? {
        let places = open(symptoms.hints).map(\.first)
        guard let nearest = places.min(by: { abs($0 - line) < abs($1 - line) }) else { return nil }
        return evidence(nearest).text
    }

    private mutating func decisiveLine() -> Int? {
        let signs = open(symptoms.failures).map(\.first).filter { $0 > lastSuccess && !scanned.lines[$0].prefix.isCommand }
        guard let first = signs.first else { return firstException() }
        if let exception = firstException() { return exception }
        return lastWords(before: signs, first) ?? first
    }

    /// The exception that ends the first traceback.
    private mutating func firstException() -> Int? {
        let starts = scanned.lines.indices.filter { !masked[$0] && isFrame($0) }
        guard let start = starts.first else { return loneException() }
        return exception(from: start).flatMap { masked[$0] || $0 < lastSuccess ? nil : $0 }
    }

    /// An exception without its traceback, for example because only a part of the output was copied.
    private func loneException() -> Int? {
        scanned.lines.indices.first { $0 > lastSuccess && !masked[$0] && Self.isException(scanned.lines[$0].content) }
    }

    private func isFrame(_ index: Int) -> Bool {
        let content = scanned.lines[index].content
        return content.hasPrefix("Traceback (most recent call last)") || content.hasPrefix("File \"") && content.contains(", line ")
    }

    /// The next exception in the traceback that a line belongs to. In a log, only lines of the same thread count, because the lines of several
    /// threads are interleaved.
    func exception(from start: Int) -> Int? {
        let stream = scanned.lines[start].prefix.stream
        return scanned.lines[start...].prefix(200).indices.first { index in
            let line = scanned.lines[index]
            return line.prefix.stream == stream && !masked[index] && Self.isException(line.content)
        }
    }

    /// `ValueError: …`, `torch.jit.Error: …`.
    static func isException(_ content: Substring) -> Bool {
        let name = content.utf8.prefix { Folding.isWord($0 | 0x20) || $0 == UInt8(ascii: ".") || Folding.isWord($0) }
        let rest = content.utf8.dropFirst(name.count)
        guard name.count > 4, rest.isEmpty || rest.first == UInt8(ascii: ":") else { return false }
        let text = Substring(name)
        return ["Error", "Exception", "Interrupt", "Exit"].contains { text.hasSuffix($0) }
            && text.split(separator: ".").last?.first.map { $0.isUppercase } == true
    }

    /// A build reports only that a command failed. The command's own last line in the same step says more.
    private mutating func lastWords(before signs: [Int], _ first: Int) -> Int? {
        let line = scanned.lines[first]
        guard isBuildVerdict(first), let step = line.prefix.step ?? scanned.lines[..<first].last?.prefix.step else { return nil }
        let quiet = quietLines()
        return scanned.lines[..<first].indices.last { index in
            let line = scanned.lines[index]
            return line.prefix.step == step && !quiet.contains(index) && !masked[index] && line.content.count > 3
        }
    }

    private func isBuildVerdict(_ index: Int) -> Bool {
        let text = scanned.lines[index].text
        return ["did not complete successfully", "returned a non-zero code", "failed to solve", "executor failed running"].contains {
            text.contains($0)
        }
    }

    private mutating func lastTellingLine() -> Int? {
        let quiet = quietLines()
        return scanned.lines.indices.last { !quiet.contains($0) && !masked[$0] }
    }

    /// The failing instruction of a build, if the output shows it.
    private func detail(of line: Int) -> [Finding.Evidence] {
        let instruction = scanned.lines.indices.first { index in
            let content = scanned.lines[index].text
            return content.contains(">>> ")
                || index < line && content.hasPrefix("Step ") && content.contains(" : ")
                    && !scanned.lines[(index + 1)...line].contains { $0.text.hasPrefix("Step ") }
        }
        return instruction.map { [evidence($0)] } ?? []
    }

    private func printedExitCode() -> Int? {
        for marker in ["exit code: ", "non-zero code: ", "exited with code ", "exit status "] {
            for line in scanned.lines.reversed() {
                guard let range = line.text.firstRange(of: marker), !line.text.contains("context canceled") else { continue }
                if let code = Int(line.text[range.upperBound...].prefix { $0.isNumber }), code != 0 { return code }
            }
        }
        return nil
    }
}
