import LabFile
import LabSupport
import Testing

@Suite("Mistakes between the parts of a lab") struct LabRuleTests {
    @Test("order of tasks", arguments: RuleMistakes.order) func order(_ mistake: Mistake) { mistake.check() }
    @Test("names", arguments: RuleMistakes.names) func name(_ mistake: Mistake) { mistake.check() }
    @Test("values", arguments: RuleMistakes.values) func value(_ mistake: Mistake) { mistake.check() }

    @Test("downloads and predictions") func actions() {
        let fetch = "{fetch: {files: [{path: model.bin, sha256: abc, urls: []}]}}"
        #expect(
            said([("{read: true}", fetch)])
                == [
                    "error: a SHA-256 sum has 64 hexadecimal digits; this one has 3 characters, or contains other characters",
                    "error: `urls` must not be empty",
                ])
        let predict = "{predict: {server: ts, model: m, timeout: 5, cases: [{picture: 3.png, expected: []}]}}"
        #expect(
            said([("{stop: ts}", predict)]) == [
                "error: the lab has no file `/nonexistent/mini/3.png`", "error: `expected` must not be empty",
            ])
    }

    @Test("what is needed only through another task is warned about") func indirectNeed() {
        let run = "{run: {image: alpine, name: x, command: [x]}}"
        #expect(
            said([("{stop: ts}", run)]).first
                == "warning: the image `alpine` comes from task `1.2`, which task 2.3 needs only through another task; if that one is done, "
                + "nobody looks whether the image `alpine` exists. Add it to `needs`")
        #expect(!said([("{stop: ts}", run), ("needs: [2.2]", "needs: [1.2, 2.2]")]).contains { $0.contains("needs only") })
    }

    @Test("two runs under one container name are warned about") func sharedName() {
        let serve = "action: {compare: {image: alpine, name: '${user}-train'}}\n        needs: [1.2]"
        #expect(
            said([("action: {stop: ts}", serve), ("needs: [2.2]\n        ", "")]) == [
                "warning: task 2.1 also starts a container `${user}-train`; the later run removes the earlier container"
            ])
    }

    private func said(_ changes: [(String, String)]) -> [String] {
        MiniLab.load(changes).diagnostics.map { "\($0.severity): \($0.sentence.en)" }
    }
}
