package import FoundationEssentials
import HTTPTransport
import LabSupport

extension LabError {
    /// A failure of `TorchServeClient` as a student reads it. `keys` are the keys that were sent; `now` decides whether they had expired.
    package init(torchServe error: any Error, keys: TorchServeKeys? = nil, now: Date = Date()) {
        switch error {
        case let error as LabError: self = error
        case let error as TorchServeError: self = Self.answer(error, keys: keys, now: now)
        case let error as TransportError: self = Self.transport(error)
        case let error as TorchServeProtocolError:
            self = LabError(
                .torchserveProtocol,
                Text(en: "The program that responded is not TorchServe.", zh: "响应的程序不是 TorchServe。"),
                hint: Text(
                    en: "Another program may use the port. `docker ps` shows the published ports.",
                    zh: "端口可能被其他程序占用了。用 `docker ps` 查看已发布的端口。"),
                cause: error.body)
        default:
            self = LabError(
                .torchserveFailed, Text(en: "The request to TorchServe failed.", zh: "对 TorchServe 的请求失败了。"), cause: "\(error)")
        }
    }

    private static let logHint = Text(
        en: "The Python traceback in the server's log shows the reason: run `docker logs` for its container.",
        zh: "原因在服务器日志的 Python traceback 里：请用 `docker logs` 查看该容器的日志。")

    private static func answer(_ error: TorchServeError, keys: TorchServeKeys?, now: Date) -> LabError {
        let (code, message, hint) =
            error.type == "InvalidKeyException" ? token(error, keys: keys, now: now) : byType(error) ?? byStatus(error)
        return LabError(code, message, hint: hint, cause: "\(error.type): \(error.message)", httpStatus: error.status)
    }

    private typealias Words = (code: Code, message: Text, hint: Text?)

    private static func token(_ error: TorchServeError, keys: TorchServeKeys?, now: Date) -> Words {
        let key =
            switch error.operation {
            case .ping, .predict, .metrics: keys?.inference
            case .list, .describe, .register, .scale, .unregister: keys?.management
            }
        let hint = Text(
            en: "TorchServe writes the keys and their expiry times to key_file.json in its working directory.",
            zh: "TorchServe 把密钥及其过期时间写在工作目录的 key_file.json 中。")
        guard let key else {
            return (
                .torchserveToken,
                Text(
                    en: "This request to TorchServe needs a token, but none was sent.", zh: "TorchServe 要求该请求带上令牌（token），但请求没有带。"),
                hint
            )
        }
        guard key.hasExpired(at: now) else {
            return (
                .torchserveToken,
                Text(
                    en: "TorchServe rejects the token: it belongs to another start of the server or to another kind of request.",
                    zh: "TorchServe 不接受该令牌：它属于服务器的另一次启动，或属于另一类请求。"),
                hint
            )
        }
        return (
            .torchserveTokenExpired,
            Text(en: "The token has expired: TorchServe's keys are valid for a limited time.", zh: "令牌已过期：TorchServe 的密钥只在一段时间内有效。"),
            Text(
                en: "Get a new token from the management API (GET /token?type=…, with the API key), or restart the server.",
                zh: "用 API 密钥向管理接口请求新的令牌（GET /token?type=…），或重启服务器。")
        )
    }

    private static func byType(_ error: TorchServeError) -> Words? {
        switch error.type {
        case "ModelNotFoundException" where error.operation == .register:
            (
                .torchserveArchiveNotFound,
                Text(en: "The model store does not contain this archive.", zh: "模型仓库（model store）里没有这个模型包。"),
                Text(
                    en: "Use only the file name, such as densenet161.mar, and check that the file is in the server's --model-store folder.",
                    zh: "只写文件名，例如 densenet161.mar，并确认它在服务器的 --model-store 目录中。")
            )
        case "ModelNotFoundException", "ModelVersionNotFoundException":
            (
                .torchserveModelNotFound, Text(en: "TorchServe does not have this model.", zh: "TorchServe 中没有这个模型。"),
                Text(
                    en: "`GET /models` lists the loaded models. For a wrong name after --models, the server only logs a warning.",
                    zh: "`GET /models` 会列出已加载的模型；--models 后面写错的名字只会在日志里留下一条警告。")
            )
        case "ConflictStatusException":
            (
                .torchserveConflict,
                Text(en: "This model is already registered.", zh: "这个模型已经注册过了。"),
                Text(en: "Remove it first (DELETE /models/NAME), or use it as it is.", zh: "可以先删除它（DELETE /models/名称），或者直接使用。")
            )
        case "DownloadArchiveException", "InvalidModelException":
            (
                .torchserveArchive,
                Text(en: "TorchServe cannot download or read the model's archive.", zh: "TorchServe 无法下载或读取模型包。"),
                Text(
                    en: "Check the address, or pack the archive again with torch-model-archiver.",
                    zh: "请检查地址，或用 torch-model-archiver 重新打包。")
            )
        case "ServiceUnavailableException":
            (
                .torchserveOverloaded,
                Text(
                    en: "No worker is free: the model's queue is full, or the model has no worker.",
                    zh: "没有空闲的 worker：模型的请求队列已满，或者模型没有 worker。"),
                Text(
                    en: "Send fewer requests at a time, or add workers (`PUT /models/NAME?min_worker=…`).",
                    zh: "请减少并发请求，或增加 worker 数量（`PUT /models/名称?min_worker=…`）。")
            )
        default: nil
        }
    }

