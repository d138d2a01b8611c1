import TestSupport
import Testing

@testable import DockerfileCheck
@testable import LabFile
@testable import LabSupport

/// Small lab files that would take for ever, or all the memory, or the whole stack.
@Suite("Torture: lab files that grow", .timeLimit(.minutes(2)))
struct HostileLabFileTests {
    private func load(_ text: String) -> LabLoad { LabSpecLoader.load(text: text, file: "x.yaml", directory: "/nonexistent") }

    private func errors(_ text: String) -> String { load(text).errors.map(\.message.en).joined(separator: "\n") }

    @Test("Aliases don't nest deeper than the rest") func depth() {
        let brackets = 90
        let lines = (0..<2000).map { number in
            let inner = number == 0 ? "1" : "*a\(number - 1)"
            return "k\(number): &a\(number) " + String(repeating: "[", count: brackets) + inner + String(repeating: "]", count: brackets)
        }
        #expect(errors(lines.joined(separator: "\n")).contains("nested too deeply"))
        #expect(!errors(lines[0] + "\nk1: *a0").contains("nested too deeply"))
    }

    @Test("A long text with many aliases counts each time") func longText() {
        let list = "[" + Array(repeating: "*a", count: 50_000).joined(separator: ",") + "]"
        #expect(errors("a: &a \(String(repeating: "x", count: 100_000))\nb: \(list)").contains("too many values"))
    }

    @Test("Variables that double each other") func doubling() {
        let variables = (0..<60).map { number in
            let value = number == 0 ? "0123456789" : "${v\(number - 1)}${v\(number - 1)}"
            return "  v\(number): {text: {en: a, zh: b}, value: '\(value)'}"
        }
        let text = MiniLab.yaml.replacing("variables:\n", with: "variables:\n" + variables.joined(separator: "\n") + "\n")
        #expect(errors(text).contains("a text gets too long"))
        #expect(throws: TemplateError.tooLong("a")) { try Template(["a": String(repeating: "x", count: 70_000)]).fill("${a}") }
    }

    private func tasks(_ count: Int, needs: (Int) -> [Int]) -> String {
        let tasks = (1...count).map { number in
            let needs = needs(number).map { "1.\($0)" }.joined(separator: ", ")
            return
                "      - {id: 1.\(number), title: {en: a, zh: b}, text: {en: a, zh: b}, needs: [\(needs)], action: {read: true}, expected: 1s}"
        }
        return
            "schema: 1\nid: x\ntitle: {en: a, zh: b}\nsummary: {en: a, zh: b}\nsteps:\n  - number: 1\n    title: {en: a, zh: b}\n    tasks:\n"
            + tasks.joined(separator: "\n")
    }

    @Test("More tasks than a lab can have, and tasks that all need each other") func graph() {
        #expect(errors(tasks(6000) { $0 == 1 ? [] : [$0 - 1] }).contains("more than 1000 tasks"))
        #expect(load(tasks(900) { $0 == 1 ? [] : [$0 - 1] }).spec != nil)
        let all = load(tasks(200) { number in (1...200).filter { $0 != number } })
        #expect(all.spec == nil && all.errors.count <= LabReporter.limit)
    }

    @Test("No more mistakes than anyone reads are looked for") func mistakes() {
        let names = (0..<20_000).map { "${no\($0)}" }.joined(separator: " ")
        let load = load(MiniLab.yaml.replacing("en: A small lab.", with: "en: '\(names)'"))
        #expect(load.spec == nil && load.diagnostics.count == LabReporter.limit)
    }

    @Test("Patterns that exhaust the stack aren't valid, and those that never end don't match")
    func patterns() {
        let deep = String(repeating: "(", count: 20_000) + "a" + String(repeating: ")", count: 20_000)
        #expect(throws: (any Error).self) { try ForeignPattern.compile(deep) }
        #expect(throws: (any Error).self) { try ForeignPattern.compile(String(repeating: "[", count: 400)) }
        #expect(throws: (any Error).self) { try ForeignPattern.compile(String(repeating: "a", count: 5000)) }
        let text = String(repeating: "a", count: 24) + "!"
        for _ in 1...2 {
            let outcome = ForeignPattern.attempt("(a+)+$", timeout: 0.01) { text.firstMatch(of: $0)?.range }
            guard case .tooSlow = outcome else {
                Issue.record("\(outcome)")
                continue
            }
        }
        #expect(ForeignPattern.apply("([a-z]+)([!])", to: text) { $1.firstMatch(of: $0)?.output.count } == 3)
        #expect(ForeignPattern.apply("[a-z]+!", to: text) { ((try? $0.wholeMatch(in: $1)) ?? nil) != nil } == true)
    }

    @Test("A pattern that others use at the same time isn't slow for that") func sharedPattern() async {
        let found = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask { ForeignPattern.apply("(a+)(b+)([0-9]+)", to: "aabb\(number)") { $1.contains($0) } ?? false }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(found == 64)
    }

    @Test("A word is compared only with words") func words() {
        let long = String(repeating: "a", count: 100_000)
        #expect(NearestWord.to(long, among: [long + "b"]) == nil && NearestWord.to("lsit", among: [long, "list"]) == "list")
    }

    @Test("An instruction with a hundred thousand lines", arguments: ["RUN a \\\n", "   \\\n", "aaaaaaaa\\\n"]) func longInstruction(
        _ line: String
    ) {
        let text = "FROM a:1\nRUN true \\\n" + String(repeating: line, count: 100_000) + " true\n"
        #expect(!DockerfileReview(Array(text.utf8), DockerfileSetting()).file.instructions.isEmpty)
    }

    @Test("A line of a Dockerfile with variables that never close") func openVariables() {
        let file = Dockerfile(Array(("FROM a\nENV A=" + String(repeating: "${a:-", count: 13_000) + "\n").utf8))
        let text = file.instructions.last?.arguments ?? ""
        #expect(DockerfileVariables.names(in: text).isEmpty && DockerfileVariables.names(in: "${a:-${b}") == ["a"])
    }
}
