import Diagnosis
import Glibc
import LabSupport
import TestSupport
import Testing

@testable import ContainerEngine
@testable import DockerfileCheck
@testable import HTTPTransport
@testable import LabFile
@testable import LabRunner

/// What happens to a file that the student wrote: in runs of their own, in unattended ones, and when they ask for the reference.
struct StudentFileTests {
    private static let file: TaskID = "1.1"
    private static let build: TaskID = "1.2"
    private static let solution = "FROM debian:trixie-slim\nENTRYPOINT [\"train\"]\n"

    /// A lab with a file to write and a build that uses it, without an engine.
    private struct Lab {
        let folder: TemporaryDirectory
        var mini: MiniRun

        init() throws {
            folder = try TemporaryDirectory()
            try folder.write("FROM todo-1-name-it\n", to: "ctx/Dockerfile.template")
            try folder.write("# 请完成\nFROM todo-1-name-it\n", to: "ctx/Dockerfile.zh")
            try folder.write(StudentFileTests.solution, to: "ctx/Dockerfile")
            try folder.write("print(1)\n", to: "ctx/train.py")
            let want = DockerfileWant(
                text: Text(en: "a program", zh: "程序"), instructions: ["ENTRYPOINT"], todo: 1,
                advice: Text(verbatim: "ENTRYPOINT [\"train\"]"))
            let action = LabFileAction(
                path: "Dockerfile.own", template: Text(en: "ctx/Dockerfile.template", zh: "ctx/Dockerfile.zh"), reference: "ctx/Dockerfile",
                wants: [want])
            let built = LabBuildAction(tag: "t:1", context: "ctx", dockerfile: "ctx/Dockerfile", student: "Dockerfile.own", arguments: [:])
            let tasks = [
                Mini.task(StudentFileTests.file, .file(action)),
                Mini.task(
                    StudentFileTests.build, .build(built), needs: [StudentFileTests.file],
                    checks: [.file(path: "never", minimumBytes: 1, sha256: nil)]),
            ]
            let docker = DockerClient(http: CurlHTTPClient.shared, endpoint: .unix(path: "/nonexistent.sock"), ping: PingInfo())
            mini = try MiniRun(docker, Mini.spec(tasks, directory: folder.path))
        }

        var path: String { "\(mini.workspace.files(lab: "mini"))/Dockerfile.own" }

        func write(_ text: String) throws {
            try Files.makeDirectory(mini.workspace.files(lab: "mini"))
            try Files.write(Array(text.utf8), to: path)
        }

        func text(_ path: String? = nil) throws -> String { try Files.text(path ?? self.path) }

        func perform(_ task: TaskID = StudentFileTests.file, auto: Bool = false, useReference: Bool = false) async throws
            -> MiniRun.Outcome
        {
            var mini = mini
            mini.options.auto = auto
            mini.options.useReference = useReference ? true : nil
            return try await mini.perform([task])
        }
    }

    private func codes(_ outcome: MiniRun.Outcome, _ task: TaskID = file) -> [String] {
        outcome.payloads(task).compactMap { if case .notice(let notice) = $0 { notice.code } else { nil } }
    }

    private func findings(_ outcome: MiniRun.Outcome, _ task: TaskID = file) -> [String] {
        outcome.payloads(task).compactMap { if case .finding(let finding) = $0 { finding.cause } else { nil } }
    }

    @Test func theTemplateOfAnyLanguageIsNotYetTheStudentsWork() async throws {
        for template in ["FROM todo-1-name-it\n", "# 请完成\nFROM todo-1-name-it\n", "# An earlier version's.\nFROM \\\n  todo-1-name-it\n"] {
            let lab = try Lab()
            try lab.write(template)
            let outcome = try await lab.perform()
            #expect(outcome.ending(Self.file)?.error?.code == .studentFile)
        }
    }

    @Test func aGoodFileIsDoneAndTheStudents() async throws {
        let lab = try Lab()
        try lab.write("FROM debian:12\nENTRYPOINT [\"mine\"]\n")
        for auto in [false, true] {
            let outcome = try await lab.perform(auto: auto)
            #expect(outcome.ending(Self.file)?.outcome == .satisfied)
            #expect(codes(outcome).contains("file.student") && !codes(outcome).contains("file.reference"))
        }
    }

    @Test func aWrongFileWaitsForTheStudent() async throws {
        let lab = try Lab()
        try lab.write("RUN pip instal torch\n")
        let outcome = try await lab.perform()
        #expect(outcome.ending(Self.file)?.outcome == .waiting)
        #expect(outcome.ending(Self.file)?.error?.code == .dockerfileErrors)
        #expect(Set(findings(outcome)) == ["dockerfile-from-missing", "dockerfile-misspelt-command"])
        #expect(outcome.checks(Self.file).contains { $0.kind == "dockerfile.want" && $0.standing == .failed })
    }

    /// The worst that could happen: their mistake is hidden behind a solution that isn't theirs.
    @Test func anUnattendedRunFailsAtAWrongFileAndLeavesIt() async throws {
        let lab = try Lab()
        let wrong = "FROM debian:12\nCOPY nothing.py /app/\nENTRYPOINT [\"mine\"]\n"
        try lab.write(wrong)
        let outcome = try await lab.perform(Self.build, auto: true)
        #expect(outcome.ending(Self.file)?.outcome == .failed && outcome.ending(Self.build)?.outcome == .blocked)
        #expect(outcome.ending(Self.file)?.error?.hint?.en.contains("--use-reference") == true)
        #expect(findings(outcome) == ["dockerfile-source-missing"])
        #expect(try lab.text() == wrong)
        #expect(!codes(outcome).contains("file.reference"))
    }

