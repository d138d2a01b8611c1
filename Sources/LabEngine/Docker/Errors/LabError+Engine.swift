import Glibc
package import HTTPTransport
package import LabSupport

extension LabError {
    /// What a failed use of an engine means to a student.
    package init(engine error: any Error, at endpoint: Endpoint) {
        switch error {
        case let error as LabError: self = error
        case let error as DockerError where Self.wantsTLS(error, endpoint):
            self = Self.withoutTLS(endpoint.dockerHost)
            cause = error.message.isEmpty ? nil : SafeLines.clean(text: error.message)
            httpStatus = error.status
        case let error as DockerError: self.init(error)
        case let error as TransportError: self.init(error, at: endpoint)
        case let error as DockerProtocolError: self.init(error)
        case let error as TarError: self.init(error)
        default:
            self.init(
                .engineFailed,
                Text(en: "Cannot use the container engine.", zh: "无法使用容器引擎。"), cause: "\(error)")
        }
    }

    private init(_ error: DockerProtocolError) {
        self.init(
            .engineUnexpected,
            Text(en: "ailab does not understand the engine's response.", zh: "ailab 无法理解引擎的响应。"),
            hint: Text(
                en: "Check that a container engine listens there. To report this, run `ailab doctor --bundle FILE` and attach the file.",
                zh: "请确认监听该地址的确实是容器引擎。报告此问题时，请运行 `ailab doctor --bundle FILE` 并附上该文件。"),
            cause: "\(error.place): \(error.detail)")
    }

    /// A failed or broken connection. errno and libcurl's code decide which error it is.
    package init(_ error: TransportError, at endpoint: Endpoint) {
        let place = endpoint.dockerHost
        self = Self.unreached(error, place: place, isSocket: endpoint.isSocket)
        cause = error.detail
        errno = error.errno
    }

    private static func unreached(_ error: TransportError, place: String, isSocket: Bool) -> LabError {
        switch error.errno {
        case ENOENT: return missing(place)
        case EACCES, EPERM: return forbidden(place)
        case ECONNREFUSED: return isSocket ? dead(place) : refused(place)
        default: break
        }
        switch error.kind {
        case .badRequest: return badAddress(place, isSocket: isSocket)
        case .timeout: return silent(place)
        case .tls: return untrusted(place)
        case .reset, .malformedResponse, .uploadFailed: return lost(place)
        default:
            return LabError(
                .engineUnreachable, Text(en: "Cannot reach an engine at \(place).", zh: "无法连接到 \(place) 上的引擎。"),
                hint: Text(en: "Check the address and the network.", zh: "请检查地址和网络。"))
        }
    }

    private static func missing(_ place: String) -> LabError {
        LabError(
            .engineMissing, Text(en: "There is no engine at \(place).", zh: "\(place) 处没有引擎。"), hint: LabError.engineStopped.hint)
    }

    private static func forbidden(_ place: String) -> LabError {
        LabError(
            .enginePermission,
            Text(
                en: "The engine is running, but you may not access it (\(place)).",
                zh: "引擎已在运行，但当前用户无权访问它（\(place)）。"),
            hint: Text(
                en:
                    "Join the group docker with `sudo usermod -aG docker \"$USER\"`, then log out and in again (or run `newgrp docker` in "
                    + "this terminal). Without sudo, ask the server's administrator. Members of this group effectively have root access.",
                zh: "执行 `sudo usermod -aG docker \"$USER\"` 加入 docker 组，然后注销并重新登录（或在当前终端运行 `newgrp docker`）。"
                    + "没有 sudo 权限时请联系服务器管理员；注意该组的成员等同于拥有 root 权限。"))
    }

    private static func dead(_ place: String) -> LabError {
        LabError(
            .engineDead,
            Text(
                en: "The socket \(place) exists, but no engine listens on it: the engine stopped or crashed.",
                zh: "套接字 \(place) 存在，但没有引擎在监听：引擎已停止或崩溃。"),
            hint: Text(
                en:
                    "Start it with `\(EngineService.command("start"))` (Docker Desktop: open the app). If it stops again, "
                    + "`\(EngineService.log)` shows why.",
                zh: "用 `\(EngineService.command("start"))` 启动它（Docker Desktop：打开应用程序）。"
                    + "如果启动后又退出，用 `\(EngineService.log)` 查看原因。"))
    }

    private static func refused(_ place: String) -> LabError {
        LabError(
            .engineDead, Text(en: "Nothing listens at \(place).", zh: "\(place) 上没有程序在监听。"),
            hint: Text(
                en: "Check that the engine is running there and that the port is right. Engines listen on TCP only if configured to.",
                zh: "请确认那里的引擎正在运行，且端口正确。引擎默认不监听 TCP。"))
    }

