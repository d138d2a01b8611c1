import LabFile
import LabSupport
import Testing

@Suite("Filling in variables") struct TemplateTests {
    private let template = Template(["epochs": "3", "user": "li.wei", "port": "8080", "dot": "1.5"])

    @Test(
        "names, dollars and the rest",
        arguments: [
            ("${epochs} epochs", "3 epochs"), ("a${user}${port}b", "ali.wei8080b"), ("no names", "no names"), ("", ""),
            ("$HOME costs 5$", "$HOME costs 5$"), ("$${HOME}", "${HOME}"), ("$$$$", "$$"), ("轮数 ${epochs}。", "轮数 3。"),
        ])
    func fill(text: String, expected: String) throws {
        #expect(try template.fill(text) == expected)
    }

    @Test("an unknown name is an error with the nearest one") func unknown() {
        #expect(throws: TemplateError.unknown("epocs", nearest: "epochs")) { try template.fill("${epocs}") }
        #expect(throws: TemplateError.unknown("", nearest: nil)) { try template.fill("${}") }
        #expect(throws: TemplateError.unclosed("${epochs")) { try template.fill("x ${epochs") }
        #expect(
            TemplateError.unknown("epocs", nearest: "epochs").labError.message.en
                == "unknown variable `${epocs}`; did you mean `${epochs}`?")
    }

    @Test("a value in a pattern is taken literally") func pattern() throws {
        #expect(try template.fill(pattern: "^v${dot}$") == "^v1\\.5$")
        #expect(try template.fill(pattern: "a$$") == "a$$")
    }

    @Test("a whole lab is filled in") func spec() throws {
        let spec = try #require(MiniLab.load().spec)
        let values = try LabVariables.resolve(spec: spec, set: ["epochs": "7"], builtIns: ["user": "ann"])
        let filled = try spec.filled(by: Template(values))
        let task = try #require(filled.task(TaskID(step: 2, number: 1)))
        #expect(task.text == Text(en: "Trains 7 epochs.", zh: "训练 7 轮。"))
        guard case .run(let run) = task.action else { return #expect(Bool(false)) }
        #expect(run.container.name == "ann-train" && run.container.command == ["train", "7"])
        #expect(task.checks.first?.subject == .container(name: "ann-train", state: .exited, exitCode: 0))
        #expect(filled.server("ts")?.inferencePort == "8080" && filled.server("ts")?.container == "ann-ts")
        #expect(!"\(filled.steps)\(filled.images)\(filled.servers)".contains("${"))
    }
}

@Suite("Values of variables") struct LabVariablesTests {
    private let builtIns = ["user": "ann", "workspace": "/w", "lab": "/l", "device": "cpu", "run": "4"]

    private func spec(_ variables: LabVariable...) -> LabSpec {
        let text = Text(verbatim: "x")
        return LabSpec(id: "x", title: text, summary: text, variables: variables, images: [], servers: [], steps: [], directory: "/l")
    }

    private func variable(_ name: String, _ value: String, quick: String? = nil, pattern: String? = nil) -> LabVariable {
        LabVariable(name: name, text: Text(verbatim: name), value: value, quick: quick, pattern: pattern)
    }

    @Test("what is set comes before quick, and quick before the ordinary value") func precedence() throws {
        let spec = spec(variable("epochs", "3", quick: "1"), variable("dir", "${workspace}/e${epochs}"))
        #expect(try LabVariables.resolve(spec: spec, builtIns: builtIns)["dir"] == "/w/e3")
        #expect(try LabVariables.resolve(spec: spec, quick: true, builtIns: builtIns)["dir"] == "/w/e1")
        let values = try LabVariables.resolve(spec: spec, set: ["epochs": "9"], quick: true, builtIns: builtIns)
        #expect(values["dir"] == "/w/e9" && values["run"] == "4")
    }