    @Test func theReferenceReplacesTheFileOnlyIfAskedForAndTheFileIsSaved() async throws {
        let lab = try Lab()
        try lab.write("FROM debian:12\nENTRYPOINT [\"mine\"]\n")
        let outcome = try await lab.perform(useReference: true)
        #expect(outcome.ending(Self.file)?.outcome == .succeeded)
        #expect(try lab.text() == Self.solution)
        #expect(try lab.text(lab.path + ".mine") == "FROM debian:12\nENTRYPOINT [\"mine\"]\n")
        #expect(codes(outcome).contains("file.replaced") && codes(outcome).contains("file.reference"))
        // A second file goes beside the first.
        try lab.write("FROM debian:13\nENTRYPOINT [\"other\"]\n")
        _ = try await lab.perform(auto: true, useReference: true)
        #expect(try lab.text(lab.path + ".mine2") == "FROM debian:13\nENTRYPOINT [\"other\"]\n")
        #expect(try lab.text(lab.path + ".mine") == "FROM debian:12\nENTRYPOINT [\"mine\"]\n")
        // From then on it is the lab's work.
        let again = try await lab.perform()
        #expect(codes(again).contains("file.reference") && !codes(again).contains("file.student"))
    }

    @Test func withoutAFileAnUnattendedRunUsesTheReferenceAndWritesNothing() async throws {
        let lab = try Lab()
        let outcome = try await lab.perform(auto: true)
        #expect(outcome.ending(Self.file)?.outcome == .satisfied && codes(outcome) == ["file.reference"])
        #expect(!Files.exists(lab.path))
    }

    @Test func aReferenceThatWasUsedStaysUsedUntilTheStudentBegins() async throws {
        let lab = try Lab()
        _ = try await lab.perform(auto: true)
        let outcome = try await lab.perform()
        #expect(outcome.ending(Self.file)?.outcome == .satisfied && codes(outcome) == ["file.reference"])
        #expect(!Files.exists(lab.path))
        // A build of the student's own needs the file.
        #expect(try await lab.perform(Self.build).ending(Self.file)?.outcome == .waiting)
        #expect(try await lab.perform().ending(Self.file)?.outcome == .waiting)
        // If students remove their file, it's gone. The reference solution doesn't step in for it.
        try lab.write("FROM debian:12\nENTRYPOINT [\"mine\"]\n")
        #expect(try await lab.perform().ending(Self.file)?.outcome == .satisfied)
        unlink(lab.path)
        #expect(try await lab.perform().ending(Self.file)?.outcome == .waiting)
    }

    @Test func theTemplateStaysTheStudentsTurn() async throws {
        let lab = try Lab()
        #expect(try await lab.perform().ending(Self.file)?.outcome == .waiting)
        #expect(try lab.text() == "FROM todo-1-name-it\n")
        let outcome = try await lab.perform()
        #expect(outcome.ending(Self.file)?.error?.code == .studentFile)
    }

    @Test func aBuildUsesWhatTheStudentWrote() async throws {
        let lab = try Lab()
        func recipe(auto: Bool) async throws -> BuildRecipe {
            var options = RunOptions()
            options.auto = auto
            let context = try await MiniRun.context(lab.mini.spec, home: lab.mini.home.path, options: options)
            guard case .build(let action)? = context.spec.task(Self.build)?.action else { throw CancellationError() }
            return try BuildRecipe(action, context)
        }
        for (text, isReference) in [(nil, true), ("FROM todo-1-name-it\n", true), (Self.solution, true), ("FROM debian:12\n", false)] {
            if let text { try lab.write(text) }
            for auto in [false, true] { #expect(try await recipe(auto: auto).isReference == isReference, "\(text ?? "no file")") }
        }
    }

    @Test func aBuildRefusesAFileWithErrorsBeforeItAsksTheEngine() async throws {
        let lab = try Lab()
        var spec = lab.mini.spec
        spec.steps[0].tasks.removeFirst()
        spec.steps[0].tasks[0].needs = []
        try lab.write("FROM debian:12\nRUM echo a\n")
        var mini = lab.mini
        mini.spec = spec
        let outcome = try await mini.perform([Self.build])
        let error = try #require(outcome.ending(Self.build)?.error)
        #expect(error.code == .dockerfileErrors && error.message.en.contains("line 2"))
        #expect(findings(outcome, Self.build) == ["dockerfile-unknown-instruction"])
    }

    @Test func authorsAreTruthful() {
        let action = LabAction.file(LabFileAction(path: "D", template: Text(verbatim: "t"), reference: "r"))
        let own = Notice(level: .info, code: "file.student", text: Text(verbatim: ""))
        let reference = Notice(level: .info, code: "file.reference", text: Text(verbatim: ""))
        #expect(action.authors(isDone: true, isAuto: true, notices: [own]) == [.student])
        #expect(action.authors(isDone: true, isAuto: false, notices: [reference]) == [.lab])
        #expect(action.authors(isDone: true, isAuto: true, notices: []) == [.lab])
        #expect(action.authors(isDone: false, isAuto: false, notices: [own]) == [])
    }
}
