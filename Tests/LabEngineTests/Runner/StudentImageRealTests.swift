import Diagnosis
import TestSupport
import Testing

@testable import ContainerEngine
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// Mistakes in a Dockerfile that only the engine, or a program of the image, brings to light.
@Suite("Runner, real engine: the student's image", .tags(.engine), .needsOfTags, .timeLimit(.minutes(5)))
struct StudentImageRealTests {
    private static let build: TaskID = "1.2"
    private static let run: TaskID = "1.3"

    /// A lab in which the student writes a Dockerfile, and a program runs in its image.
    private func with(
        _ name: String, _ dockerfile: String, program: String = "true", base: LabImage? = nil,
        _ body: (MiniRun.Outcome, String) async throws -> Void
    ) async throws {
        try await RealEngine.with(name) { engine in
            let folder = try TemporaryDirectory()
            try folder.write("FROM todo-1-name-it\n", to: "ctx/Dockerfile.template")
            try folder.write("# The solution.\nFROM \(RealEngine.base)\n", to: "ctx/Dockerfile")
            let tag = "\(engine.id)-own:1"
            let container = LabContainer(image: tag, name: "\(engine.id)-c", command: ["/bin/sh", "-c", program])
            engine.removesAtEnd(container: container.name)
            engine.removesAtEnd(image: tag)
            let file = LabFileAction(
                path: "Dockerfile.own", template: Text(verbatim: "ctx/Dockerfile.template"), reference: "ctx/Dockerfile")
            let built = LabBuildAction(
                tag: tag, context: "ctx", dockerfile: "ctx/Dockerfile", student: "Dockerfile.own",
                arguments: base.map { ["BASE": "image:\($0.name)"] } ?? [:])
            let tasks = [
                Mini.task("1.1", .file(file)), Mini.task(Self.build, .build(built), needs: ["1.1"]),
                Mini.task(Self.run, .run(LabRunAction(container)), needs: [Self.build]),
            ]
            let spec = Mini.spec(tasks, directory: folder.path, images: base.map { [$0] } ?? [])
            let mini = try MiniRun(engine.docker, spec)
            let files = mini.workspace.files(lab: "mini")
            try Files.makeDirectory(files)
            try Files.write(Array(dockerfile.utf8), to: "\(files)/Dockerfile.own")
            try await body(try await mini.perform(), "\(files)/Dockerfile.own")
        }
    }

    private func findings(_ outcome: MiniRun.Outcome, _ task: TaskID) -> [Finding] {
        outcome.payloads(task).compactMap { if case .finding(let finding) = $0 { finding } else { nil } }
    }

    /// A source that failed before another one worked isn't the cause. The image is the student's, so the cure is in their file.
    @Test func aModuleThatTheImageLacksIsInstalledInTheStudentsFile() async throws {
        let program = """
            echo '  failed: [Errno -2] Name or service not known'
            echo '@ailab {"source_failed":"original","name":"https://example.org/w","reason":"[Errno -2] Name or service not known"}'
            echo 'Traceback (most recent call last):' >&2
            echo '  File "/app/fetch.py", line 3, in <module>' >&2
            echo "ModuleNotFoundError: No module named 'efficientnet_lite_pytorch'" >&2
            exit 1
            """
        try await with("lacks", "FROM \(RealEngine.base)\n", program: program) { outcome, path in
            #expect(outcome.ending(Self.build)?.outcome == .succeeded)
            let found = findings(outcome, Self.run)
            #expect(found.map(\.cause) == ["module-not-found"])
            let remedy = try #require(found.first?.remedies.first)
            #expect(
                remedy.place == .file && remedy.text.en.contains(path) && remedy.text.en.contains("efficientnet-lite-pytorch"), "\(remedy)")
        }
    }

    /// If every source failed, that is the cause.
    @Test func sourcesThatFailExplainAProgramThatGaveUp() async throws {
        let program = """
            echo '  failed: [Errno -2] Name or service not known'
            echo '@ailab {"source_failed":"original","name":"https://example.org/w","reason":"[Errno -2] Name or service not known"}'
            echo 'No source works.' >&2
            exit 3
            """
        try await with("sources", "FROM \(RealEngine.base)\n", program: program) { outcome, _ in
            #expect(findings(outcome, Self.run).first?.cause == "dns-failure")
        }
    }

    /// Nothing listens at the registry's address, so the engine can't get the image that the file names.
    @Test func anImageThatTheEngineCannotGetIsCuredByTheOneOfTheLab() async throws {
        let base = LabImage(
            name: "base", tag: RealEngine.base, text: Text(verbatim: "base"), sources: [.pull(reference: "debian:trixie-slim")])
        try await with("absent", "FROM 127.0.0.1:1/debian:12\n", base: base) { outcome, _ in
            #expect(outcome.ending(Self.build)?.outcome == .failed)
            let found = findings(outcome, Self.build)
            #expect(found.map(\.cause) == ["dockerfile-image-not-taken"])
            #expect(found.first?.isOfFile == true)
            #expect(found.first?.remedies.first?.text.en.contains("ARG BASE=debian:trixie-slim") == true)
        }
    }
}