    private static func byStatus(_ error: TorchServeError) -> Words {
        switch (error.status, error.operation) {
        case (405, _):
            (
                .torchserveApiDisabled,
                Text(
                    en: "This TorchServe does not allow registering or removing models over HTTP. That is the default since 0.11.1.",
                    zh: "这个 TorchServe 不允许通过 HTTP 注册和删除模型（0.11.1 起默认如此）。"),
                Text(
                    en: "Start the server with --enable-model-api, and publish the management port only on 127.0.0.1.",
                    zh: "启动服务器时加上 --enable-model-api，并且只在 127.0.0.1 上发布管理端口。")
            )
        case (413, _):
            (
                .torchserveTooLarge,
                Text(en: "The request is larger than TorchServe allows.", zh: "请求超过了 TorchServe 允许的大小。"),
                Text(
                    en: "Send a smaller picture, or raise max_request_size in config.properties (6.5 MB by default).",
                    zh: "请发送更小的图片，或在 config.properties 中调大 max_request_size（默认 6.5 MB）。")
            )
        case (507, _):
            (
                .torchserveOutOfMemory,
                Text(en: "The worker ran out of memory for this model.", zh: "worker 运行这个模型时内存不足。"),
                Text(en: "Use fewer workers or a smaller batch.", zh: "请减少 worker 数量，或减小批大小（batch size）。")
            )
        case (500, .register), (500, .scale):
            (.torchserveWorkerStart, Text(en: "The model's worker did not start.", zh: "模型的 worker 没有启动成功。"), logHint)
        case (500, _):
            (
                .torchserveWorkerDied,
                Text(
                    en: "The worker died while handling this request, or exceeded the server's response timeout.",
                    zh: "worker 在处理该请求时崩溃了，或者超过了服务器的响应时限。"),
                logHint
            )
        case (503, _):
            (
                .torchservePredictionFailed,
                Text(en: "The model's handler failed on this input.", zh: "模型的处理程序处理该输入时出错。"), logHint
            )
        default:
            (
                .torchserveFailed,
                Text(en: "TorchServe responded with status \(error.status).", zh: "TorchServe 返回了状态码 \(error.status)。"), logHint
            )
        }
    }

    private static func transport(_ error: TransportError) -> LabError {
        switch error.kind {
        case .timeout:
            LabError(
                .torchserveTimeout,
                Text(en: "TorchServe did not respond in time.", zh: "TorchServe 未能及时响应。"),
                hint: Text(
                    en: "If a worker keeps dying, requests wait. Check the state of the workers with GET /models/NAME, and read the log.",
                    zh: "worker 反复崩溃时请求会一直等待：请查看 GET /models/名称 中 worker 的状态和日志。"),
                cause: error.detail, errno: error.errno)
        case .connect, .resolve, .reset:
            LabError(
                .torchserveUnreachable,
                Text(en: "No program responds at TorchServe's address.", zh: "TorchServe 的地址上没有程序响应。"),
                hint: Text(
                    en: "Check with `docker ps` that the container runs and its port is published. A server needs seconds to start.",
                    zh: "请用 `docker ps` 确认容器在运行且端口已发布。刚启动的服务器需要几秒钟。"),
                cause: error.detail, errno: error.errno)
        case .malformedResponse, .bodyTooLarge:
            LabError(
                .torchserveProtocol,
                Text(en: "The program that responded is not TorchServe.", zh: "响应的程序不是 TorchServe。"), cause: error.detail)
        case .badRequest, .tls, .uploadFailed, .cancelled, .other:
            LabError(
                .torchserveFailed, Text(en: "The request to TorchServe failed.", zh: "对 TorchServe 的请求失败了。"),
                cause: error.detail, errno: error.errno)
        }
    }
}
