import ContainerEngine
import InferenceServer
import LabFile
import LabSupport

extension TaskContext {
    private var access: ServerAccess { ServerAccess(run) }

    /// Starts a server's container and waits until it answers; its log is passed on meanwhile.
    func serve(_ action: LabServeAction) async throws {
        let claim = try await claim(action.container)
        try await cleaningUpOnCancel {
            // A container that couldn't be started (a port is taken) would keep the name for nothing.
            if claim.isNew { try await start(claim.id, orRemove: true) }
            try await waitHealthy(action, claim)
        } cleanup: {
            try? await docker.stopContainer(claim.id, grace: .seconds(5))
        }
    }

    private func waitHealthy(_ action: LabServeAction, _ claim: Claim) async throws {
        let docker = try await docker
        let reader = Task {
            for try await chunk in try await docker.logs(claim.id, LogOptions(follows: true), hasTerminal: false) {
                output(chunk.bytes, chunk.channel == .stderr ? .stderr : .stdout)
            }
        }
        do {
            try await poll(action, claim)
        } catch let ended as ServerEnded {
            // The log of a container that has ended ends too, with the words that say why it did.
            await withTaskCancellationHandler {
                _ = await reader.result
            } onCancel: {
                reader.cancel()
            }
            throw try await exitError(claim.id, action.container.name, ended.exitCode)
        } catch {
            reader.cancel()
            _ = await reader.result
            throw error
        }
        reader.cancel()
        _ = await reader.result
    }

    private struct ServerEnded: Error {
        var exitCode: Int
    }

    private func poll(_ action: LabServeAction, _ claim: Claim) async throws {
        let began = ContinuousClock.now
        var last: LabError?
        while began.duration(to: .now) < .seconds(action.ready) {
            let state = try await docker.inspectContainer(claim.id).state
            guard state.isRunning else { throw ServerEnded(exitCode: state.exitCode) }
            do {
                if try await access.client(action.server).ping(timeout: .seconds(3)) { return }
            } catch {
                try Task.checkCancellation()
                last = LabError(torchServe: error)
            }
            let waited = Double(began.duration(to: .now).components.seconds)
            progress(Text(en: "Starting", zh: "启动中"), waited, of: Double(action.ready), .seconds)
            try await Task.sleep(for: .milliseconds(300))
        }
        throw LabError(
            "serve.notReady",
            Text(
                en: "The server did not answer within \(action.ready) seconds.", zh: "服务器在 \(action.ready) 秒内没有应答。"),
            hint: last?.hint
                ?? Text(
                    en: "Its log says why: `docker logs \(action.container.name)`.", zh: "原因在它的日志里：`docker logs \(action.container.name)`。"),
            cause: last?.cause)
    }

    /// Packs a model inside the server's container.
    func archive(_ action: LabArchiveAction) async throws {
        let container = try access.server(action.server).container
        let command = Equivalent.archiver(action)
        let code = try await execute(command, in: container)
        guard code == 0 else { throw execError(command, code) }
    }

    /// Registers an archive and waits for a worker that is READY. A model of that name is replaced: its archive may be a newer one.
    func register(_ action: LabRegisterAction) async throws {
        let client = try await access.client(action.server)
        do {
            _ = try await client.unregister(action.model)
            notice(
                "register.replaced",
                Text(en: "The model \(action.model) was registered before and is replaced.", zh: "模型 \(action.model) 之前已注册，现在替换它。"))
        } catch let error as TorchServeError where error.status == 404 {
            // Nothing to replace.
        } catch {
            throw LabError(torchServe: error, keys: client.keys)
        }
        do {
            let answer = try await client.register(
                TorchServeRegistration(url: action.archive, model: action.model, initialWorkers: action.workers, synchronous: false),
                timeout: .seconds(action.ready))
            say(SafeLines.clean(text: answer))
            let model = try await client.waitReady(action.model, within: .seconds(action.ready)) { seen in
                let ready = seen?.readyWorkers ?? 0
                progress(Text(en: "Workers ready", zh: "就绪的 worker"), Double(ready), of: Double(action.workers), .items)
            }
            for worker in model.workers { say("worker \(worker.id): \(worker.status.rawValue)") }
        } catch let error as CancellationError {
            throw error
        } catch {
            throw try await explained(LabError(torchServe: error, keys: client.keys), action.server)
        }
    }

    /// Adds the server's last words, where the reason of a dead worker stands.
    private func explained(_ error: LabError, _ server: String) async throws -> LabError {
        var error = error
        let container = try access.server(server).container
        var text = Transcript()
        if let stream = try? await docker.logs(container, LogOptions(tail: 200)) {
            for try await chunk in stream { _ = text.take(chunk.bytes, .stdout) }
        }
        output(Array((text.text + "\n").utf8), .stderr)
        error.cause = [error.cause, TorchServeLog.decisive(text.text)].compactMap { $0 }.joined(separator: "\n")
        return error
    }

    /// Asks about every picture and judges the answers.
    func predict(_ action: LabPredictAction) async throws {
        let evaluator = CheckEvaluator(run: run) { emit($0) }
        let (right, answers) = try await evaluator.ask(action.server, action.model, action.cases, timeout: action.timeout)
        guard right == action.cases.count else {
            throw LabError(
                "prediction.wrong",
                Text(
                    en: "\(action.cases.count - right) of \(action.cases.count) predictions are wrong.",
                    zh: "\(action.cases.count) 个预测中有 \(action.cases.count - right) 个错误。"),
                hint: Text(
                    en: "The server works; the model is not good enough. Train it longer: `ailab step 3 --force --epochs 5`.",
                    zh: "服务正常，但模型还不够好。可以训练更久：`ailab step 3 --force --epochs 5`。"),
                cause: answers.filter { !$0.right }.map { "\($0.picture): \($0.top.first?.label ?? "?")" }.joined(separator: "\n"))
        }
    }

    /// Stops and removes the server's container.
    func stop(_ server: String) async throws {
        let name = try access.server(server).container
        guard let details = try await docker.containerIfPresent(name) else {
            notice("stop.gone", Text(en: "\(name) is gone already.", zh: "\(name) 已经不存在。"))
            return
        }
        guard Label.isOwn(name, details.config.labels, workspace: run.workspace.id) else { throw await nameTaken(name, by: details) }
        try await docker.stopContainer(details.id, grace: .seconds(15))
        try await docker.removeContainer(details.id)
    }
}

/// The one line of TorchServe's log that matters.
enum TorchServeLog {
    /// The first Python error: a later `No module named 'ts.torch_handler.X'` only masks it.
    static func decisive(_ log: String) -> String? {
        guard let regex = try? Regex("([A-Za-z_.]+(Error|Exception|Exit)): .+") else { return nil }
        for line in log.split(separator: "\n") where !line.contains("ts.torch_handler") {
            if let match = line.firstMatch(of: regex) { return String(line[match.range]) }
        }
        return nil
    }
}
