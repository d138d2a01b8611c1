import ContainerEngine
import Foundation
import HTTPTransport
import HostFacts
import LabSupport
import Telemetry
import TestSupport
import Testing

@Suite("Telemetry, real engine", .timeLimit(.minutes(3)))
struct SamplerRealTests {
    private static func sampler(_ engine: RealEngine, root: HostRoot = .machine) -> TelemetrySampler {
        var options = TelemetryOptions()
        options.interval = .milliseconds(500)
        options.root = root
        options.gpuLibraries = []
        let docker = engine.docker
        return TelemetrySampler(options, connect: { docker })
    }

    private static func running(_ engine: RealEngine, _ script: String, _ change: (inout ContainerConfig) -> Void = { _ in }) async throws
        -> String
    {
        let id = try await engine.container(["/bin/sh", "-c", script], change)
        try await engine.docker.startContainer(id)
        return id
    }

    /// The first sample of a container that fits; its stream ends with the test's time limit.
    private static func first(
        of id: String, _ sampler: TelemetrySampler, where fits: (ContainerSample) -> Bool
    ) async throws -> ContainerSample {
        for await sample in sampler.samples() {
            if let container = sample.containers.list.first(where: { $0.id == id }), fits(container) { return container }
        }
        throw NeverHappened()
    }

    @Test("The kernel's files say what the engine says, between a look before and a look after", .tags(.engine), .needsOfTags)
    func bracket() async throws {
        try await RealEngine.with("bracket") { engine in
            let id = try await Self.running(engine, "dd if=/dev/zero of=/tmp/x bs=1M count=8; sync; while :; do :; done") {
                $0.memory = 64 << 20
                $0.cpus = 0.25
            }
            let details = try await engine.docker.inspectContainer(id)
            let mounts = KernelMount.all(root: .machine)
            let files = try #require(
                ControlGroupFiles(pid: Int32(details.state.pid), id: id, mounts: mounts), "the engine's control groups cannot be read")
            let before = try #require(files.read(at: 0, hostMemory: nil))
            let stats = try #require(try await engine.firstStats(of: id))
            let after = try #require(files.read(at: 1, hostMemory: nil))
            let told = ContainerCounters(stats, at: 0, hostMemory: nil, cpuLimit: nil)
            #expect(try #require(before.cpu) <= #require(told.cpu) && #require(told.cpu) <= #require(after.cpu))
            #expect(before.periods <= told.periods && told.periods <= after.periods)
            #expect(before.throttledPeriods <= told.throttledPeriods && told.throttledPeriods <= after.throttledPeriods)
            #expect(try #require(before.received) <= #require(told.received) && #require(told.received) <= #require(after.received))
            #expect(before.written <= told.written && told.written <= after.written)
            #expect(told.memoryLimit == 64 << 20 && after.memoryLimit == 64 << 20)
            #expect(after.cpuLimit == 0.25)
            // dd may end in between.
            #expect([before.processes, after.processes].contains(told.processes))
        }
    }

    @Test("The same as docker's own client prints", .tags(.engine), .needsOfTags)
    func dockerStats() async throws {
        try await RealEngine.with("stats") { engine in
            let id = try await Self.running(engine, "while :; do :; done") {
                $0.memory = 64 << 20
                $0.cpus = 0.25
            }
            let sampler = Self.sampler(engine)
            _ = try await Self.first(of: id, sampler) { $0.cpu != nil }
            let environment = ProcessInfo.processInfo.environment.merging(["DOCKER_HOST": try RealEngine.endpoint().dockerHost]) { $1 }
            let docker = try #require(ExecutableLookup(path: environment["PATH"]).find("docker"))
            let format = "{{.CPUPerc}} {{.MemUsage}} {{.PIDs}}"
            let lines = Locked<[String]>([])
            _ = try await ChildProcess.run(
                ChildCommand(docker, ["stats", "--no-stream", "--format", format, id], environment: environment, timeout: .seconds(60))
            ) { line in lines.withLock { $0.append(line.text) } }
            // `25.31% 372KiB / 64MiB 1`
            let words = try #require(lines.withLock { $0.first }).split(separator: " ").map(String.init)
            try #require(words.count == 5)
            let told = try #require(Double(words[0].dropLast()))
            let ours = try await Self.first(of: id, sampler) { $0.cpu != nil }
            #expect(ours.source == .cgroup)
            #expect(abs(try #require(ours.cpu) - told) < 12.5, "\(ours.cpu ?? 0) and \(told)")
            #expect(ours.memoryLimit == 64 * 1_048_576 && words[3] == "64MiB")
            #expect(ours.processes == Int(words[4]))
            #expect(abs(try #require(ours.memory) - Double(try ByteSize.parse(words[1]))) < 4_194_304)
            #expect(ours.top.first?.name == "sh")
        }
    }

    @Test("Where the kernel's files cannot be read, the engine's stream tells", .tags(.engine), .needsOfTags)
    func stream() async throws {
        try await RealEngine.with("stream") { engine in
            let id = try await Self.running(engine, "while :; do :; done") { $0.cpus = 0.25 }
            let elsewhere = try FakeRoot(["/proc/meminfo": "MemTotal: 1 kB\n"])
            let sample = try await Self.first(of: id, Self.sampler(engine, root: elsewhere.root)) { $0.cpu != nil }
            #expect(sample.source == .engine)
            #expect(sample.cpuLimit == 25)
            #expect(sample.throttled != nil)
            #expect(try #require(sample.memory) > 0)
        }
    }

    @Test("Containers that come and go are seen, with marks", .tags(.engine), .needsOfTags)
    func comeAndGo() async throws {
        try await RealEngine.with("come") { engine in
            var id: String?
            var marks: [String] = []
            var wasSeen = false
            for await sample in Self.sampler(engine).samples() {
                marks += sample.marks.map(\.text.en).filter { $0.contains(engine.id) }
                let isThere = sample.containers.list.contains { $0.id == id }
                if id == nil {
                    id = try await Self.running(engine, "sleep 300")
                } else if isThere, !wasSeen {
                    wasSeen = true
                    try await engine.docker.stopContainer(id ?? "", grace: .zero)
                } else if wasSeen, !isThere {
                    break
                }
            }
            #expect(wasSeen)
            #expect(marks.count == 2 && marks[0].hasSuffix("started") && marks[1].hasSuffix("exited"))
        }
    }

    @Test("A container on the host's network has none of its own", .tags(.engine), .needsOfTags)
    func hostNetwork() async throws {
        try await RealEngine.with("hostnet") { engine in
            let id = try await Self.running(engine, "sleep 300") { $0.network = "host" }
            let sample = try await Self.first(of: id, Self.sampler(engine)) { $0.cpu != nil }
            #expect(sample.network == nil)
            #expect(sample.processes == 1)
        }
    }
}

