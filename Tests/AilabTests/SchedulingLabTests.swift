import ContainerEngine
import Foundation
import HTTPTransport
import LabFile
import LabRunner
import LabSupport
import Telemetry
import TestSupport
import Testing

/// The whole of Lab 6 through the real program on a real engine: a cluster in containers, and what its scheduler does.
@Suite("Lab 6", .tags(.engine, .long), .needsOfTags, .timeLimit(.minutes(15)))
struct SchedulingLabTests {
    private static let images = ["ailab-test6/slurm:latest", "ailab-test6/training:latest"]
    private static let names = [
        "--lab", "lab6", "--set", "prefix=ailab-test6-", "--set", "cluster_tag=\(images[0])", "--set", "training_tag=\(images[1])",
    ]

    @Test("Nothing is done before, everything after; a second run only looks; the report has the table; cleaning leaves nothing")
    func theWholeLab() async throws {
        let home = try TemporaryDirectory()
        let program = try Program(home: home.path)
        _ = try await program.run(["clean", "--yes"])
        let before = try await program.run(["verify"] + Self.names)
        #expect(before.exitCode != 0)

        let run = ["step", "all", "--auto", "--quick", "--json"] + Self.names
        let answer = try await program.run(run, timeout: .seconds(600))
        #expect(answer.exitCode == 0, "\(answer.errors.suffix(20).joined(separator: "\n"))")
        let table = try #require(answer.events.compactMap { Self.table($0, of: "3.1") }.last)
        #expect(table.rows.count == 6 && table.rows.allSatisfy { $0.count == 4 && $0[2].text?.en.isEmpty == false })
        #expect(
            table.rows.map { String($0[2].text?.en.prefix(7) ?? "") } == ["PENDING", "RUNNING", "PENDING", "RUNNING", "PENDING", "PENDING"])
        let preemption = try #require(answer.events.compactMap { Self.table($0, of: "2.3") }.last)
        #expect(preemption.rows.map { $0[2].text?.en } == ["RUNNING", "RUNNING", "PENDING", "RUNNING"])
        // How fast it is depends on the machine, but not that each node has less to compute, and gradients to exchange.
        let speedup = try #require(answer.events.compactMap { Self.table($0, of: "4.4") }.last)
        #expect(speedup.rows.map { $0[0].number } == [1, 2, 4])
        #expect(speedup.rows.map { $0.last?.number } == [1, 2, 4])
        #expect(speedup.rows.allSatisfy { ($0[2].number ?? 0) > 0 && ($0[4].number ?? 0) > 0 })
        let failure = try #require(answer.events.compactMap { Self.table($0, of: "4.5") }.last)
        #expect(failure.rows.map { $0[0].text?.en } == ["RUNNING", "PENDING", "COMPLETED"])
        let (last, next) = (failure.rows[0][3].number, failure.rows[2][2].number)
        #expect(try #require(last) >= 2 && next == last.map { $0 + 1 })
        #expect(failure.rows[0][1].text?.en == "node[1-2]")
        #expect(failure.rows[2][1].text?.en.contains("2") == false)

        let again = try await program.run(run, timeout: .seconds(300))
        #expect(again.exitCode == 0)
        for event in again.events {
            if case .taskStarted = event.payload { Issue.record("\(event.task?.description ?? "?") was done again") }
        }
        for (language, word) in [("en", "gang scheduling"), ("zh", "组调度")] {
            let report = try await Program(home: home.path, environment: ["AILAB_LANG": language]).run(["report", "--lab", "lab6"])
            #expect(report.output.joined(separator: "\n").contains("| \(word) |"))
        }
        // A command without the lab's name would mean the usual lab.
        let status = try await program.run(["status", "--lab", "lab6"]).output.joined(separator: "\n")
        #expect(status.contains("ailab verify --lab lab6"), "\(status)")

        let cleaned = try await program.run(["clean", "--yes"], timeout: .seconds(300))
        // Another workspace's images may be built on the same Debian, and then it stays for them.
        let kept = cleaned.errors.filter { $0.hasPrefix("! ") }
        #expect(kept.allSatisfy { $0.contains("image ailab/lab6-base:trixie") }, "\(cleaned.errors)")
        #expect(cleaned.exitCode == (kept.isEmpty ? 0 : 1), "\(cleaned.errors)")
        let docker = try await DockerClient.connect(http: CurlHTTPClient.shared, endpoint: RealEngine.endpoint())
        let left = try await docker.listContainers(all: true).flatMap(\.names) + docker.networks().map(\.name)
        #expect(left.filter { $0.contains("ailab-test6") } == [])
        for image in Self.images { #expect(try await docker.imageIfPresent(image) == nil) }
    }

    private static func table(_ event: Event, of task: String) -> ResultTable? {
        guard event.task?.description == task, case .fact(let fact) = event.payload else { return nil }
        return fact.table
    }
}

/// A real Slurm, as a run records it, as `ailab top` shows it, and as a machine sees it that is a client of it.
@Suite("Lab 6: its queue in the telemetry", .tags(.engine, .long), .needsOfTags, .timeLimit(.minutes(10)))
struct SchedulerTelemetryTests {
    private static let prefix = "ailab-test6t-"
    private static let controller = "\(prefix)controller"
    private static let names = [
        "--lab", "lab6", "--set", "prefix=\(prefix)", "--set", "cluster_tag=ailab-test6t/slurm:latest", "--set",
        "training_tag=ailab-test6t/training:latest",
    ]

