import HTTPTransport
package import InferenceServer
package import LabFile
package import LabRunner
import LabSupport
package import LoadTest

/// A model of the lab as the subject of a load test: where it is, the token, the pictures and what is right about them.
package struct LabModelLoad: Sendable {
    /// Address of the predictions.
    package var url: String
    package var requests: [LoadRequest]
    /// For the server's own counters.
    package var server: TorchServeClient
    package var model: String
    /// Workers that take requests.
    package var workers: Int

    /// Finds a model of the lab by the name that it is asked under. `bodies` are files to send instead of the lab's pictures.
    /// Throws `usage.model` where the lab or its server has none of that name.
    package static func find(
        _ name: String, in raw: LabSpec, _ workspace: Workspace, options: RunOptions, environment: [String: String], bodies: [String]
    ) async throws -> LabModelLoad {
        // Where the models are asked is no matter of variables: a wrong name is said before an engine is looked for.
        let known = raw.tasks.compactMap { task in
            if case .predict(let action) = task.action { (task.id, action) } else { nil }
        }
        guard let task = known.first(where: { $0.1.model == name })?.0 else { throw unknown(name, known.map(\.1.model)) }
        let http = CurlHTTPClient.shared
        let run = try RunContext(
            filling: raw, engine: RunEngine(http: http, environment: environment), http: http, workspace: workspace, run: 0,
            options: options, device: "cpu", environment: environment, journal: .discarding())
        guard case .predict(let action)? = run.spec.task(task)?.action else { throw unknown(name, known.map(\.1.model)) }
        let server = try ServerAccess(run).server(action.server)
        let client = try await ServerAccess(run).client(action.server)
        let path = "/predictions/" + action.model.torchServeEscaped
        return LabModelLoad(
            url: "http://127.0.0.1:\(server.inferencePort)\(path)",
            requests: try requests(action, path, client.keys, bodies: bodies, run), server: client, model: action.model,
            workers: try await workers(of: action.model, client, again: options.commandAgain(task)))
    }

    private static func requests(
        _ action: LabPredictAction, _ path: String, _ keys: TorchServeKeys?, bodies: [String], _ run: RunContext
    ) throws -> [LoadRequest] {
        var headers: HTTPHeaders = ["Content-Type": "application/octet-stream"]
        if let key = keys?.inference { headers.append("Authorization", "Bearer \(key.value)") }
        let pictures = try action.cases.map { one in (one.picture, bodies.isEmpty ? try run.labFile(one.picture).read() : []) }
        let files = bodies.isEmpty ? pictures : try bodies.map { ($0, try Files.readNamed($0, limit: PathBelow.readLimit)) }
        return files.map { file, body in
            let expected = action.cases.first { Files.name(of: $0.picture) == Files.name(of: file) }?.expected
            return LoadRequest(
                method: "POST", target: path, headers: headers, body: body,
                expectations: expected.map { [.label($0)] } ?? [], name: Files.name(of: file))
        }
    }

    /// What helps if the server or the model isn't there.
    static func startHint(_ again: String) -> Text {
        Text(en: "`\(again)` starts the server and loads the model.", zh: "`\(again)` 会启动服务器并加载模型。")
    }

    /// Asked before the load: without a worker every request would wait for its deadline.
    private static func workers(of model: String, _ client: TorchServeClient, again: String) async throws -> Int {
        let hint = startHint(again)
        do {
            let ready = try await client.describe(model, timeout: .seconds(5)).map(\.readyWorkers).reduce(0, +)
            if ready > 0 { return ready }
        } catch  where !(error is CancellationError) {
            var failure = LabError(torchServe: error, keys: client.keys)
            // Of a load test, both mean that there is nothing yet to put a load on.
            if failure.code == .torchserveUnreachable || failure.code == .torchserveModelNotFound {
                failure = failure.with(failure.code == .torchserveUnreachable ? .loadUnreachable : .loadNotServed)
                failure.hint = hint
            }
            throw failure
        }
        throw LabError(
            .loadNoWorker, Text(en: "No worker of the model \(model) is ready.", zh: "模型 \(model) 没有就绪的 worker。"), hint: hint)
    }

    private static func unknown(_ name: String, _ models: [String]) -> LabError {
        let shown = SafeLines.clean(text: name)
        let near = NearestWord.to(name, among: models)
        return LabError(
            .usageModel,
            Text(
                en: "The lab asks no model called \(shown)" + (near.map { "; did you mean \($0)?" } ?? "."),
                zh: "实验中没有名为 \(shown) 的模型" + (near.map { "；是不是想写 \($0)？" } ?? "。")),
            hint: Text(
                en: "Its models: \(models.joined(separator: ", ")). Anything else is given by its address: http://127.0.0.1:8080/ping.",
                zh: "可用的模型：\(models.joined(separator: "、"))。其他目标请写地址：http://127.0.0.1:8080/ping。"))
    }
}
