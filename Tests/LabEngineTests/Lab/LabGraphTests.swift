import LabFile
import LabSupport
import Testing

@Suite("Which task needs which") struct LabGraphTests {
    /// `3.1: 2.2` means that 3.1 needs 2.2.
    private func graph(_ needs: [(String, [String])]) throws -> LabGraph {
        let tasks = try needs.map { id, needs in
            LabTask(
                id: try #require(TaskID(id)), title: Text(verbatim: id), text: Text(verbatim: ""),
                needs: try needs.map { try #require(TaskID($0)) },
                action: .read(LabReadAction()), checks: [], expectedSeconds: 1)
        }
        let text = Text(verbatim: "x")
        return LabGraph(
            LabSpec(
                id: "x", title: text, summary: text, variables: [], images: [], servers: [],
                steps: [LabStep(number: 1, title: text, tasks: tasks)], directory: "/l"))
    }

    private func diamond() throws -> LabGraph {
        try graph([("1.1", []), ("1.2", ["1.1"]), ("2.1", ["1.1"]), ("2.2", ["1.2", "2.1"]), ("2.3", []), ("4.1", ["2.3"])])
    }

    @Test("the order of the file where it works, and needs first where not") func order() throws {
        #expect(try diamond().order.map(\.description) == ["1.1", "1.2", "2.1", "2.2", "2.3", "4.1"])
        #expect(try graph([("1.1", ["1.3"]), ("1.2", []), ("1.3", [])]).order.map(\.description) == ["1.3", "1.1", "1.2"])
    }

    @Test("a circle does not hang") func circle() throws {
        #expect(try graph([("1.1", ["1.2"]), ("1.2", ["1.1"])]).order.count == 2)
    }

    @Test("a task with all that it needs") func closure() throws {
        let graph = try diamond()
        #expect(graph.closure(of: [TaskID(step: 2, number: 2)]).map(\.description) == ["1.1", "1.2", "2.1", "2.2"])
        #expect(graph.closure(of: []).isEmpty)
    }

    @Test("the longest chain") func criticalPath() throws {
        let seconds = ["1.1": 5, "1.2": 1, "2.1": 30, "2.2": 2, "2.3": 20, "4.1": 10]
        let path = try diamond().criticalPath { seconds[$0.description] ?? 0 }
        #expect(path.tasks.map(\.description) == ["1.1", "2.1", "2.2"] && path.seconds == 37)
    }

    @Test(
        "words for a selection",
        arguments: [
            ("2", "2.1 2.2 2.3"), ("2.2", "2.2"), ("all", "1.1 1.2 2.1 2.2 2.3 4.1"), ("1-2", "1.1 1.2 2.1 2.2 2.3"),
            ("1.2-2.1", "1.2 2.1"), ("2-4", "2.1 2.2 2.3 4.1"), ("4, 1.1", "1.1 4.1"), ("2.3-4", "2.3 4.1"),
        ])
    func select(text: String, expected: String) throws {
        #expect(try diamond().select(text).map(\.description).joined(separator: " ") == expected)
    }

    @Test(
        "words that select nothing",
        arguments: [
            (
                "3", "There is no step `3`.",
                "Steps of this lab: 1, 2, 4. `3.4` is one sub-step, `3-4` a range, `all` everything."
            ),
            ("2.9", "There is no step `2.9`; did you mean `2.3`?", "Step 2 has 2.1, 2.2, 2.3."),
            ("al", "There is no step `al`; did you mean `all`?", nil), ("serve", "There is no step `serve`.", nil),
            ("4-1", "The range `4-1` is reversed.", nil), ("", "There is no step ``.", nil), ("1,,2", "There is no step ``.", nil),
        ] as [(String, String, String?)])
    func unknown(text: String, message: String, hint: String?) throws {
        let graph = try diamond()
        let error = try #require(throws: LabError.self) { try graph.select(text) }
        #expect(error.code == .usageStep && error.message.en == message && error.message.zh != message)
        if let hint { #expect(error.hint?.en == hint) }
    }
}

@Suite("The nearest word") struct NearestWordTests {
    @Test(
        "slips of the fingers, and words that are none",
        arguments: [
            ("chekcs", "checks"), ("Image", "image"), ("conatiner", "container"), ("imag", "image"), ("frobnicate", nil), ("", nil),
        ] as [(String, String?)])
    func nearest(word: String, expected: String?) {
        #expect(NearestWord.to(word, among: ["image", "checks", "container", "copy"]) == expected)
    }
}
