package import FoundationEssentials
import HTTPTransport
import LabSupport

extension LabError {
    /// Any failure of `TorchServeClient` as a student reads it. `keys` are those that were sent, `now` tells whether they were too old.
    package init(torchServe error: any Error, keys: TorchServeKeys? = nil, now: Date = Date()) {
        switch error {
        case let error as LabError: self = error
        case let error as TorchServeError: self = Self.answer(error, keys: keys, now: now)
        case let error as TransportError: self = Self.transport(error)
        case let error as TorchServeProtocolError:
            self = LabError(
                "torchserve.protocol",
                Text(en: "What answered is not TorchServe.", zh: "应答的程序不是 TorchServe。"),
                hint: Text(
                    en: "Another program may have taken the port. `docker ps` shows what is published where.",
                    zh: "端口可能被别的程序占用了。用 `docker ps` 查看端口的使用情况。"),
                cause: error.body)
        default:
            self = LabError(
                "torchserve.failed", Text(en: "The request to TorchServe failed.", zh: "对 TorchServe 的请求失败了。"), cause: "\(error)")
        }
    }

    private static let logHint = Text(
        en: "The reason stands in the server's log, as a Python traceback: `docker logs` of its container.",
        zh: "原因在服务日志的 Python traceback 里：请用 `docker logs` 查看该容器的日志。")

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
            en: "TorchServe writes the keys into key_file.json in its working directory, with the hour at which they end.",
            zh: "TorchServe 把密钥写在其工作目录的 key_file.json 中，里面也有过期时间。")
        guard let key else {
            return (
                "torchserve.token",
                Text(
                    en: "TorchServe wants a token with this request, and none was sent.", zh: "TorchServe 要求该请求带上令牌（token），但请求没有带。"),
                hint
            )
        }
        guard key.hasExpired(at: now) else {
            return (
                "torchserve.token",
                Text(
                    en: "TorchServe does not accept the token: it belongs to another start of the server, or to another kind of request.",
                    zh: "TorchServe 不接受该令牌：它属于服务的另一次启动，或属于另一类请求。"),
                hint
            )
        }
        return (
            "torchserve.tokenExpired",
            Text(en: "The token is too old: TorchServe's keys live for a limited time.", zh: "令牌已过期：TorchServe 的密钥只在一段时间内有效。"),
            Text(
                en: "Get a new one from the management API (GET /token?type=…, with the API key), or restart the server.",
                zh: "用 API 密钥向管理接口请求新的令牌（GET /token?type=…），或重启服务。")
        )
    }

    private static func byType(_ error: TorchServeError) -> Words? {
        switch error.type {
        case "ModelNotFoundException" where error.operation == .register:
            (
                "torchserve.archiveNotFound",
                Text(en: "The model store has no such archive.", zh: "模型仓库（model store）里没有这个归档文件。"),
                Text(
                    en: "Give the file's name alone, such as densenet161.mar, and check that it lies in the server's --model-store folder.",
                    zh: "只写文件名，例如 densenet161.mar，并确认它在服务的 --model-store 文件夹中。")
            )
        case "ModelNotFoundException", "ModelVersionNotFoundException":
            (
                "torchserve.modelNotFound", Text(en: "TorchServe has no such model.", zh: "TorchServe 中没有这个模型。"),
                Text(
                    en: "`GET /models` lists what is loaded; a wrong name after --models is only a warning in the server's log.",
                    zh: "`GET /models` 会列出已加载的模型；--models 后面写错的名字只会在日志里留下一条警告。")
            )
        case "ConflictStatusException":
            (
                "torchserve.conflict",
                Text(en: "This model is registered already.", zh: "这个模型已经注册过了。"),
                Text(en: "Remove it first (DELETE /models/NAME), or go on with it.", zh: "可以先删除它（DELETE /models/名称），或者直接使用。")
            )
        case "DownloadArchiveException", "InvalidModelException":
            (
                "torchserve.archive",
                Text(en: "TorchServe could not get or read the model's archive.", zh: "TorchServe 无法取得或读取模型归档文件。"),
                Text(
                    en: "Check the address, or pack the archive again with torch-model-archiver.",
                    zh: "请检查地址，或用 torch-model-archiver 重新打包。")
            )
        case "ServiceUnavailableException":
            (
                "torchserve.overloaded",
                Text(
                    en: "No worker is free: the model's queue is full, or the model has no worker at all.",
                    zh: "没有空闲的 worker：模型的请求队列已满，或者模型根本没有 worker。"),
                Text(
                    en: "Send fewer requests at a time, or raise the number of workers (`PUT /models/NAME?min_worker=…`).",
                    zh: "请减少并发请求，或增加 worker 数量（`PUT /models/名称?min_worker=…`）。")
            )
        default: nil
        }
    }

    private static func byStatus(_ error: TorchServeError) -> Words {
        switch (error.status, error.operation) {
        case (405, _):
            (
                "torchserve.apiDisabled",
                Text(
                    en: "Registering and removing models over HTTP is switched off in this TorchServe, as it is by default since 0.11.1.",
                    zh: "这个 TorchServe 关闭了通过 HTTP 注册和删除模型的功能（0.11.1 起默认关闭）。"),
                Text(
                    en: "Start the server with --enable-model-api, and publish the management port on 127.0.0.1 only.",
                    zh: "启动服务时加上 --enable-model-api，并且只在 127.0.0.1 上发布管理端口。")
            )
        case (413, _):
            (
                "torchserve.tooLarge",
                Text(en: "The request is larger than TorchServe accepts.", zh: "请求超过了 TorchServe 允许的大小。"),
                Text(
                    en: "Send a smaller picture, or raise max_request_size in config.properties (6.5 MB by default).",
                    zh: "请发送更小的图片，或在 config.properties 中调大 max_request_size（默认 6.5 MB）。")
            )
        case (507, _):
            (
                "torchserve.outOfMemory",
                Text(en: "The worker ran out of memory for this model.", zh: "worker 运行这个模型时内存不足。"),
                Text(en: "Use fewer workers or a smaller batch.", zh: "请减少 worker 数量，或减小批大小（batch size）。")
            )
        case (500, .register), (500, .scale):
            ("torchserve.workerStart", Text(en: "The model's worker did not come up.", zh: "模型的 worker 没有启动成功。"), logHint)
        case (500, _):
            (
                "torchserve.workerDied",
                Text(
                    en: "The worker died over this request, or took longer than the server's response timeout.",
                    zh: "worker 在处理该请求时崩溃了，或者超过了服务的响应时限。"),
                logHint
            )
        case (503, _):
            (
                "torchserve.predictionFailed",
                Text(en: "The model's handler failed on this input.", zh: "模型的 handler 处理该输入时出错。"), logHint
            )
        default:
            (
                "torchserve.failed",
                Text(en: "TorchServe answered with status \(error.status).", zh: "TorchServe 返回了状态码 \(error.status)。"), logHint
            )
        }
    }

    private static func transport(_ error: TransportError) -> LabError {
        switch error.kind {
        case .timeout:
            LabError(
                "torchserve.timeout",
                Text(en: "TorchServe did not answer in time.", zh: "TorchServe 没有在规定时间内应答。"),
                hint: Text(
                    en: "A worker that keeps dying lets requests wait: see the state of the workers in GET /models/NAME, and the log.",
                    zh: "worker 反复崩溃时请求会一直等待：请查看 GET /models/名称 中 worker 的状态和日志。"),
                cause: error.detail, errno: error.errno)
        case .connect, .resolve, .reset:
            LabError(
                "torchserve.unreachable",
                Text(en: "Nothing answers at TorchServe's address.", zh: "TorchServe 的地址上没有程序应答。"),
                hint: Text(
                    en: "Is the container running and its port published (`docker ps`)? A server that just started needs some seconds.",
                    zh: "容器在运行、端口已发布吗（`docker ps`）？刚启动的服务需要几秒钟。"),
                cause: error.detail, errno: error.errno)
        case .malformedResponse, .bodyTooLarge:
            LabError(
                "torchserve.protocol", Text(en: "What answered is not TorchServe.", zh: "应答的程序不是 TorchServe。"), cause: error.detail)
        case .badRequest, .tls, .uploadFailed, .cancelled, .other:
            LabError(
                "torchserve.failed", Text(en: "The request to TorchServe failed.", zh: "对 TorchServe 的请求失败了。"),
                cause: error.detail, errno: error.errno)
        }
    }
}
