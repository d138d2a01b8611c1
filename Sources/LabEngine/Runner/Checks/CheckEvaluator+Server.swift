import HTTPTransport
import InferenceServer
import LabFile
import LabSupport

extension CheckEvaluator {
    func model(_ server: String, _ name: String) async throws -> Finding {
        let wanted = Text(en: "the model \(name) with a worker that is READY", zh: "模型 \(name) 有处于 READY 状态的 worker")
        let client = try await ServerAccess(run).client(server)
        do {
            let versions = try await client.describe(name, timeout: .seconds(5))
            let workers = versions.flatMap(\.workers).map(\.status.rawValue)
            let ready = versions.contains { $0.readyWorkers > 0 }
            let shown = Text.words(workers.isEmpty ? ["-"] : workers)
            return Finding(
                passed: ready, wanted: wanted, found: Text(en: "workers: \(shown.en)", zh: "worker 状态：\(shown.zh)"),
                advice: Text(
                    en: "`docker logs` of the server says why a worker is not ready.", zh: "`docker logs` 查看服务器日志可知 worker 未就绪的原因。"))
        } catch let error where !(error is CancellationError) {
            let failure = LabError(torchServe: error)
            return Finding(passed: false, wanted: wanted, found: failure.message, advice: failure.hint)
        }
    }

    func prediction(_ server: String, _ model: String, _ cases: [LabPredictionCase]) async throws -> Finding {
        let wanted = Text(en: "\(model): \(cases.count) of \(cases.count) correct", zh: "\(model)：\(cases.count)/\(cases.count) 正确")
        do {
            // The predictions are only counted here. The action that the student asked for reports each of them.
            let (right, _) = try await CheckEvaluator(run: run).ask(server, model, cases, timeout: 30)
            return Finding(
                passed: right == cases.count, wanted: wanted,
                found: Text(en: "\(right) of \(cases.count) correct", zh: "\(right)/\(cases.count) 正确"))
        } catch let error as LabError where error.family != "engine" {
            return Finding(passed: false, wanted: wanted, found: error.message, advice: error.hint)
        }
    }

    /// Asks about every picture. Each prediction becomes a journal event.
    func ask(
        _ server: String, _ model: String, _ cases: [LabPredictionCase], timeout: Int
    ) async throws -> (right: Int, answers: [Prediction]) {
        let client = try await ServerAccess(run).client(server)
        var answers: [Prediction] = []
        for one in cases {
            let prediction = try await client.ask(model, one, bytes: try run.labFile(one.picture).read(), timeout: timeout)
            emit(.prediction(prediction))
            answers.append(prediction)
        }
        return (answers.count(where: \.right), answers)
    }

    /// Asks about a picture that isn't of the lab's. Nobody knows what is right for it.
    package func ask(_ server: String, _ model: String, picture: String, bytes: [UInt8], timeout: Int) async throws -> Prediction {
        let client = try await ServerAccess(run).client(server)
        return try await client.ask(model, LabPredictionCase(picture: picture, expected: []), bytes: bytes, timeout: timeout)
    }
}

extension TorchServeClient {
    fileprivate func ask(_ model: String, _ asked: LabPredictionCase, bytes: [UInt8], timeout: Int) async throws -> Prediction {
        let began = ContinuousClock.now
        let answer: TorchServePrediction
        do {
            answer = try await predict(
                model: model, body: .bytes(bytes), contentType: "application/octet-stream", timeout: .seconds(timeout))
        } catch let error where !(error is CancellationError) {
            throw LabError(torchServe: error, keys: keys)
        }
        let took = began.duration(to: .now)
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        let top = answer.candidates.prefix(5).map {
            Prediction.Label(label: SafeLines.clean(text: $0.label), probability: $0.probability ?? 0)
        }
        let best = top.first?.label.lowercased() ?? ""
        return Prediction(
            model: model, picture: asked.picture, expected: asked.expected, top: Array(top),
            right: asked.expected.contains { $0.lowercased() == best }, seconds: seconds)
    }
}