    @Test("name and number choose a student's own value, in any spelling") func perStudent() throws {
        let range = LabVariable(name: "seed", text: Text(verbatim: "s"), value: "1", perStudent: .between(1000, 999_999))
        let list = LabVariable(name: "animal", text: Text(verbatim: "a"), value: "cat", perStudent: .among(["cat", "dog", "owl"]))
        let spec = spec(range, list)
        func values(_ student: String, set: [String: String] = [:]) throws -> [String: String] {
            try LabVariables.resolve(spec: spec, set: set, builtIns: builtIns.merging(["student": student]) { $1 })
        }
        let ada = try values("Ada Lovelace 2024123")
        #expect(ada["seed"] == "650976" && ada["animal"] == "cat")
        #expect(try values("lovelace, ada <ada@example.org> (2024123)")["seed"] == ada["seed"])
        #expect(try values("Ada Lovelace 2024124")["seed"] != ada["seed"])
        let error = #expect(throws: LabError.self) { try values("Ada Lovelace 2024123", set: ["seed": "7"]) }
        #expect(error?.code == .usageVariable && error?.message.en == "`seed` is your own value and can't be set")
        #expect(error?.message.zh == "`seed` 是你的专属取值，不能修改")
        #expect(try LabVariables.resolve(spec: spec, set: ["seed": "7"], builtIns: builtIns)["seed"] == "7")
        // A run keeps the value that it used, even if another student uses the workspace now.
        let eve = builtIns.merging(["student": "Eve"]) { $1 }
        #expect(try LabVariables.resolve(spec: spec, own: ["seed": "650976"], builtIns: eve)["seed"] == "650976")
        let students = try (0..<500).map { try values("Student \($0)") }
        #expect(Set(students.compactMap { $0["seed"] }).count > 490 && Set(students.compactMap { $0["animal"] }) == ["cat", "dog", "owl"])
        #expect(students.allSatisfy { (1000...999_999).contains(Int($0["seed"] ?? "") ?? 0) })
        // Nobody in particular, as in `lab check`.
        #expect(try LabVariables.resolve(spec: spec, builtIns: builtIns)["seed"] == "1")
        #expect(Int(LabStudentValues.between(.min, .max).value(of: "ada", lab: "x", variable: "y")) != nil)
    }

    @Test(
        "a person is the same in all these spellings",
        arguments: [
            ("Ada Lovelace 2024123", "lovelace, ADA <ada@example.org> (2024123)"), ("王小明 2024123", "王小明２０２４１２３"),
            ("王小明 2024123", "2024123、王小明"), ("王小明 2024123", "王小明（2024123）"), ("王小明 2024123", "王小明；2024123　"),
            ("Ada 2024123", "Ａｄａ2024123"), ("José Núñez 7", "Jose\u{301} Nu\u{301}n\u{303}ez 7"),
            ("Nguyễn Thế 7", "Nguye\u{302}\u{303}n The\u{302}\u{301} 7"), ("Йорг 7", "И\u{306}орг 7"),
            ("ada@example.org", "ADA@example.org"), ("한 7", "\u{1112}\u{1161}\u{11AB} 7"),
        ])
    func spellings(one: String, other: String) {
        #expect(LabStudentValues.key(one) == LabStudentValues.key(other))
        // The bytes are hashed.
        #expect(Array(LabStudentValues.key(one).utf8) == Array(LabStudentValues.key(other).utf8))
        #expect(!LabStudentValues.key(one).isEmpty)
    }

    @Test("other people stay others")
    func otherPeople() {
        let keys = [
            "Ada 2024123", "Ada 2024124", "Ada", "Àda 2024123", "bob@example.org", "ada@example.org", "王小明", "王小名", "王一", "王二",
        ].map(LabStudentValues.key)
        #expect(Set(keys).count == keys.count)
    }

    @Test("a task uses a variable by way of others, images and servers, too") func users() {
        let run = LabAction.run(LabRunAction(LabContainer(image: "image:base", name: "c")))
        let dir = LabAction.run(LabRunAction(LabContainer(image: "b", name: "d", command: ["${dir}"])))
        var spec = Mini.spec(
            [
                Mini.task("1.1"), Mini.task("1.2", run), Mini.task("1.3", dir),
                Mini.task("1.4", checks: [.container(name: "x-${seed}", state: .running, exitCode: nil)]),
            ], variables: [variable("seed", "1"), variable("dir", "/w/${seed}"), variable("other", "1")],
            images: [LabImage(name: "base", tag: "base:${seed}", text: Text(verbatim: "b"), sources: [])])
        #expect(spec.tasks(using: "seed") == ["1.2", "1.3", "1.4"])
        #expect(spec.tasks(using: "dir") == ["1.3"] && spec.tasks(using: "other") == [])
        spec.images = []
        #expect(spec.tasks(using: "seed") == ["1.3", "1.4"])
    }

    @Test("all that is wrong with the settings is said at once") func wrong() throws {
        let spec = spec(variable("epochs", "3", pattern: "[0-9]+"))
        let error = try #require(throws: LabError.self) {
            try LabVariables.resolve(spec: spec, set: ["epochs": "3x", "epoch": "1", "user": "eve"], builtIns: builtIns)
        }
        #expect(error.code == .usageVariable)
        #expect(
            error.message.en == "there is no variable `epoch`; did you mean `epochs`?; `user` is set by ailab itself; "
                + "`epochs` cannot be `3x`; it must match [0-9]+")
        #expect(error.message.zh.contains("没有变量 `epoch`") && error.hint?.zh == "这个实验的变量有：`epochs`。")
    }
}
