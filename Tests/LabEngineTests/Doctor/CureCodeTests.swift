import Diagnosis
import LabSupport
import Testing

@Suite("Causes of error codes") struct CureCodeTests {
    /// Families whose errors say themselves what to do, because they are about ailab, the lab file or what was typed.
    private static let own: Set<String> = [
        "archive", "check", "cure", "demo", "dockerfile", "editor", "file", "host", "internal", "lab", "limit", "limits", "metrics",
        "prediction",
        "rollout", "run", "source", "standin", "student", "swarm", "task", "tune", "usage", "workspace",
    ]
    /// Codes that only say where something failed. The output around them names the cause, and a cause of their own would hide it.
    private static let unspecific: Set<String> = [
        "build.failed", "child.spawn", "container.exit", "container.neverStarted", "container.notStarted", "container.pathMissing",
        "container.removed", "container.running", "engine.failed", "engine.refused", "engine.startFailed", "engine.startTimeout",
        "engine.unexpected", "exec.exit", "fetch.checksum", "fetch.noSource", "http.status", "image.noSource", "image.notMade",
        "load.address",
        "serve.notReady", "torchserve.failed", "torchserve.notReady", "torchserve.outOfMemory", "torchserve.predictionFailed",
        "torchserve.workerDied", "torchserve.workerStart",
    ]
    /// Codes of the private engine, of clients and of networks, whose hint is the whole cure.
    private static let complete: Set<String> = [
        "daemon.number", "disk.deploy", "engine.busy", "engine.folder", "engine.iptablesMissing", "engine.notRoot", "engine.otherDaemon",
        "engine.overlayImpossible", "engine.pathTooLong", "engine.programMissing", "engine.stopFailed", "engine.timeout",
        "network.nameTaken",
        "torchserve.keyFile", "torchserve.protocol", "torchserve.tooLarge",
    ]

    @Test("every code has a cause, or says itself what to do") func everyCode() {
        let caused = Set(SymptomLoader.builtIn.causes.flatMap(\.codes))
        for code in LabError.Code.allCases.map(\.rawValue) {
            let family = String(code.prefix { $0 != "." })
            let isKnown =
                caused.contains(code) || Self.own.contains(family) || Self.unspecific.contains(code) || Self.complete.contains(code)
            #expect(isKnown, "\(code)")
        }
    }

    @Test("no code stands in two places") func once() {
        let codes = SymptomLoader.builtIn.causes.flatMap(\.codes)
        #expect(codes.count == Set(codes).count)
        #expect(Self.unspecific.union(Self.complete).isDisjoint(with: codes) && Self.unspecific.isDisjoint(with: Self.complete))
        let known = Set(LabError.Code.allCases.map(\.rawValue))
        #expect(Self.unspecific.union(Self.complete).isSubset(of: known))
    }

    @Test(
        "a code names the cause if nothing else is known",
        arguments: [
            (LabError.Code.buildDockerfile, "dockerfile-syntax"), (.engineUnreachable, "docker-host-wrong"),
            (.engineTLS, "docker-tls"),
            (.gpuUnavailable, "gpu-not-visible"), (.registryUnreachable, "network-unreachable"), (.networkNoAnswer, "network-timeout"),
            (.torchserveUnreachable, "service-unreachable"), (.torchserveToken, "ts-token-auth"),
        ])
    func named(_ code: LabError.Code, _ cause: String) {
        let findings = Diagnosis.diagnose(output: "", context: DiagnosisContext(code: code))
        #expect(findings.first?.cause == cause && findings.first?.remedies.isEmpty == false)
    }
}
