import ContainerEngine
import Glibc
import HTTPTransport
import LabRunner
import LabSupport
import TestSupport
import Testing

/// The real program and a real engine, with something between them that lies at one moment.
@Suite("Torture: a connection that lies", .tags(.engine), .needsOfTags, .timeLimit(.minutes(240)))
struct ChaosProxyTests {
    private static let tasks = ["1.1", "1.2", "1.3", "1.4"]

    @Test("A run ends with its work done or with a reason, and leaves nothing behind")
    func everyRunEnds() async throws {
        try await CommandLineFixture.with("chaos") { lab in
            let base = "\(lab.id):base"
            try lab.use(TortureLab.text(id: lab.id, port: lab.port), files: ["Dockerfile.steps": TortureLab.dockerfile(base: base)])
            let aftermath = try await Aftermath(of: lab)
            let tally = Locked<[String: Int]>([:])
            try await Trials.run("chaos", "AILAB_CHAOS", 60) { seed, first in
                var numbers = first
                let task = Self.tasks.randomElement(using: &numbers) ?? "1.1"
                let fault = ChaosProxy.Fault.allCases.randomElement(using: &numbers) ?? .cut
                let piece = Int.random(in: 0..<(task == "1.1" ? 20 : 45), using: &numbers)
                let proxy = try ChaosProxy(to: lab.engine.docker.endpoint, fault: fault, piece: piece, numbers: numbers)
                let run = try lab.start(["step", task, "--auto", "--force"], ["DOCKER_HOST": proxy.endpoint.dockerHost])
                try await Self.cancel(run, proxy, fault)
                let outcome = try await run.outcome()
                proxy.stop()
                let comment: Comment =
                    "AILAB_SEED=\(seed): \(fault) at piece \(piece) of \(task): \(outcome.code) \(outcome.output)\(outcome.error)"
                #expect([0, 1, 2, 3, 130].contains(outcome.code), comment)
                #expect(!outcome.output.contains("Something unexpected happened"), comment)
                tally.withLock { $0["\(fault) \(proxy.hasHit ? "hit" : "missed") → \(outcome.code)", default: 0] += 1 }
                try await aftermath.check(comment)
            }
            for (what, count) in tally.withLock({ $0 }).sorted(by: { $0.key < $1.key }) { print("chaos: \(what): \(count)") }
        }
    }

    /// A connection that says nothing more is waited for, because a build may be silent for long, and other work five minutes. Whoever waits
    /// can end that. A wrong length or a damaged one is such a silence, too.
    private static func cancel(_ run: StartedCommand, _ proxy: ChaosProxy, _ fault: ChaosProxy.Fault) async throws {
        for _ in 0..<300 where !proxy.hasHit && run.isRunning { try await Task.sleep(for: .milliseconds(20)) }
        let patience = fault == .stall ? 75 : 4500
        for _ in 0..<patience where run.isRunning { try await Task.sleep(for: .milliseconds(20)) }
        if run.isRunning { kill(run.pid, SIGINT) }
    }
}
