import ContainerEngine
import InferenceServer
import LabFile
import LabSupport

extension LabRegisterAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        try await task.register(self)
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        let port = equivalent.run.spec.server(server)?.managementPort ?? "8081"
        let query = "url=\(archive)&model_name=\(model)&initial_workers=\(workers)"
        return [["curl", "-X", "POST", "-H", "Authorization: Bearer $MANAGEMENT_KEY", "http://127.0.0.1:\(port)/models?\(query)"]]
    }

    var imagesUsed: [String] { [] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) -> [HashedFile] { [] }

    var places: Set<String> { ["request", "serve", "container", "host"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}

extension TaskContext {
    /// Registers an archive and waits for a worker that is READY. It replaces a model with the same name, whose archive may be out of date.
    fileprivate func register(_ action: LabRegisterAction) async throws {
        let client = try await access.client(action.server)
        do {
            _ = try await client.unregister(action.model)
            notice(
                "register.replaced",
                Text(en: "The model \(action.model) was already registered and is being replaced.", zh: "模型 \(action.model) 此前已注册，正在替换。"))
        } catch let error as TorchServeError where error.status == 404 {
            // There is nothing to replace.
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

    /// Adds the end of the server's log, which contains the reason why a worker died.
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
}