    private static func badAddress(_ place: String, isSocket: Bool) -> LabError {
        let limit = Endpoint.socketPathLimit
        return LabError(
            .engineAddress, Text(en: "\(place) is not a usable engine address.", zh: "\(place) 不是可用的引擎地址。"),
            hint: isSocket
                ? Text(
                    en: "A socket's path can have at most \(limit) bytes. Use a shorter folder.",
                    zh: "套接字路径最长 \(limit) 字节，请换用更短的目录。")
                : Text(
                    en: "An engine's address is `tcp://HOST:PORT` or `unix:///PATH`.",
                    zh: "引擎地址的形式是 `tcp://主机:端口` 或 `unix:///路径`。"))
    }

    private static func silent(_ place: String) -> LabError {
        LabError(
            .engineTimeout, Text(en: "The engine at \(place) did not respond in time.", zh: "\(place) 处的引擎未能及时响应。"),
            hint: Text(
                en:
                    "It may be busy or stuck. Wait a moment and try again. If it still doesn't respond, restart it: "
                    + "`\(EngineService.command("restart"))`.",
                zh: "引擎可能非常繁忙或已卡住。请稍候重试；若仍无响应，请重启它：`\(EngineService.command("restart"))`。"))
    }

    private static func untrusted(_ place: String) -> LabError {
        LabError(
            .engineTLS, Text(en: "Cannot make a trusted connection to \(place).", zh: "无法与 \(place) 建立可信的连接。"),
            hint: Text(
                en: "The certificates in DOCKER_CERT_PATH (ca.pem, cert.pem, key.pem) must belong to that engine and must not be expired.",
                zh: "DOCKER_CERT_PATH 中的证书（ca.pem、cert.pem、key.pem）必须属于该引擎，且未过期。"))
    }

    /// A server that speaks TLS answers a plain request with 400, and an engine has no reason to refuse a ping.
    private static func wantsTLS(_ error: DockerError, _ endpoint: Endpoint) -> Bool {
        guard case .tcp(_, _, nil) = endpoint else { return false }
        return error.operation == .engine("ping") && error.status == 400
    }

    private static func withoutTLS(_ place: String) -> LabError {
        LabError(
            .engineTLS, Text(en: "The program at \(place) refuses a connection without TLS.", zh: "\(place) 上的程序拒绝不使用 TLS 的连接。"),
            hint: Text(
                en:
                    "Run `export DOCKER_TLS_VERIFY=1`. If ca.pem, cert.pem and key.pem aren't in ~/.docker, set DOCKER_CERT_PATH to their folder.",
                zh: "请执行 `export DOCKER_TLS_VERIFY=1`。如果 ca.pem、cert.pem 和 key.pem 不在 ~/.docker 中，请把 DOCKER_CERT_PATH 设为它们所在的目录。"))
    }

    private static func lost(_ place: String) -> LabError {
        LabError(
            .engineLost, Text(en: "The connection to the engine at \(place) broke.", zh: "与 \(place) 处引擎的连接中断了。"),
            hint: Text(
                en: "The engine may have restarted. When it responds again, repeat the step. Finished work is kept.",
                zh: "引擎可能重启过。等它恢复响应后重做这一步即可，已完成的部分不会丢失。"))
    }
}

/// Commands for this machine's engine service. They use systemd if it is running, which is rare in containers and on WSL.
enum EngineService {
    /// Whether systemd is running, as sd_booted(3) tests it.
    static var hasSystemd: Bool { Files.exists("/run/systemd/system") }

    static func command(_ verb: String, systemd: Bool = hasSystemd) -> String {
        systemd ? "sudo systemctl \(verb) docker" : "sudo service docker \(verb)"
    }

    /// The command that shows the end of the engine's log.
    static var log: String { hasSystemd ? "sudo journalctl -u docker -n 50" : "sudo tail -n 50 /var/log/docker.log" }
}

extension LabError {
    /// An engine that went away during a run and didn't return in time. `again` is the command that continues.
    package static func engineAway(_ endpoint: Endpoint, seconds: Int, isPrivate: Bool, again: String) -> LabError {
        let start = isPrivate ? "sudo ailab engine start" : EngineService.command("start")
        return LabError(
            .engineLost,
            Text(
                en: "The engine at \(endpoint.dockerHost) went away and didn't return within \(seconds) seconds.",
                zh: "\(endpoint.dockerHost) 处的引擎中断，\(seconds) 秒内没有恢复。"),
            hint: Text(
                en: "Start it with `\(start)`, then run `\(again)`. Finished work is kept, and containers that still run are taken over.",
                zh: "用 `\(start)` 启动它，然后运行 `\(again)`。已完成的部分不会丢失，仍在运行的容器会被接管。"))
    }

