import ContainerEngine
import Glibc
import LabSupport
import TestSupport
import Testing

@Suite(.tags(.engine), .needsOfTags) struct BadSituationTests {
    @Test func aKilledRunnersContainerIsTakenOver() async throws {
        try await CommandLineFixture.with("kill") { lab in
            let first = try lab.start(["step", "1.4"])
            try await lab.containerRuns("waits")
            let before = try await lab.engine.docker.inspectContainer("\(lab.id)-waits").id
            kill(try await lab.runner(), SIGKILL)
            let lost = try await first.outcome()
            #expect(lost.code == 1)
            #expect(lost.error.contains("Nothing is lost"))
            let said1 = try await lab.run(["list"]).output
            #expect(said1.contains("! 1.4"))
            let second = try lab.start(["step", "1.4"])
            try await eventually { second.error.contains("Taking over") }
            try Files.write([], to: lab.file("out/go"))
            let outcome = try await second.outcome()
            #expect(outcome.code == 0)
            #expect(outcome.output.contains("went on"))
            #expect(try await lab.engine.docker.inspectContainer("\(lab.id)-waits").id == before)
        }
    }

    @Test func controlCCancelsCleanlyAndTwiceAtOnce() async throws {
        try await CommandLineFixture.with("int") { lab in
            let first = try lab.start(["step", "1.4"])
            try await lab.containerRuns("waits")
            kill(first.pid, SIGINT)
            #expect(try await first.outcome().code == 130)
            #expect(try await lab.engine.docker.inspectContainer("\(lab.id)-waits").state.isRunning == false)
            let second = try lab.start(["step", "1.4"])
            try await lab.containerRuns("waits")
            // Stopped, the runner cannot answer the first one.
            let runner = try await lab.runner()
            kill(runner, SIGSTOP)
            kill(second.pid, SIGINT)
            try await eventually { second.error.contains("Cancelling") }
            kill(second.pid, SIGINT)
            #expect(try await second.outcome().code == 130)
        }
    }

    @Test func oneRunOwnsAWorkspaceAndStopEndsIt() async throws {
        try await CommandLineFixture.with("two") { lab in
            let first = try lab.start(["step", "1.4"])
            try await lab.containerRuns("waits")
            let second = try await lab.run(["step", "1.2"])
            #expect(second.code == 3)
            #expect(second.error.contains("is using this workspace"))
            #expect(try await lab.run(["clean", "--yes"]).code == 3)
            #expect(try await lab.run(["verify", "1.4"]).code == 1)
            #expect(try await lab.run(["stop"]).code == 0)
            #expect(try await first.outcome().code == 130)
            #expect(try await lab.run(["stop"]).code == 0)
        }
    }

    @Test func aStrangersContainerKeepsItsName() async throws {
        try await CommandLineFixture.with("name") { lab in
            var config = ContainerConfig(image: "\(lab.id):base", command: ["true"])
            config.labels = lab.engine.labels
            let made = try await lab.engine.docker.createContainer(config, name: "\(lab.id)-hello")
            lab.engine.atEnd { [docker = lab.engine.docker] in try await docker.removeContainer(made.id, force: true) }
            let outcome = try await lab.run(["step", "1.2"])
            #expect(outcome.code == 1)
            #expect(outcome.output.contains("was made by hand, not by ailab"))
            #expect(try await lab.engine.docker.inspectContainer("\(lab.id)-hello").id == made.id)
        }
    }

    @Test func aTakenPortIsNamed() async throws {
        try await CommandLineFixture.with("port") { lab in
            let holder = try await lab.engine.container(["sleep", "600"]) { $0.ports = [PortMapping(container: 80, host: lab.port)] }
            try await lab.engine.docker.startContainer(holder)
            let outcome = try await lab.run(["step", "1.6"])
            #expect(outcome.code != 0)
            #expect(outcome.output.contains("\(lab.port)"))
        }
    }

    @Test func anEngineThatGoesAwayIsWaitedFor() async throws {
        try await CommandLineFixture.with("back") { lab in
            let relay = try SocketRelay(to: try RealEngine.endpoint())
            let run = try lab.start(["step", "1.4"], ["DOCKER_HOST": relay.endpoint.dockerHost])
            try await lab.containerRuns("waits")
            try await eventually { run.output.contains("begun") }
            relay.cut()
            try await eventually { run.error.contains("went away") }
            try relay.mend()
            try await eventually { run.error.contains("Taking over") }
            try Files.write([], to: lab.file("out/go"))
            let outcome = try await run.outcome()
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.error)")
            #expect(outcome.output.ranges(of: "│ begun").count == 1, "a log that is read again isn't shown twice")
        }
    }

    @Test func anEngineThatStaysAwayBlocksAndNothingIsStuck() async throws {
        try await CommandLineFixture.with("lost") { lab in
            let relay = try SocketRelay(to: try RealEngine.endpoint())
            let run = try lab.start(["step", "1.4"], ["DOCKER_HOST": relay.endpoint.dockerHost])
            try await lab.containerRuns("waits")
            relay.cut()
            let outcome = try await run.outcome()
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.error)")
            #expect(outcome.output.contains("didn't return within 60 seconds"))
            #expect(outcome.output.contains("[engine-lost]"))
            #expect(!outcome.output.contains("http.version"))
            let second = try lab.start(["step", "1.4"])
            try await eventually { second.error.contains("Taking over") }
            try Files.write([], to: lab.file("out/go"))
            #expect(try await second.outcome().code == 0)
        }
    }
}
