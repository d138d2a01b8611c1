import Glibc
import TestSupport
import Testing

@testable import ContainerEngine
@testable import HTTPTransport
@testable import LabFile
@testable import LabRunner

@Suite("Docker: ending what was started in a container", .timeLimit(.minutes(2)))
struct ExecEndTests {
    /// Ignores being asked, and so does its child.
    private static let stubborn = ["sh", "-c", "trap '' TERM; sleep 1111 & echo begun; while :; do sleep 0.1; done"]

    private func running(_ engine: RealEngine) async throws -> String {
        let id = try await engine.container(["sleep", "3333"])
        try await engine.docker.startContainer(id)
        return id
    }

    /// Starts a program and waits for its first word.
    private func start(_ command: [String], in container: String, _ engine: RealEngine) async throws -> EndableExec {
        let exec = try await engine.docker.createEndableExec(container, ExecConfig(command))
        let output = try await engine.docker.startExec(exec.id)
        for try await chunk in output where String(decoding: chunk.bytes, as: UTF8.self).contains("begun") { break }
        return exec
    }

    /// The command lines of what runs in a container.
    private func processes(_ container: String, _ engine: RealEngine) async throws -> [String] {
        let result = try await engine.docker.exec(container, ExecConfig(["ps", "-o", "args"]))
        return String(decoding: result.stdout, as: UTF8.self).split(separator: "\n").dropFirst().map(String.init)
    }

    @Test(.tags(.engine), .needsOfTags) func whoeverIgnoresTheRequestIsEndedWithWhatItStarted() async throws {
        try await RealEngine.with("exec-end") { engine in
            let container = try await running(engine)
            let other = try await start(Self.stubborn, in: container, engine)
            let exec = try await start(Self.stubborn, in: container, engine)
            #expect(try await processes(container, engine).count { $0.contains("sleep 1111") && !$0.contains("trap") } == 2)
            #expect(await engine.docker.end(exec, grace: .milliseconds(300)))
            #expect(try await engine.docker.inspectExec(exec.id).isRunning == false)
            // The same program beside it is none of its business.
            #expect(try await processes(container, engine).count { $0.contains("sleep 1111") && !$0.contains("trap") } == 1)
            #expect(try await engine.docker.inspectExec(other.id).isRunning)
            #expect(await engine.docker.end(other, grace: .milliseconds(100)))
            #expect(try await engine.docker.inspectContainer(container).state.isRunning)
        }
    }

    @Test(.tags(.engine), .needsOfTags) func itIsAskedFirst() async throws {
        try await RealEngine.with("exec-ask") { engine in
            let container = try await running(engine)
            let polite = ["sh", "-c", "trap 'echo asked > /asked; exit' TERM; echo begun; while :; do sleep 0.05; done"]
            let exec = try await start(polite, in: container, engine)
            #expect(await engine.docker.end(exec, grace: .seconds(30)))
            #expect(try await engine.docker.inspectExec(exec.id).isRunning == false)
            #expect(try await engine.docker.exec(container, ExecConfig(["cat", "/asked"])).stdout == Array("asked\n".utf8))
        }
    }

    @Test(.tags(.engine), .needsOfTags) func oneThatDroppedItsEnvironmentIsFoundByItsNumber() async throws {
        try await RealEngine.with("exec-env") { engine in
            let container = try await running(engine)
            let exec = try await start(["env", "-i"] + ["/bin/sh", "-c", Self.stubborn[2]], in: container, engine)
            #expect(await engine.docker.end(exec, grace: .milliseconds(200)))
            #expect(try await engine.docker.inspectExec(exec.id).isRunning == false)
        }
    }

    @Test(.tags(.engine), .needsOfTags) func whatHasEndedIsNoFailure() async throws {
        try await RealEngine.with("exec-over") { engine in
            let container = try await running(engine)
            let over = try await engine.docker.createEndableExec(container, ExecConfig(["true"]))
            _ = try await engine.docker.startExec(over.id).collect(limit: 1000)
            #expect(await engine.docker.end(over))
            let gone = try await start(Self.stubborn, in: container, engine)
            try await engine.docker.removeContainer(container, force: true)
            #expect(await engine.docker.end(gone))
        }
    }

