import Foundation
import HostFacts
import LabSupport
import TestSupport
import Testing

@testable import Telemetry

/// What Slurm 24.11 printed of Lab 6's cluster with jobs of all kinds: waiting for every reason, in arrays, with hostile names, on nodes of
/// which one was down and one drained.
enum RecordedSlurm {
    static let mark = "~0123456789ab~"
    static let folder = "\(Program.checkout)/Tests/LabEngineTests/Fixtures/telemetry"
    static let jobsPath = "\(folder)/slurm-24.11-jobs.txt"
    static let nodesPath = "\(folder)/slurm-24.11-nodes.txt"
    static let empty = SchedulerSample(name: "x", title: Text(en: "Cluster", zh: "集群"))

    static func sample(user: String? = nil) throws -> SchedulerSample {
        try SlurmDialect.sample(empty, jobs: Files.read(jobsPath), nodes: Files.read(nodesPath), mark: mark, user: user)
    }
}

@Suite("Telemetry: a scheduler's queue")
struct SchedulerTests {
    @Test("What a real Slurm printed is read completely")
    func recorded() throws {
        let cluster = try RecordedSlurm.sample()
        #expect(cluster.nodes.map(\.name) == ["node1", "node2", "node3", "node4"])
        #expect(cluster.nodes.map(\.state) == [.down, .mixed, .mixed, .draining])
        #expect(cluster.nodes.map(\.said) == ["down", "mixed-", "mixed-", "draining"])
        #expect(cluster.nodes.map(\.note) == ["unplugged", nil, nil, "bad gpu x"])
        #expect(cluster.nodes.map(\.gpus) == [4, 4, 4, 4] && cluster.nodes.map(\.gpusUsed) == [0, 4, 0, 0])
        #expect(cluster.nodes.map(\.processorsUsed) == [0, 2, 2, 3])
        #expect(cluster.nodes[0].partitions == ["team-a", "spare"])
        #expect(cluster.partitions.map(\.name) == ["team-a", "team-b", "spare"])
        #expect(cluster.partitions.map(\.tier) == [10, 10, 1] && cluster.partitions.allSatisfy { $0.said == "up" })
        #expect(cluster.partitions.map(\.nodes) == [2, 2, 4] && cluster.partitions.map(\.gpus) == [8, 8, 16])
        #expect(cluster.totals.gpus == 16 && cluster.totals.gpusUsed == 4)
        #expect(cluster.totals.nodes(in: .mixed) == 2 && cluster.totals.nodes(in: .idle) == 0)

        let wanted = [
            "4": "Resources", "7": "BeginTime", "11": "PartitionTimeLimit", "6": "Dependency", "8": "JobHeldUser",
            "19": "ReqNodeNotAvail, May be reserved for other job",
        ]
        for (id, reason) in wanted { #expect(cluster.waiting.first { $0.id == id }?.reason == reason, "\(id)") }
        // An array of jobs that wait is one line, and counts as many.
        let array = try #require(cluster.waiting.first { $0.name == "arr2" })
        #expect(array.id.hasPrefix("16_[") && array.id.hasSuffix(":7%2]"))
        #expect(array.count > 60 && array.count <= 72)
        #expect(cluster.totals.waiting == cluster.waiting.reduce(0) { $0 + $1.count })
        #expect(cluster.reasons.reduce(0) { $0 + $1.jobs } == cluster.totals.waiting)
        #expect(cluster.reasons.allSatisfy { $0.text != nil }, "\(cluster.reasons.map(\.code))")
        #expect(cluster.reasons.contains { $0.code == "ReqNodeNotAvail" })

        let running = Dictionary(uniqueKeysWithValues: cluster.running.map { ($0.id, $0) })
        #expect(running["2"]?.place == "node1" && running["2"]?.seconds == 291)
        let big = try #require(cluster.waiting.first { $0.id == "5" })
        #expect(big.gpus == 2 && big.nodes == 2 && big.seconds == 169 && big.place == nil)
        #expect(cluster.waiting.first { $0.id == "4" }?.starts == 1_795_963_132)
        #expect(running["3"]?.gpus == 4 && running["3"]?.limit == 3600)
        #expect(running["9_4"]?.gpus == nil && running["9_4"]?.name == "arr")
        #expect(running["18"]?.name == "中文")
        #expect(cluster.waiting.first { $0.id == "17" }?.gpus == 3)
        // A line end in a job's name is no line end, and nothing reaches the terminal that isn't text.
        #expect(running["10"]?.name == "a b|~x~ red")
        #expect(cluster.waiting.first { $0.id == "17" }?.name == "d")
    }

    @Test("An answer that isn't whole is refused, and no damaged one brings the program down")
    func damaged() throws {
        let jobs = try Files.read(RecordedSlurm.jobsPath)
        let nodes = try Files.read(RecordedSlurm.nodesPath)
        let read = { (jobs: [UInt8], nodes: [UInt8]) in
            try SlurmDialect.sample(RecordedSlurm.empty, jobs: jobs, nodes: nodes, mark: RecordedSlurm.mark)
        }
        #expect(try read([], nodes).totals.waiting == 0)
        #expect(try read([], []).nodes.isEmpty)
        for (jobs, nodes) in [
            (Array(jobs.dropLast(40)), nodes), (jobs, Array(nodes.dropLast(3))), (nodes, nodes), (jobs, jobs),
            (jobs + Array("error: more\n".utf8), nodes), (Array("slurm_load_jobs error\n".utf8), nodes),
        ] {
            #expect(throws: SchedulerAnswer.Failure.self) { try read(jobs, nodes) }
        }
        var mutations = Mutations(for: "Slurm")
        mutations.run(300, of: [jobs, nodes]) { damaged in
            _ = try? read(damaged, nodes)
            _ = try? read(jobs, damaged)
        }
    }

    @Test("Nobody can put a record into a job's name: the mark is another one each time")
    func marks() throws {
        let marks = (0..<100).map { _ in SchedulerAnswer.newMark() }
        #expect(Set(marks).count == 100)
        // Commas and colons would end a field of the format, and the shells of no machine see it.
        #expect(marks.allSatisfy { $0.utf8.count > 16 && $0.dropFirst().dropLast().allSatisfy { $0.isLetter || $0.isNumber } })
        #expect(SlurmRecords.format(["A", "B"], "~x~") == "A:~x~,B:~x~")
        let forged = "evil\n1~y~root\u{1B}]0;x\u{07}~x~7~x~\n"
        let records = try #require(SlurmRecords.all(Array(forged.utf8), mark: "~x~", fields: 2))
        #expect(records == [["evil 1~y~root", "7"]])
    }

    @Test("Several commands as one script for a shell: the output of each, and the first failure")
    func script() async throws {
        let mark = SchedulerAnswer.newMark()
        let shell = { (commands: [[String]]) in
            let script = SchedulerAnswer.script(commands, mark)
            let lines = Locked<[String]>([])
            let result = try await ChildProcess.run(
                ChildCommand("/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], timeout: .seconds(30))
            ) { line in lines.withLock { $0.append(line.text) } }
            return (code: result.exitCode, output: lines.withLock { $0.joined(separator: "\n") })
        }
        let answer = try await shell([["printf", "%s", "it's\n1"], ["printf", ""], ["echo", "a b", "$HOME"]])
        let parts = SchedulerAnswer.parts(of: Array(answer.output.utf8), mark).map { String(decoding: $0, as: UTF8.self) }
        #expect(answer.code == 0 && parts == ["it's\n1", "", "a b $HOME"])
        #expect(SchedulerAnswer.parts(of: [], mark) == [[]])
        #expect(try await shell([["true"], ["false"], ["echo", "x"]]).code == 1)
    }

    @Test(
        "Times",
        arguments: [("0:07", 7.0), ("1:02:03", 3723), ("1-00:00:00", 86400), ("2-3:4", 172_984), ("x", nil), ("UNLIMITED", nil), ("", nil)]
            as [(String, Double?)])
    func times(_ text: String, _ seconds: Double?) {
        #expect(SlurmValue.seconds(text) == seconds)
    }

    @Test(
        "GPUs in Slurm's lists of resources",
        arguments: [
            ("gpu:4", 4), ("gpu:a100:4(S:0-1)", 4), ("gpu:2(IDX:0,3),mps:100", 2), ("gres/gpu:8", 8), ("gres:gpu:tesla:2", 2), ("gpu", 1),
            ("gpu:a100", 1), ("cpu=4,mem=2G,gres/gpu=8,gres/gpu:a100=8", 8), ("gpu:a100:2,gpu:v100:1", 3), ("gres/gpu=1", 1),
            ("(null)", nil), ("N/A", nil), ("", nil), ("gpuless:3", nil), ("mps:4", nil),
        ] as [(String, Int?)])
    func gpus(_ text: String, _ count: Int?) {
        #expect(SlurmValue.gpus(text) == count)
    }

    @Test(
        "Jobs of an array",
        arguments: [
            ("12", 1), ("9_3", 1), ("9_[1-5]", 5), ("9_[1-5,8]", 6), ("16_[1-498:7%2]", 72), ("9_[0-9%3]", 10), ("9_[", 1), ("9_[x]", 1),
            ("9_[5-1]", 1), ("9_[1-99999999999999999999]", 1),
        ])
    func arrays(_ id: String, _ count: Int) {
        #expect(SlurmValue.jobs(id) == count)
    }

    @Test(
        "States of nodes",
        arguments: [
            ("idle", .idle), ("idle*", .down), ("idle~", .idle), ("mixed-", .mixed), ("allocated+", .allocated), ("drained*", .drained),
            ("draining", .draining), ("down*", .down), ("fail", .down), ("completing", .mixed), ("reserved", .other), ("maint", .other),
        ] as [(String, SchedulerNode.State)])
    func states(_ said: String, _ state: SchedulerNode.State) {
        #expect(SlurmWords.state(said) == state)
    }

    @Test(
        "The common reasons have words in both languages",
        arguments: [
            "Resources", "Priority", "Dependency", "ReqNodeNotAvail, UnavailableNodes:node3", "PartitionNodeLimit",
            "QOSMaxJobsPerUserLimit",
            "QOSGrpCpuLimit", "AssocGrpGRES", "AssocGrpCPURunMinutesLimit", "AssocMaxJobsLimit", "BeginTime", "Licenses",
            "launch failed requeued held",
        ])
    func reasons(_ reason: String) throws {
        let text = try #require(SlurmWords.meaning(SlurmWords.code(reason)))
        #expect(!text.en.isEmpty && !text.zh.isEmpty && text.en != text.zh)
    }

    @Test("An unknown reason keeps its word")
    func unknownReason() {
        #expect(SlurmWords.meaning("SomethingNew") == nil)
        #expect(SlurmWords.code("SomethingNew, more") == "SomethingNew")
    }

    /// 100 nodes and 1,000 jobs, in the form of the recorded lines.
    static func large(user: String? = nil) throws -> SchedulerSample {
        let m = RecordedSlurm.mark
        var jobs = ""
        for number in 1...1000 {
            let state = number <= 200 ? "RUNNING" : "PENDING"
            let fields = [
                "train-\(number)", "\(number)", number % 50 == 0 ? "ann" : "user\(number % 7)", "gpu", state, "1", "1",
                "1:00:0\(number % 10)",
                "1-00:00:00", "\(number)", "N/A", "\(number)", number <= 200 ? "None" : number % 3 == 0 ? "Resources" : "Priority", "N/A",
                "gres/gpu:1", "N/A", "cpu=1,node=1", number <= 200 ? "n\(number % 100)" : "",
            ]
            jobs += fields.map { $0 + m }.joined() + "\n"
        }
        var nodes = ""
        for number in 1...100 {
            let state = number == 77 ? "down*" : number == 50 ? "drained" : number % 10 == 0 ? "idle" : "mixed"
            let note = state == "drained" ? "fan" : "none"
            for partition in ["gpu*", "all"] {
                let fields = [note, "n\(number)", partition, state, "2/6/0/8", "gpu:h100:8(S:0-1)", "gpu:h100:2(IDX:0-1)", "up", "1"]
                nodes += fields.map { $0 + m }.joined() + "\n"
            }
        }
        return try SlurmDialect.sample(RecordedSlurm.empty, jobs: Array(jobs.utf8), nodes: Array(nodes.utf8), mark: m, user: user)
    }

    @Test("Of a large cluster, everything is counted and the most important is listed")
    func largeCluster() throws {
        let cluster = try Self.large()
        #expect(cluster.totals.nodes == 100 && cluster.totals.running == 200 && cluster.totals.waiting == 800)
        #expect(cluster.totals.gpus == 800 && cluster.totals.gpusUsed == 200)
        #expect(cluster.nodes.count == SchedulerSample.limit)
        #expect(cluster.nodes.prefix(2).map(\.name) == ["n77", "n50"] && cluster.nodes[1].note == "fan")
        #expect(cluster.partitions.map(\.name) == ["all", "gpu"] && cluster.partitions.allSatisfy { $0.nodes == 100 })
        #expect(cluster.partitions.last?.waiting == 800)
        // The next one to start comes first.
        #expect(cluster.waiting.count == SchedulerSample.limit && cluster.waiting.first?.id == "1000")
        #expect(cluster.reasons.map(\.code) == ["Priority", "Resources"])
        #expect(cluster.reasons.reduce(0) { $0 + $1.jobs } == 800)
        let own = try Self.large(user: "ann")
        #expect(own.waiting.prefix(16).allSatisfy { $0.user == "ann" } && own.running.prefix(4).allSatisfy { $0.user == "ann" })
        var sample = TelemetrySample(time: 1)
        sample.schedulers = [cluster]
        #expect(try sample.line.utf8.count < 64 << 10)
        #expect(TelemetrySample(line: try sample.line.utf8) == sample)
    }

    @Test("Partitions with long names are told apart, and each counts its own jobs")
    func longNames() throws {
        let m = RecordedSlurm.mark
        let long = String(repeating: "p", count: 70)
        let names = [long + "1", long + "2", "short"]
        let job = [
            "j", "1", "ann", names.joined(separator: ","), "PENDING", "1", "1", "0:00", "1:00", "1", "N/A", "1", "Priority", "N/A", "N/A",
            "N/A",
            "cpu=1", "",
        ]
        var nodes = ""
        for node in ["n1", "n2"] {
            for name in names {
                nodes += ["none", node, name, "idle", "0/8/0/8", "(null)", "(null)", "up", "1"].map { $0 + m }.joined() + "\n"
            }
        }
        let jobs = job.map { $0 + m }.joined() + "\n"
        let cluster = try SlurmDialect.sample(RecordedSlurm.empty, jobs: Array(jobs.utf8), nodes: Array(nodes.utf8), mark: m, user: nil)
        #expect(cluster.partitions.count == 3 && cluster.partitions.allSatisfy { $0.nodes == 2 && $0.waiting == 1 })
        #expect(Set(cluster.partitions.map(\.name)).count == 3 && cluster.partitions.allSatisfy { $0.name.count <= 64 })
        #expect(cluster.nodes.allSatisfy { Set($0.partitions) == Set(cluster.partitions.map(\.name)) })
    }

    @Test("After a failure, the last answer stays until it's too old")
    func memory() throws {
        var failed = RecordedSlurm.empty
        failed.absence = Absence("scheduler.failed", Text(verbatim: "x"))
        var memory = SchedulerMemory(try RecordedSlurm.sample())
        #expect(memory.sample(at: 1000).absence == nil)
        memory.replace(at: 20, by: failed)
        #expect(memory.sample(at: 19.9).absence == nil && memory.sample(at: 20) == failed && memory.newest == failed)
    }

    @Test("A recording of an earlier version has no schedulers")
    func earlier() throws {
        let line = try TelemetrySample(time: 1).line.replacing("\"schedulers\":[],", with: "")
        #expect(!line.contains("schedulers"))
        #expect(TelemetrySample(line: line.utf8)?.schedulers == [])
    }

    @Test("Numbers for Prometheus")
    func metrics() throws {
        var sample = TelemetrySample(time: 1)
        sample.schedulers = [try RecordedSlurm.sample()]
        let page = PrometheusText(OpenMetricsText(sample).text)
        #expect(page.broken == 0)
        let numbers = { (name: String) in page.samples.filter { $0.name == name } }
        #expect(numbers("ailab_cluster_gpus_used").map(\.value) == [4])
        #expect(numbers("ailab_cluster_jobs").map(\.value).reduce(0, +) > 70)
        #expect(numbers("ailab_cluster_waiting_jobs").contains { $0.labels["reason"] == "Dependency" && $0.value == 1 })
        #expect(numbers("ailab_cluster_nodes").first { $0.labels["state"] == "down" }?.value == 1)
    }

    @Test("The sentence says why most jobs wait, if nothing else slows the machine down")
    func sentence() throws {
        var sample = TelemetrySample(time: 1)
        sample.schedulers = [try Self.large()]
        var judge = TelemetryJudge()
        let said = judge.judge(sample)
        let text = try #require(said)
        #expect(text.en == "Cluster: 800 jobs wait, 533 of them because of Priority (jobs with a higher priority come first).")
        #expect(text.zh == "集群：800 个作业在等待，其中 533 个的原因是 Priority（优先级更高的作业在前面）。")
    }

    @Test("A slow scheduler is asked less often, and one that fails ever more seldom")
    func pace() {
        var attempt = SchedulerAttempt(.seconds(3), failuresBeforeSlower: 0, share: 10)
        attempt.succeeded(at: 1, after: .milliseconds(100), isQuiet: false)
        #expect(attempt.pause == .seconds(3))
        attempt.succeeded(at: 2, after: .seconds(2), isQuiet: true)
        #expect(attempt.pause == .seconds(20) && attempt.lastSuccess == 2)
        for (count, pause) in [(1, 40), (2, 60), (3, 60)] {
            attempt.failed()
            #expect(attempt.failures == count && attempt.pause == .seconds(pause))
        }
        attempt.succeeded(at: 3, after: .zero, isQuiet: true)
        #expect(attempt.pause == .seconds(6))
        attempt.succeeded(at: 4, after: .zero, isQuiet: false)
        #expect(attempt.failures == 0 && attempt.pause == .seconds(3))
        var patient = SchedulerAttempt(.seconds(2), failuresBeforeSlower: 2, share: 2)
        for pause in [2, 2, 4, 8] {
            patient.failed()
            #expect(patient.pause == .seconds(pause))
        }
    }
}

/// The cluster that this machine is a client of: the programs are stand-ins that print what the real ones printed.
@Suite("Telemetry: a scheduler on the PATH", .timeLimit(.minutes(2)))
struct SchedulerOnPathTests {
    /// Prints the recorded answer with the mark of this question, and notes that it was asked.
    private static func program(_ recording: String) -> String {
        """
        #!/bin/sh
        echo "$0 $SLURM_TIME_FORMAT $SECRET" >> "$(dirname "$0")/asked"
        for last; do :; done
        mark=${last##*:}
        sed "s/\(RecordedSlurm.mark)/$mark/g" '\(recording)'

        """
    }

    private static func sampler(_ folder: TemporaryDirectory, _ programs: [String: String]) throws -> TelemetrySampler {
        for (name, text) in programs { _ = try folder.write(text, to: name, mode: 0o755) }
        var options = TelemetryOptions()
        options.interval = .milliseconds(100)
        options.gpuLibraries = []
        options.schedulers.ownPace = .milliseconds(50)
        options.schedulers.environment = ["PATH": "\(folder.path):/usr/bin:/bin", "USER": "root", "SECRET": "no"]
        return TelemetrySampler(options, connect: { throw LabError(.engineMissing, Text(en: "none", zh: "无")) })
    }

    private static func first(_ sampler: TelemetrySampler, where fits: (SchedulerSample) -> Bool) async throws -> SchedulerSample {
        for await sample in sampler.samples() { if let found = sample.schedulers.first(where: fits) { return found } }
        throw CancellationError()
    }

    @Test("It's asked again and again, with nothing of this machine that it doesn't need")
    func answers() async throws {
        let folder = try TemporaryDirectory()
        let sampler = try Self.sampler(
            folder, ["squeue": Self.program(RecordedSlurm.jobsPath), "sinfo": Self.program(RecordedSlurm.nodesPath)])
        let cluster = try await Self.first(sampler) { $0.absence == nil }
        #expect(cluster.name == "\(folder.path)/squeue" && cluster.container == nil)
        #expect(cluster.totals == (try RecordedSlurm.sample()).totals)
        // Through a pipe of lines, a carriage return in a name takes what stands before it, but nothing behind it.
        #expect(cluster.waiting.first { $0.id == "17" }?.gpus == 3)
        let asked = try String(decoding: Files.read("\(folder.path)/asked"), as: UTF8.self).split(separator: "\n")
        #expect(asked.allSatisfy { $0.hasSuffix("/squeue %s ") || $0.hasSuffix("/sinfo %s ") }, "\(asked)")
    }

    @Test("If it fails, the reason is shown, and after three attempts nobody asks any more")
    func fails() async throws {
        let folder = try TemporaryDirectory()
        let failing = """
            #!/bin/sh
            echo >> "$(dirname "$0")/asked"
            printf 'squeue: error: retrying\\nslurm_load_jobs error: \\033[31mUnable to contact slurm controller\\n' >&2
            exit 1
            """
        let sampler = try Self.sampler(folder, ["squeue": failing, "sinfo": failing])
        let stopped = try await Self.first(sampler) { $0.absence?.code == "scheduler.stopped" }
        #expect(stopped.absence?.reason.en == "`squeue` failed: slurm_load_jobs error: Unable to contact slurm controller")
        #expect(stopped.absence?.hint?.zh.contains("3 次") == true)
        #expect(try Files.read("\(folder.path)/asked") == Array("\n\n\n".utf8))
    }

    @Test("Another program of the same name is no scheduler")
    func unreadable() async throws {
        let folder = try TemporaryDirectory()
        let other = "#!/bin/sh\necho hello\n"
        let sampler = try Self.sampler(folder, ["squeue": other, "sinfo": other])
        let cluster = try await Self.first(sampler) { $0.absence?.code == "scheduler.unreadable" }
        #expect(cluster.absence?.reason.en.contains("`squeue`") == true && cluster.nodes.isEmpty)
    }

    @Test("Without its programs, there's no scheduler and nothing is started")
    func none() async throws {
        let folder = try TemporaryDirectory()
        let sampler = try Self.sampler(folder, ["squeue": Self.program(RecordedSlurm.jobsPath)])
        var count = 0
        for await sample in sampler.samples() {
            #expect(sample.schedulers.isEmpty)
            count += 1
            if count == 8 { break }
        }
        #expect(!Files.exists("\(folder.path)/asked"))
    }
}
