import LabRunner
import LabSupport
import TestSupport
import Testing

/// `ailab deploy` of Lab 5, without an engine.
@Suite struct DeployCommandTests {
    private let folder: TemporaryDirectory
    private let program: Program
    private let output: String

    init() throws {
        folder = try TemporaryDirectory()
        output = "\(folder.path)/out"
        program = try Program(home: "\(folder.path)/home", environment: ["DOCKER_HOST": "unix:///nonexistent/docker.sock"])
    }

    private func archive() throws {
        let store = try Workspace(root: "\(folder.path)/home").files(lab: "lab5") + "/model-store"
        try Files.makeDirectory(store)
        try Files.write(Array("archive".utf8), to: "\(store)/mnist.mar")
    }

    @Test func itWritesNothingUntilThereIsAnArchive() async throws {
        let answer = try await program.run(["deploy", "--to", "compose", "-o", output])
        #expect(answer.exitCode == 2 && answer.errors.contains { $0.contains("ailab step 4.10") }, "\(answer)")
        #expect(!Files.exists(output))
    }

    @Test func aChangedFileStaysUnlessTheStudentAgrees() async throws {
        try archive()
        let call = ["deploy", "--to", "swarm", "-o", output]
        let first = try await program.run(call)
        #expect(first.exitCode == 0 && first.output == ["\(output)/stack.yaml", "\(output)/deploy.properties"], "\(first)")
        #expect(first.errors.contains { $0.contains("docker stack deploy") })
        let written = try Files.text("\(output)/stack.yaml")
        #expect(try await program.run(call).exitCode == 0, "the same content needs no question")

        try Files.write(Array("mine\n".utf8), to: "\(output)/stack.yaml")
        let refused = try await program.run(call)
        #expect(refused.exitCode == 2 && refused.output.isEmpty && refused.errors.contains { $0.contains("--yes") }, "\(refused)")
        #expect(try Files.text("\(output)/stack.yaml") == "mine\n")

        for (answer, content) in [("n", "mine\n"), ("y", written)] {
            let session = try TerminalSession(ChildCommand(Program.path, call, environment: program.environment, timeout: nil))
            try await session.shows("Replace it? [y/N]")
            session.type("\(answer)\n")
            #expect(try await exitCode(of: session.pid) == 0)
            #expect(try Files.text("\(output)/stack.yaml") == content, "after \(answer)")
        }

        try Files.write(Array("mine\n".utf8), to: "\(output)/stack.yaml")
        #expect(try await program.run(call + ["--yes"]).exitCode == 0)
        #expect(try Files.text("\(output)/stack.yaml") == written)
    }

    @Test func aLabWithoutAModelSaysSo() async throws {
        let answer = try await program.run(["deploy", "--to", "kube", "--lab", "lab6", "-o", output])
        #expect(answer.exitCode == 2 && answer.errors.contains { $0.contains("no model to deploy") }, "\(answer)")
    }
}
