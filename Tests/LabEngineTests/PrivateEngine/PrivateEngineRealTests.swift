import Foundation
import Glibc
import HTTPTransport
import HostFacts
import LabSupport
import PrivateEngine
import TestSupport
import Testing

/// A real dockerd in a network namespace of its own, beside whatever engine the machine runs.
@Suite(.tags(.root), .needsOfTags, .serialized)
struct PrivateEngineRealTests {
    private let environment = ProcessInfo.processInfo.environment

    private func engine(in folder: String, startTimeout: Duration = .seconds(60), path: String? = nil) -> PrivateEngine {
        var environment = environment
        if let path { environment["PATH"] = path }
        let options = PrivateEngineOptions(minimumFreeBytes: 1 << 20, startTimeout: startTimeout, isolatesNetwork: true)
        return PrivateEngine(
            layout: PrivateEngineLayout(folder: folder), options: options, http: CurlHTTPClient.shared, environment: environment)
    }

    /// A short path on a disk: sockets lie in it, and images do not belong on a tmpfs.
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = "/var/tmp/ailab-e\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func processes(naming folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { Int32($0) != nil }.compactMap { HostRoot.machine.text("/proc/\($0)/cmdline") }.filter {
            $0.contains(folder) && $0.contains("containerd") || $0.contains("dockerd") && $0.contains(folder)
        }
    }

    @Test func anEngineStartsAnswersAndIsGoneAfterwards() async throws {
        try await withFolder { folder in
            let engine = engine(in: folder)
            let start = try await engine.start()
            guard case .started(let pid) = start else {
                Issue.record("not started: \(start)")
                return
            }
            #expect(await engine.status().state == .running(pid: pid))
            #expect(try await engine.start() == .alreadyRunning(pid: pid))
            // Another command of ailab finds it as well, even where the record was lost.
            try FileManager.default.removeItem(atPath: folder + "/engine.json")
            #expect(await self.engine(in: folder).status().state == .running(pid: pid))
            #expect(try await engine.stop())
            #expect(await engine.status().state == .stopped)
            #expect(processes(naming: folder).isEmpty)
            #expect(try await !engine.stop())
        }
    }

    @Test func aKilledEngineLeavesNothingBehindAfterStop() async throws {
        try await withFolder { folder in
            let engine = engine(in: folder)
            guard case .started(let pid) = try await engine.start() else { return }
            kill(pid, SIGKILL)
            while await engine.status().state != .stopped { try await Task.sleep(for: .milliseconds(50)) }
            // Its containerd may have died with it or not; either way nothing is left.
            try await engine.stop()
            #expect(processes(naming: folder).isEmpty)
            // And the next start is not in the way of what was left.
            guard case .started = try await engine.start() else {
                Issue.record("a second start after a crash failed")
                return
            }
            try await engine.stop()
        }
    }

    @Test func aProcessThatTookTheNumberIsLeftAlone() async throws {
        try await withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let record = #"{"pid": \#(getpid()), "startTicks": 1, "bootID": "\#(boot)"}"#
            try Data(record.utf8).write(to: URL(filePath: folder + "/engine.json"))
            try Data("\(getpid())".utf8).write(to: URL(filePath: folder + "/docker.pid"))
            #expect(await engine(in: folder).status().state == .stopped)
            #expect(try await !engine(in: folder).stop())
        }
    }

    @Test func anEngineThatEndsAtOnceShowsItsLog() async throws {
        try await withFolder { folder in
            let programs = try FakeRoot()
            try programs.write("/dockerd", "#!/bin/sh\necho 'failed to start daemon: no such luck' >&2\nexit 1\n")
            chmod(programs.path + "/dockerd", 0o755)
            let path = programs.path + ":" + (environment["PATH"] ?? "")
            let error = await #expect(throws: LabError.self) { try await engine(in: folder, path: path).start() }
            #expect(error?.code == .engineStartFailed)
            #expect(error?.cause == "failed to start daemon: no such luck")
        }
    }

    @Test func anEngineThatNeverAnswersIsStopped() async throws {
        try await withFolder { folder in
            let programs = try FakeRoot()
            try programs.write("/dockerd", "#!/bin/sh\necho waiting\nwhile :; do sleep 1; done\n")
            chmod(programs.path + "/dockerd", 0o755)
            let path = programs.path + ":" + (environment["PATH"] ?? "")
            let error = await #expect(throws: LabError.self) {
                try await engine(in: folder, startTimeout: .seconds(1), path: path).start()
            }
            #expect(error?.code == .engineStartTimeout)
            #expect(await engine(in: folder).status().state == .stopped)
        }
    }
}
