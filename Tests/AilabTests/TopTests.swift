import ContainerEngine
import LabSupport
import Telemetry
import TestSupport
import Testing

@Suite(.tags(.engine), .needsOfTags, .timeLimit(.minutes(3))) struct TopTests {
    @Test func onceAsTextAndAsJSON() async throws {
        try await CommandLineFixture.with("top") { lab in
            let id = try await lab.engine.container(["/bin/sh", "-c", "while :; do :; done"]) { $0.cpus = 0.2 }
            try await lab.engine.docker.startContainer(id)
            let name = try await lab.engine.docker.inspectContainer(id).name
            let json = try await lab.run(["top", "--once", "--json"])
            #expect(json.code == 0, "\(json.error)")
            #expect(json.error.isEmpty)
            let lines = json.output.split(separator: "\n")
            #expect(lines.count == 1)
            let sample = try #require(lines.first.flatMap { TelemetrySample(line: $0.utf8) })
            let container = try #require(sample.containers.list.first { $0.id == id })
            #expect(container.name == name && container.cpuLimit == 20)
            #expect(try #require(container.cpu) > 0)
            #expect(sample.insight != nil)
            #expect(sample.gpu.devices.isEmpty == (sample.gpu.absence != nil))
            let text = try await lab.run(["top", "--once"], ["AILAB_LANG": "zh"])
            #expect(text.code == 0)
            #expect(text.output.contains("容器") && text.output.contains("20%"))
            #expect(!text.output.contains("\u{1B}"))
        }
    }

    @Test func itEndsWhenNobodyReadsAnyMore() async throws {
        try await CommandLineFixture.with("toppipe") { lab in
            let command = try lab.command(["top", "--json", "--interval", "0.2"])
            let line = ([command.executable] + command.arguments).map { "'\($0)'" }.joined(separator: " ")
            let outcome = try await ChildProcess.run(
                ChildCommand(
                    "/bin/sh", ["-c", "{ \(line); echo $? >&2; } | head -1 >/dev/null"], environment: command.environment,
                    timeout: .seconds(60)))
            #expect(outcome.exitCode == 0)
        }
    }

    @Test func wrongUse() async throws {
        try await CommandLineFixture.with("topuse") { lab in
            let cases = [
                ["--listen", "0.0.0.0:9835"], ["--listen", "x"], ["--listen", "127.0.0.1:99999"], ["--interval", "0"],
                ["--interval", "nan"], ["--run", "77", "--once"],
            ]
            for arguments in cases {
                let outcome = try await lab.run(["top"] + arguments)
                #expect(outcome.code == 2, "\(arguments): \(outcome.error)")
                #expect(!outcome.error.isEmpty && outcome.output.isEmpty)
            }
        }
    }

    /// Requests are under way by then, and each library that is taken apart under them would crash this program now and then.
    @Test func itLeavesInTheMiddleOfARequest() async throws {
        try await CommandLineFixture.with("topleave") { lab in
            for _ in 1...60 {
                let outcome = try await lab.run(["top", "--listen", "0.0.0.0:9835"])
                try #require(outcome.code == 2)
            }
        }
    }

    @Test func aRunIsRecordedAndReplayed() async throws {
        try await CommandLineFixture.with("record") { lab in
            let run = try await lab.run(["step", "1.2"])
            #expect(run.code == 0, "\(run.error)")
            let replay = try await lab.run(["top", "--run", "1", "--json"])
            #expect(replay.code == 0, "\(replay.error)")
            let samples = replay.output.split(separator: "\n").compactMap { TelemetrySample(line: $0.utf8) }
            #expect(!samples.isEmpty)
            #expect(zip(samples, samples.dropFirst()).allSatisfy { $0.time < $1.time })
            #expect(try await lab.run(["top", "--run", "1", "--once"]).code == 0)
        }
    }

    @Test func aScreenIsDrawnAndGivenBack() async throws {
        try await CommandLineFixture.with("topscreen") { lab in
            let session = try TerminalSession(try lab.command(["top", "--interval", "0.2"]))
            try await session.shows("ailab top")
            try await session.shows("CPU")
            session.resize(columns: 50, rows: 14)
            session.type("L")
            try await session.shows("退出")
            session.type("q")
            #expect(try await exitCode(of: session.pid) == 0)
            #expect(session.isCooked)
        }
    }
}
