import TestSupport
import Testing

@testable import DockerfileCheck

struct DockerfileParserTests {
    private func parse(_ text: String) -> Dockerfile { Dockerfile(Array(text.utf8)) }

    @Test func everyWordKnowsItsPlace() throws {
        let file = parse("ARG A=1\nFROM debian:12 AS build\nCOPY --from=build \\\n  # why\n  a.txt \\\n  b.txt  /app/\n")
        #expect(file.instructions.map(\.name) == ["ARG", "FROM", "COPY"])
        let copy = try #require(file.instructions.last)
        #expect(copy.flags.map(\.name) == ["from"] && copy.flags[0].value == "build" && copy.flags[0].place.column == 6)
        #expect(copy.words.map(\.text) == ["a.txt", "b.txt", "/app/"])
        #expect(copy.words.map { [$0.place.line, $0.place.column] } == [[5, 3], [6, 3], [6, 10]])
        #expect(copy.lines == 3...6 && file.stages.count == 1 && file.stages[0].name == "build" && file.comments.count == 1)
    }

    @Test func directivesComeFirst() {
        let file = parse("# syntax=docker/dockerfile:1\n# escape=`\n# a comment\nFROM debian:12\nRUN echo `\n  b\n")
        #expect(file.directives.map(\.name) == ["syntax", "escape"] && file.escape == "`" && file.instructions.count == 2)
        #expect(parse("# a comment\n# escape=`\nFROM a:1\n").escape == "\\")
    }

    @Test func heredocsTakeTheirLines() throws {
        let file = parse("FROM a:1\nRUN <<-EOF\n\techo one\n\tEOF\nCOPY <<one <<\"two\" /etc/\n1\none\n2\ntwo\nUSER joe\n")
        #expect(file.instructions.map(\.name) == ["FROM", "RUN", "COPY", "USER"])
        #expect(file.instructions[1].heredocs.map(\.content.scalars.text) == ["echo one\n"])
        #expect(file.instructions[2].heredocs.map(\.name) == ["one", "two"])
        #expect(file.instructions[3].keyword.place.line == 10)
    }

    @Test(arguments: [
        (#"["a", "b"]"#, ["a", "b"]), (#"[ "a" , "b c" ] "#, ["a", "b c"]), (#"["a\"b", "\u0041"]"#, ["a\"b", "A"]), ("[]", []),
        (#"["a"] trailing"#, ["a"]),
    ])
    func execForm(text: String, words: [String]) throws {
        let form = try #require(parse("FROM a:1\nCMD \(text)\n").instructions.last?.form)
        guard case .exec(let found) = form else { throw Unexpected(form: form) }
        #expect(found.map(\.text) == words)
    }

    private struct Unexpected: Error { var form: DockerfileInstruction.Form }

    @Test(arguments: ["['a']", "[“a”]", #"["a" "b"]"#, #"["a","#, #"["a"#, #"["a", ]"#, "[a]", #"["\d"]"#, "[\"a\"，\"b\"]"])
    func brokenExecForm(text: String) throws {
        let form = try #require(parse("FROM a:1\nCMD \(text)\n").instructions.last?.form)
        guard case .broken = form else { throw Unexpected(form: form) }
    }

    @Test(arguments: [
        ("$A-${B}", "1-2", true), ("${C:-three}", "three", true), ("${A:+x}", "1", true), ("\\$A", "$A", true), ("$C", "", false),
        ("a$", "a$", true),
        ("${", "${", true),
    ])
    func variables(text: String, expanded: String, isComplete: Bool) {
        let result = DockerfileVariables.expand(text, ["A": "1", "B": "2"])
        #expect(result.text == expanded && result.isComplete == isComplete)
    }

    @Test func shellWords() {
        var text = PlacedText()
        let line = #"A=1 sudo -E apt-get install -y "a b" 'c' >/dev/null 2>&1 && (cd /x; ls) | wc -l # no"#
        text.append(Array(line.unicodeScalars), at: DockerfilePlace(line: 1, column: 1))
        let script = ShellScript(text, 0..<text.scalars.count)
        #expect(
            script.commands.map { $0.words.map(\.text) } == [
                ["apt-get", "install", "-y", "a b", "c"], ["cd", "/x"], ["ls"], ["wc", "-l"],
            ])
        #expect(script.commands[0].sudo != nil && script.commands[0].assignments.map(\.text) == ["A=1"] && script.problems.isEmpty)
    }

    // MARK: Hostile input

    @Test func deepNestingDoesNotRecurse() {
        let deep = String(repeating: "$(", count: 10_000)
        let review = DockerfileReview(Array("FROM a:1\nRUN echo \(deep)\n".utf8), DockerfileSetting())
        #expect(review.findings.contains { $0.code == "open-quote" })
        let array = String(repeating: "[", count: 20_000)
        #expect(DockerfileReview(Array("FROM a:1\nCMD \(array)\n".utf8), DockerfileSetting()).errors.contains { $0.code == "broken-array" })
    }

    @Test func largeFilesEnd() {
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 10 << 20)
        #expect(DockerfileReview(line, DockerfileSetting()).errors.map(\.code) == ["file-too-large"])
        let many = Array(("FROM a:1\n" + String(repeating: "RUN apt-get install -y x\n", count: 5_000)).utf8)
        #expect(DockerfileReview(many, DockerfileSetting()).errors.contains { $0.code == "too-many-layers" })
        let lines = Array(("FROM a:1\nRUN x" + String(repeating: " \\\n y", count: 30_000)).utf8)
        #expect(DockerfileReview(lines, DockerfileSetting()).file.instructions.count == 2)
    }

    @Test func everyInputHasAnAnswer() {
        let printed = SplitMix.printed(for: "everyInputHasAnAnswer")
        let seed = printed.seed
        var random = printed.numbers
        let pieces = [
            "FROM ", "RUN ", "COPY ", "CMD ", "ENV ", "ARG ", "ONBUILD ", "EXPOSE ", "\\\n", "\n", " ", "\t", "\"", "'", "[", "]", ",",
            "<<EOF", "EOF\n",
            "$", "${A", "}", "--from=", "&&", "|", "(", ")", "`", "#", "# escape=`\n", "\u{FEFF}", "，", "\0", "a", "b.txt",
            "apt-get install", "pip", "..", "/",
        ]
        for _ in 0..<2000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                if Int.random(in: 0..<20, using: &random) == 0 {
                    bytes.append(UInt8.random(in: 0...255, using: &random))
                } else {
                    bytes += Array((pieces.randomElement(using: &random) ?? "").utf8)
                }
            }
            let review = DockerfileReview(bytes, DockerfileExample.setting)
            let last = max(1, review.file.lines.count)
            #expect(review.findings.allSatisfy { (1...last).contains($0.place.line) && $0.place.column >= 1 }, "seed \(seed): \(bytes)")
        }
    }
}