    private static func submit(_ docker: DockerClient, _ name: String) async throws {
        let command = ["sbatch", "-J", name, "-p", "team-a", "-N", "1", "--gpus-per-node=4", "-o", "/dev/null", "--wrap", "sleep 600"]
        let result = try await docker.exec(controller, ExecConfig(command))
        try #require(result.exitCode == 0, "\(String(decoding: result.stderr, as: UTF8.self))")
    }

    /// What `ailab top` says of its only cluster, as soon as that is as expected.
    private static func cluster(
        _ program: Program, _ words: [String], until fits: (SchedulerSample) -> Bool
    ) async throws -> SchedulerSample {
        var last: SchedulerSample?
        for _ in 0..<20 {
            let answer = try await program.run(["top", "--once", "--json"] + words)
            let sample = try #require(answer.output.first.flatMap { TelemetrySample(line: $0.utf8) }, "\(answer.errors)")
            if sample.schedulers.count == 1, fits(sample.schedulers[0]) { return sample.schedulers[0] }
            last = sample.schedulers.first
        }
        throw LabError(.engineMissing, Text(verbatim: "never as expected: \(String(describing: last))"))
    }

    @Test("A run records it, top shows it, and a client of the cluster finds it on the PATH")
    func queue() async throws {
        let home = try TemporaryDirectory()
        let program = try Program(home: home.path)
        let run = try await program.run(["step", "2.3", "--auto"] + Self.names, timeout: .seconds(500))
        #expect(run.exitCode == 0, "\(run.errors.suffix(20).joined(separator: "\n"))")
        let recorded = try TelemetryRecord.samples("\(home.path)/runs/1/telemetry.jsonl").flatMap(\.schedulers)
        let seen = Set(recorded.map { "\($0.name): \($0.totals.running) run, \($0.totals.waiting) wait, \($0.absence?.code ?? "")" })
        #expect(recorded.contains { $0.name == "experiments" && $0.totals.waiting > 0 && ($0.totals.gpusUsed ?? 0) > 0 }, "\(seen)")
        #expect(recorded.filter { $0.absence == nil }.allSatisfy { $0.totals.nodes == 4 && $0.totals.gpus == 16 })

        let docker = try await DockerClient.connect(http: CurlHTTPClient.shared, endpoint: RealEngine.endpoint())
        for name in ["first", "second", "third"] { try await Self.submit(docker, name) }
        let cluster = try await Self.cluster(program, ["--lab", "lab6"]) { $0.totals.running == 2 && $0.totals.waiting == 1 }
        #expect(cluster.container == Self.controller && cluster.title.zh == "实验集群")
        #expect(cluster.totals.gpusUsed == 8 && cluster.totals.nodes(in: .idle) == 2)
        #expect(cluster.running.allSatisfy { $0.gpus == 4 && $0.user == "root" && $0.place?.hasPrefix("node") == true })
        #expect(cluster.waiting.first?.name == "third" && cluster.waiting.first?.reason == cluster.reasons.first?.code)
        #expect(["Resources", "Priority"].contains(cluster.waiting.first?.reason))
        #expect(cluster.partitions.map(\.name) == ["team-a", "team-b", "spare"] && cluster.partitions[0].waiting == 1)
        let text = try await Program(home: home.path, environment: ["AILAB_LANG": "zh"]).run(["top", "--once", "--lab", "lab6"])
        #expect(text.output.contains { $0.hasPrefix("实验集群：4 个节点") }, "\(text.output)")

        // Whoever logs in to a cluster has its programs on the PATH. Here they ask the same real controller.
        let client = try TemporaryDirectory()
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let tool = try #require(ExecutableLookup(path: path).find("docker"))
        for name in ["squeue", "sinfo"] {
            let script = """
                #!/bin/sh
                exec '\(tool)' -H '\(try RealEngine.endpoint().dockerHost)' exec -e SLURM_TIME_FORMAT \(Self.controller) \(name) "$@"

                """
            _ = try client.write(script, to: name, mode: 0o755)
        }
        let other = try TemporaryDirectory()
        let outside = try await Self.cluster(Program(home: other.path, environment: ["PATH": "\(client.path):\(path)"]), []) {
            $0.absence == nil
        }
        #expect(outside.container == nil && outside.name == "\(client.path)/squeue")
        #expect(outside.totals == cluster.totals && outside.nodes.map(\.gpusUsed) == cluster.nodes.map(\.gpusUsed))
        #expect(outside.waiting.first?.name == "third")

        // A controller that goes away leaves no old numbers behind.
        try await docker.stopContainer(Self.controller)
        let gone = try await program.run(["top", "--once", "--json", "--lab", "lab6"])
        #expect(gone.output.first.flatMap { TelemetrySample(line: $0.utf8) }?.schedulers == [])
        _ = try await program.run(["clean", "--yes"], timeout: .seconds(300))
    }
}

/// Lab 6 trains the network of Lab 5, but a lab can use only the files of its own folder.
@Suite("Lab 6: files of Lab 5") struct SharedTrainingFilesTests {
    @Test("The copies are the same as the originals", arguments: ["mnist_model.py", "prepare_data.py", "unpack_mnist.py"])
    func copies(file: String) throws {
        func read(_ folder: String) throws -> String {
            try String(contentsOfFile: "\(Program.checkout)/labs/\(folder)/\(file)", encoding: .utf8)
        }
        #expect(try read("lab6/training") == read("lab5/train"))
    }
}
