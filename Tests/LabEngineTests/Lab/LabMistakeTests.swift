import LabFile
import LabSupport
import TestSupport
import Testing

@Suite("Mistakes in reading a lab file") struct LabMistakeTests {
    @Test("unknown, missing and duplicate keys", arguments: ReadingMistakes.keys) func key(_ mistake: Mistake) { mistake.check() }
    @Test("values of a wrong type", arguments: ReadingMistakes.values) func value(_ mistake: Mistake) { mistake.check() }
    @Test("YAML that is none", arguments: ReadingMistakes.syntax) func syntax(_ mistake: Mistake) { mistake.check() }

    @Test("all mistakes of a file are found at once") func together() {
        let load = MiniLab.load(
            [
                ("summary:", "summry:"), ("quick: 1}", "quick: 1, quick: 2}"), ("expected: 60", "expected: soon"),
                ("needs: [1.2]", "needs: [1.9]"), ("[train, '${epochs}']", "[train, '${epocs}']"), ("gpu: auto", "gpu: always"),
                ("'accuracy ([0-9.]+)'", "'accuracy ('"), ("key_file: /home", "key_file: home"),
            ])
        #expect(
            load.diagnostics.map { "\($0.line):\($0.column) \($0.suggestion ?? "-")" } == [
                "4:1 summary", "7:60 -", "22:15 -", "31:19 -", "44:17 1.2", "49:31 epochs", "53:18 -", "57:57 -",
            ])
        #expect(load.spec == nil)
    }

    @Test("a wrong regular expression keeps nobody from reading a lab, but from running it") func patterns() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(MiniLab.text([("'accuracy ([0-9.]+)'", "'accuracy ('")]), to: "mini.yaml")
        _ = try LabSpecLoader.spec(path: path)
        #expect(throws: LabError.self) { try LabSpecLoader.specToRun(path: path) }
        #expect(LabSpecLoader.load(path: path).errors.count == 1)
    }

    @Test("a diagnostic reads well in both languages") func languages() throws {
        let diagnostic = try #require(MiniLab.load([("checks:", "chekcs:")]).diagnostics.first)
        #expect(diagnostic.rendered(.en) == "mini.yaml:36:9: error: unknown key `chekcs` in `tasks[2]`; did you mean `checks`?")
        #expect(diagnostic.rendered(.zh) == "mini.yaml:36:9: 错误：`tasks[2]` 中有未知的键 `chekcs`；是不是想写 `checks`？")
    }

    @Test("an empty file, and one that is missing") func noFile() {
        let empty = LabSpecLoader.load(text: "", file: "x.yaml", directory: "x")
        #expect(empty.diagnostics.map { $0.rendered(.en) } == ["x.yaml:1:1: error: the lab file is empty"])
        let missing = LabSpecLoader.load(path: "/nonexistent/lab.yaml")
        #expect(missing.diagnostics.count == 1 && missing.spec == nil)
        #expect(throws: LabError.self) { try LabSpecLoader.spec(path: "/nonexistent/lab.yaml") }
    }
}