    @Test(.tags(.engine), .needsOfTags) func aStartThatComesLateIsWaitedForAndOneThatMayYetComeIsSaid() async throws {
        try await RealEngine.with("exec-late") { engine in
            let container = try await running(engine)
            let never = try await engine.docker.createEndableExec(container, ExecConfig(["true"]))
            #expect(await engine.docker.end(never, startTimeout: .milliseconds(100)) == false)
            let late = try await engine.docker.createEndableExec(container, ExecConfig(Self.stubborn))
            async let ended = engine.docker.end(late, grace: .milliseconds(100), startTimeout: .seconds(60))
            try await Task.sleep(for: .milliseconds(1500))
            _ = try await engine.docker.startExec(late.id)
            #expect(await ended)
            #expect(try await processes(container, engine).allSatisfy { !$0.contains("1111") })
        }
    }

    @Test(.tags(.engine), .needsOfTags) func aStrangerIsNeverSignalled() async throws {
        try await RealEngine.with("exec-stranger") { engine in
            let mine = try await running(engine)
            let other = try await running(engine)
            let stranger = try Shell.start("sleep 3333", in: "/")
            defer {
                kill(stranger.pid, SIGKILL)
                _ = waitpid(stranger.pid, nil, 0)
            }
            let foreign = pid_t(try await engine.docker.inspectContainer(other).state.pid)
            for pid in [stranger.pid, foreign, 1, 0, -1] { #expect(!ContainerProcess.signal(pid, in: mine, SIGKILL), "\(pid)") }
            #expect(!ContainerProcess.signal(foreign, in: "", SIGKILL))
            #expect(kill(stranger.pid, 0) == 0)
            #expect(try await engine.docker.inspectContainer(other).state.isRunning)
            #expect(ContainerProcess.signal(foreign, in: other, SIGKILL))
            #expect(try await engine.docker.wait(other) == 137)
        }
    }

    @Test(.tags(.engine), .needsOfTags) func aRunThatIsCancelledLeavesNothingInTheContainer() async throws {
        try await RealEngine.with("exec-run") { engine in
            let container = try await running(engine)
            let action = LabAction.exec(LabExecAction(container: container, command: Self.stubborn))
            let mini = try MiniRun(engine.docker, [Mini.task("1.1", action)])
            let outcome = try await mini.perform { folder, cancel in
                try await eventually {
                    JournalReader.events(of: folder).contains { if case .output = $0.payload { true } else { false } }
                }
                cancel()
            }
            #expect(outcome.ending("1.1")?.outcome == .cancelled)
            #expect(try await processes(container, engine).allSatisfy { !$0.contains("1111") })
            let notices = outcome.payloads("1.1").compactMap { if case .notice(let notice) = $0 { notice.code } else { nil } }
            #expect(!notices.contains("exec.left"))
        }
    }

    @Test func whatNothingCanEndIsSaid() async throws {
        // An engine on which the program runs for ever and nothing is found: no real one is that stubborn on demand.
        let server = try ScriptedServer { request, connection in
            _ = try connection.readBody()
            switch request.target.split(separator: "/").last {
            case "exec": try connection.respond(201, body: #"{"Id":"e"}"#)
            case "start":
                try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                try connection.writeChunk([1, 0, 0, 0, 0, 0, 0, 1, 65])
                try connection.writeChunk([])
            default: try connection.respond(200, body: #"{"Id":"c","Running":true,"Pid":1,"ExitCode":null}"#)
            }
        }
        let docker = DockerClient(
            http: CurlHTTPClient.shared, endpoint: server.endpoint, ping: PingInfo(apiVersion: APIVersion(major: 1, minor: 41)))
        let exec = EndableExec(id: "e", container: "c", user: nil, mark: "m")
        #expect(await docker.end(exec, grace: .milliseconds(100)) == false)
    }
}
