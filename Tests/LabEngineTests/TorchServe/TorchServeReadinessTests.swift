import Foundation
import HTTPTransport
import InferenceServer
import LabSupport
import Testing

@Suite struct TorchServeReadinessTests {
    private func look(_ status: String?, pid: Int = 1, minWorkers: Int = 1) throws -> [TorchServeModel] {
        let text = TorchServeAnswers.description(status: status, pid: pid, minWorkers: minWorkers)
        return try JSONDecoder().decode([TorchServeModel].self, from: Data(text.utf8))
    }

    private func code(_ verdict: TorchServeReadiness.Verdict) -> LabError.Code? {
        if case .failed(let error) = verdict { error.code } else { nil }
    }

    @Test func aReadyWorkerEndsTheWait() throws {
        var readiness = TorchServeReadiness(model: "echo")
        #expect(readiness.take(try look("LOADING")) == .wait)
        let ready = try look("READY")
        #expect(readiness.take(ready) == .ready(ready[0]))
        #expect(ready[0].jobQueueStatus == TorchServeQueue(remainingCapacity: 2, pendingRequests: 0))
    }

    @Test func aSlowWorkerIsWaitedFor() throws {
        var readiness = TorchServeReadiness(model: "echo")
        for _ in 0..<100 { #expect(readiness.take(try look("LOADING", pid: 7)) == .wait) }
        #expect(readiness.take(try look("UNLOADING", pid: 0)) == .wait)
        #expect(readiness.take(try look("UNLOADING", pid: -1)) == .wait)
    }

    @Test func theThirdProcessOfAWorkerIsOneTooMany() throws {
        var readiness = TorchServeReadiness(model: "echo")
        for pid in [10, 10, 11, 11] { #expect(readiness.take(try look("UNLOADING", pid: pid)) == .wait) }
        #expect(code(readiness.take(try look("LOADING", pid: 12))) == .torchserveWorkerDied)
    }

    @Test func aModelWithoutWorkersIsNotWaitedFor() throws {
        var readiness = TorchServeReadiness(model: "echo")
        #expect(readiness.take(try look(nil, minWorkers: 0)) == .wait)
        #expect(readiness.take(try look(nil, minWorkers: 0)) == .wait)
        #expect(code(readiness.take(try look(nil, minWorkers: 0))) == .torchserveNoWorkers)
    }

    @Test func aServerThatStartsIsWaitedForAndOneThatRefusesIsNot() {
        var readiness = TorchServeReadiness(model: "echo")
        let silent = LabError(torchServe: TransportError(kind: .connect, errno: 111, detail: "refused"))
        for _ in 0..<100 { #expect(readiness.take(silent) == .wait) }
        let unknown = LabError(
            torchServe: TorchServeError(status: 404, type: "ModelNotFoundException", message: "", operation: .describe))
        #expect(readiness.take(unknown) == .wait)
        #expect(readiness.take(unknown) == .wait)
        #expect(code(readiness.take(unknown)) == .torchserveModelNotFound)
        let refused = LabError(torchServe: TorchServeError(status: 400, type: "InvalidKeyException", message: "", operation: .describe))
        #expect(code(readiness.take(refused)) == .torchserveToken)
    }
}