    /// An engine is installed, but no socket exists.
    static var engineStopped: LabError {
        let start = EngineService.command("start")
        return LabError(
            .engineMissing,
            Text(en: "A container engine is installed but not running.", zh: "容器引擎已安装，但没有运行。"),
            hint: Text(
                en:
                    "Start it with `\(start)` (Docker Desktop: open the app), or let ailab start one of its own: "
                    + "`ailab engine start`.",
                zh: "用 `\(start)` 启动它（Docker Desktop：打开应用程序），或让 ailab 启动自己的引擎：`ailab engine start`。"))
    }

    /// No engine is installed.
    static let engineNotInstalled = LabError(
        .engineNotInstalled,
        Text(en: "No container engine is installed on this machine.", zh: "这台机器上没有安装容器引擎。"),
        hint: Text(
            en:
                "Install one: `sudo apt install docker.io` on Debian and Ubuntu; for other systems, see "
                + "https://docs.docker.com/engine/install/ . On WSL, you can use Docker Desktop with WSL integration turned on.",
            zh: "请先安装：Debian 和 Ubuntu 上执行 `sudo apt install docker.io`；其他系统参见 https://docs.docker.com/engine/install/ 。"
                + "在 WSL 上可使用 Docker Desktop，并开启 WSL 集成。"))

    /// An engine on another machine: why a lab can't use it, and what can be done.
    package static func engineElsewhere(_ code: LabError.Code, _ host: String, login: Text) -> LabError {
        let name = SafeLines.clean(text: host)
        return LabError(
            code, Text(en: "The engine runs on another machine, \(name).", zh: "容器引擎运行在另一台机器（\(name)）上。"),
            hint: login.joined(
                Text(
                    en:
                        " The lab mounts your folder into containers and opens their ports on this machine. Both need an engine that runs here.",
                    zh: "实验要把你的目录挂载进容器，并在本机打开容器的端口，这两件事都需要引擎就在本机运行。")))
    }

    /// An unusable address.
    package init(_ error: DockerHostError) {
        switch error {
        case .ssh(let place):
            let (login, host) = Self.sshLogin(place)
            self = .engineElsewhere(
                .engineSSH, host,
                login: Text(en: "Log in with `\(login)` and run ailab there.", zh: "请用 `\(login)` 登录，在那台机器上运行 ailab。"))
        case .notUnderstood(let text):
            self.init(
                .engineAddress, Text(en: "\"\(text)\" is not an engine address.", zh: "“\(text)”不是有效的引擎地址。"),
                hint: Text(
                    en: "Addresses look like unix:///var/run/docker.sock or tcp://192.168.1.5:2376.",
                    zh: "地址形如 unix:///var/run/docker.sock 或 tcp://192.168.1.5:2376。"))
        }
    }

    /// The command that logs in at `USER@HOST:PORT/PATH`, and the host.
    private static func sshLogin(_ place: String) -> (command: String, host: String) {
        let address = SafeLines.clean(text: String(place.prefix { $0 != "/" }))
        let at = address.lastIndex(of: "@")
        // A password in the address is no part of the command.
        let account = at.map { address[..<$0].prefix { $0 != ":" } + "@" } ?? ""
        let machine = at.map { address[address.index(after: $0)...] } ?? address[...]
        // Brackets mark an IPv6 address, and ssh wants it without them.
        let isBracketed = machine.hasPrefix("[")
        let host = isBracketed ? machine.dropFirst().prefix { $0 != "]" } : machine.prefix { $0 != ":" }
        let rest = machine[host.endIndex...].drop { $0 == "]" }
        let port = rest.hasPrefix(":") && rest.count > 1 ? "-p \(rest.dropFirst()) " : ""
        return ("ssh \(port)\(account)\(host)", String(host))
    }

    package init(_ error: TarError) {
        switch error {
        case .system(let path, let errno):
            self = Files.error(errno, path)
        case .shrank(let path):
            self.init(
                .fileChanged, Text(en: "\(path) became shorter while ailab sent it.", zh: "\(path) 在发送过程中变短了。"),
                hint: Text(
                    en: "Something is writing to it. Wait for it to end, or keep the file out with a line in .dockerignore.",
                    zh: "有程序正在写这个文件。请等它结束，或在 .dockerignore 中加一行把它排除。"))
        case .damaged(let what):
            self.init(.archiveMalformed, Text(en: "The archive is damaged.", zh: "归档已损坏。"), cause: what)
        case .notAFile(let path):
            self.init(.archiveKind, Text(en: "\(path) in the container is not a regular file.", zh: "容器中的 \(path) 不是普通文件。"))
        case .pattern(let file, let line):
            self.init(.archivePattern, Text(en: "\(file) has an invalid pattern: \(line)", zh: "\(file) 中有无效的匹配模式：\(line)"))
        case .unsafe(let name):
            self.init(
                .archiveUnsafe,
                Text(en: "The archive tries to write outside of its folder: \(name).", zh: "归档试图写到目标目录之外：\(name)。"))
        }
    }
}

extension Endpoint {
    fileprivate var isSocket: Bool { if case .unix = self { true } else { false } }
}
