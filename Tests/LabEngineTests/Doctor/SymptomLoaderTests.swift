import Diagnosis
import LabFile
import LabSupport
import Testing

@Suite("Reading rule files") struct SymptomLoaderTests {
    private static func file(match: String, after: String = "[]") -> [(name: String, text: String)] {
        let text = """
            schema: 1
            causes:
              - id: moon
                where: [build]
                title: {en: The moon, zh: 月亮}
                why: {en: It is not full., zh: 还没有满月。}
                match: [\(match)]
                after: \(after)
                cures:
                  - text: {en: Wait., zh: 请等待。}
            """
        return [(name: "x.yaml", text: text)]
    }

    private func mistakes(_ match: String, after: String = "[]") -> [String] {
        SymptomLoader.load(files: Self.file(match: match, after: after)).diagnostics.map { "\($0.line): \($0.message.en)" }
    }

    private func finds(_ match: String, in output: String) -> Bool {
        let symptoms = SymptomLoader.load(files: Self.file(match: match)).symptoms
        return Diagnosis.diagnose(output: output, symptoms: symptoms).first?.cause == "moon"
    }

    @Test("the order in which files come doesn't decide between equal findings") func order() {
        let files = Self.file(match: "moon")
        let sun = files[0].text.replacing("id: moon", with: "id: sun")
        let (first, second) = ((name: "rules/a.yaml", text: sun), (name: "b.yaml", text: files[0].text))
        for given in [[first, second], [second, first]] {
            let found = Diagnosis.diagnose(output: "no moon", symptoms: SymptomLoader.load(files: given).symptoms)
            #expect(found.map(\.cause) == ["sun", "moon"])
        }
    }

    @Test("a file without mistakes") func good() { #expect(mistakes("'moon is not full'") == []) }

    @Test("mistakes are named with their line") func bad() {
        #expect(mistakes("'* moon'") == ["7: the pattern must begin with text, not with a gap"])
        #expect(mistakes("'a*b'") == ["7: the pattern needs at least three fixed characters in a row"])
        #expect(mistakes("'moon {a|b'") == ["7: `{` has no `}`"])
        #expect(mistakes("{any: [moon], strenght: weak}") == ["7: unknown key `strenght` in `match[1]`"])
        #expect(mistakes("moon", after: "[sun]").count == 1)
        #expect(SymptomLoader.load(files: [(name: "x.yaml", text: "schema: 2")]).diagnostics.count == 1)
    }

    @Test(
        "patterns",
        arguments: [
            ("'moon is not full'", "The MOON is not\n   full", true),
            ("'moon is not full'", "moonis not full", true),
            ("moon", "moonlight", false),
            ("'moon*'", "moonlight", true),
            ("'moon * phase'", "moon in the wrong phase", true),
            ("'moon * phase'", "moon\n\nphase of the wrong kind, on a line of its own", false),
            ("'phase <n> of moon'", "phase 12 of moon", true),
            ("'phase <n> of moon'", "phase x of moon", false),
            ("'phase <w> of moon'", "phase 'x-1' of moon", true),
            ("'{new|full} moon'", "full moon", true),
            ("'{new|full} moon'", "half moon", false),
            ("'^moon'", "#7 0.123 moon", true),
            ("'^moon'", "the moon", false),
            ("'moon$'", "full moon\nx", true),
            ("'moon$'", "moon x", false),
            ("'error: '", "error: moon", true),
            ("'error: '", "ERROR:moon", false),
            ("'the \"moon\"'", "the “moon”", true),
            ("'100\\*moon'", "100*moon", true),
            ("{any: [moon], with: [stars], within: 1}", "moon\nstars", true),
            ("{any: [moon], with: [stars], within: 1}", "moon\n\nx\nstars", false),
            ("{any: [moon], unless: [cheese]}", "moon of cheese\nmoon", true),
            ("{any: [moon], unless: [cheese]}", "moon of cheese", false),
            ("{any: [moon], absent: [cheese]}", "moon\n\ncheese", false),
        ])
    func pattern(_ pattern: String, _ output: String, _ found: Bool) { #expect(finds(pattern, in: output) == found) }
}
