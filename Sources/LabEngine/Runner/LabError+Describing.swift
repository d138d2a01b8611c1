import ContainerEngine
package import HTTPTransport
import InferenceServer
import LabFile
package import LabSupport

extension LabError {
    /// Converts any error of the engine's parts to one in the student's words. `endpoint` is the engine that was used, if any.
    package init(describing error: any Error, at endpoint: Endpoint? = nil) {
        switch error {
        case let error as LabError: self = error
        case let error as DockerError: self.init(error)
        case let error as TarError: self.init(error)
        case let error as TransportError:
            self = endpoint.map { LabError(error, at: $0) } ?? Self.noAnswer(error)
        case let error as DockerProtocolError: self.init(engine: error, at: endpoint ?? .unix(path: ""))
        case let error as DockerHostError: self.init(error)
        case let error as TorchServeError: self.init(torchServe: error)
        case let error as TemplateError: self = error.labError
        case let error as HTTPStatusError:
            self.init(
                .httpStatus, Text(en: "The server answered \(error.status).", zh: "服务器返回 \(error.status)。"),
                cause: SafeLines.clean(text: String(decoding: error.body.prefix(500), as: UTF8.self)), httpStatus: error.status)
        case is CancellationError:
            self.init(.runCancelled, Text(en: "It was cancelled.", zh: "已取消。"))
        default:
            self.init(.internal, Text(en: "Something unexpected happened.", zh: "发生了意外错误。"), cause: "\(error)")
        }
    }

    private static func noAnswer(_ error: TransportError) -> LabError {
        LabError(
            .networkNoAnswer, Text(en: "No response came over the network.", zh: "网络没有响应。"),
            hint: Text(en: "Check the address and the network.", zh: "请检查地址和网络。"), cause: error.detail, errno: error.errno)
    }

    /// The program's exit code for this error, as the README documents it.
    package var exitStatus: Int32 {
        switch family {
        case "usage", "lab": ExitStatus.wrongUse
        case "engine", "transport", "disk", "workspace", "host", "gpu", "standin", "load", "limit": ExitStatus.blocked
        case "run": code == .runCancelled ? ExitStatus.cancelled : ExitStatus.failed
        default: ExitStatus.failed
        }
    }
}