@Suite("Telemetry: sources", .timeLimit(.minutes(1)))
struct SamplerTests {
    private static var options: TelemetryOptions {
        var options = TelemetryOptions()
        options.interval = .milliseconds(200)
        options.gpuLibraries = []
        return options
    }

    @Test("An engine that never answers delays nobody, and one that refuses says why")
    func deadEngine() async throws {
        let silent = try ScriptedServer { _, _ in Gate().wait() }
        let connect = { @Sendable in try await DockerClient.connect(http: CurlHTTPClient.shared, endpoint: silent.endpoint) }
        var count = 0
        for await sample in TelemetrySampler(Self.options, connect: connect).samples() {
            count += 1
            #expect(sample.containers.list.isEmpty)
            #expect(
                sample.containers.absence?.code == TelemetrySampler.silentEngineCode, "nothing is said to run, not even that nothing does")
            if count == 4 {
                #expect(sample.host?.cpu != nil)
                break
            }
        }
        let refusing = TelemetrySampler(Self.options) {
            throw LabError(.engineMissing, Text(en: "There is none.", zh: "没有。"))
        }
        for await sample in refusing.samples() where sample.containers.absence != nil {
            #expect(sample.containers.absence?.code == "engine.missing")
            break
        }
    }

    @Test("A GPU driver that hangs is missing, and delays nobody")
    func hangingDriver() async throws {
        let library = try await ScriptedNVML(ScriptedNVML.hopper + "\nhang 1")
        var options = Self.options
        options.gpuLibraries = [library.path]
        let sampler = TelemetrySampler(options) { throw LabError(.engineMissing, Text(en: "None.", zh: "无。")) }
        var count = 0
        for await sample in sampler.samples() {
            count += 1
            if count == 1 { continue }
            #expect(sample.gpu.devices.isEmpty)
            #expect(sample.host != nil)
            if count == 5 { break }
        }
        try library.rewrite(ScriptedNVML.hopper)
    }

    @Test("The axis only goes forward")
    func axis() async throws {
        let sampler = TelemetrySampler(Self.options) { throw LabError(.engineMissing, Text(en: "None.", zh: "无。")) }
        var times: [Double] = []
        for await sample in sampler.samples() {
            times.append(sample.time)
            if times.count == 5 { break }
        }
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    }
}
