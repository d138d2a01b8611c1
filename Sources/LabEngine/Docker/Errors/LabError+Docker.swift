import LabSupport

extension LabError {
    /// What the engine's refusal means to a student.
    ///
    /// Status, operation and exit code decide. But the engine answers 500 to many failures without a code, such as a taken port, a full
    /// disk or a missing GPU hook. Only for these does `DockerSymptom` look at the text.
    package init(_ error: DockerError) {
        self = Self.byExitCode(error) ?? DockerSymptom.first(in: error)?.labError(error) ?? Self.byStatus(error) ?? Self.refused(error)
        cause = error.message.isEmpty ? nil : SafeLines.clean(text: error.message)
        httpStatus = error.status
        exitCode = error.exitCode
    }

    private static func byExitCode(_ error: DockerError) -> LabError? {
        guard let code = error.exitCode, case .build = error.operation else { return nil }
        let words = error.instruction ?? "RUN"
        let step = words.count > shownWords ? words.prefix(shownWords) + "…" : words[...]
        let wasKilled = code == 137
        return LabError(
            .buildFailed,
            Text(
                en: "The build failed at `\(step)`: the command exited with code \(code).",
                zh: "构建在 `\(step)` 处失败：命令的退出码为 \(code)。"),
            hint: wasKilled
                ? Text(
                    en: "137 means that the process was killed, usually because memory ran out. Close other programs or use fewer jobs.",
                    zh: "137 表示进程被强制结束，通常是内存耗尽。请关闭其他程序，或减少构建时的并行任务数。")
                : Text(
                    en: "The reason is a few lines above. If `ailab diagnose` knows the problem, it names the cause.",
                    zh: "原因在上面几行输出中。若是已知问题，`ailab diagnose` 会指出原因。"))
    }

    /// How much of a failed instruction a message repeats. The file, the log and the walkthrough show it whole.
    private static let shownWords = 80

    private static func byStatus(_ error: DockerError) -> LabError? {
        switch (error.operation, error.status) {
        // Only the first word of the message distinguishes a missing network from a missing image or container.
        case (_, 404) where error.message.hasPrefix("network "):
            return LabError(.networkNotFound, Text(en: "The engine has no such network.", zh: "引擎中没有这个网络。"))
        case (.pull(let image), 404), (.image(let image, _), 404), (.create(let image, _), 404): return imageNotFound(image)
        case (.pull(let image), 401), (.pull(let image), 403): return imageDenied(image)
        case (.pull, 429): return DockerSymptom.rateLimit.labError(error)
        case (.start(let name), 404), (.container(let name, _), 404), (.exec(let name), 404): return containerNotFound(name)
        case (.archive(_, let path), 404):
            return LabError(
                .containerPathMissing, Text(en: "The container has no \(path).", zh: "容器中没有 \(path)。"))
        case (.create(_, let name), 409): return nameTaken(name ?? "")
        case (.service(let name, "create"), 409): return serviceNameTaken(name)
        case (.image(let image, _), 409): return imageInUse(image)
        case (.exec(let name), 409), (.container(let name, _), 409): return notRunning(name, error)
        case (.build, 400): return dockerfileInvalid
        default: return nil
        }
    }

    static func imageNotFound(_ name: String) -> LabError {
        LabError(
            .imageNotFound, Text(en: "There is no image \(name).", zh: "找不到镜像 \(name)。"),
            hint: Text(
                en: "Check the name and tag letter by letter. `docker images` lists the local images. The hub may have deleted an old tag.",
                zh: "请逐字检查名称和标签；`docker images` 列出本机已有的镜像。仓库上的旧标签可能已被删除。"))
    }

    static func imageDenied(_ name: String) -> LabError {
        LabError(
            .imageAccessDenied,
            Text(en: "The registry denies access to \(name).", zh: "镜像仓库拒绝访问 \(name)。"),
            hint: Text(
                en: "Usually the name is wrong: registries give the same answer for private and for missing images. If the name is right, "
                    + "run `docker login` first.",
                zh: "通常是名称有误：对于私有镜像和不存在的镜像，仓库的响应相同。若名称无误，请先执行 `docker login`。"))
    }

    private static func imageInUse(_ name: String) -> LabError {
        LabError(
            .imageInUse, Text(en: "A container still uses the image \(name).", zh: "仍有容器在使用镜像 \(name)。"),
            hint: Text(
                en: "`docker ps -a` shows which one. Remove it (`docker rm NAME`), then remove the image.",
                zh: "用 `docker ps -a` 查看是哪个容器，先删除它（`docker rm NAME`），再删除镜像。"))
    }

    private static func containerNotFound(_ name: String) -> LabError {
        LabError(
            .containerNotFound, Text(en: "There is no container \(name).", zh: "找不到容器 \(name)。"),
            hint: Text(
                en: "It was removed or has another name. `docker ps -a` lists all containers.",
                zh: "它可能已被删除，或名称不同。用 `docker ps -a` 列出全部容器。"))
    }

    private static func nameTaken(_ name: String) -> LabError {
        LabError(
            .containerNameTaken,
            Text(en: "A container called \(name) already exists.", zh: "已经有一个名为 \(name) 的容器。"),
            hint: Text(
                en: "It's usually left over from an earlier run. Remove it with `docker rm -f \(name)`, or choose another name.",
                zh: "它通常是之前运行时留下的。用 `docker rm -f \(name)` 删除它，或换一个名称。"))
    }

    /// A service's name is taken in the swarm.
    private static func serviceNameTaken(_ name: String) -> LabError {
        LabError(
            .swarmNameTaken,
            Text(en: "The swarm has a service \(name) that this workspace didn't make.", zh: "swarm 中已有名为 \(name) 的服务，它不是本工作区创建的。"),
            hint: Text(
                en: "Choose other names for this workspace: `--set prefix=…`. Or, if no one needs it: `docker service rm \(name)`.",
                zh: "请为本工作区换一组名称：`--set prefix=…`；如果那个服务已不再需要：`docker service rm \(name)`。"))
    }

    private static func notRunning(_ name: String, _ error: DockerError) -> LabError {
        if case .container(_, "remove") = error.operation {
            return LabError(
                .containerRunning, Text(en: "The container \(name) is still running.", zh: "容器 \(name) 仍在运行。"),
                hint: Text(
                    en: "Stop it with `docker stop \(name)`, or stop and remove it with `docker rm -f \(name)`.",
                    zh: "用 `docker stop \(name)` 停止它，或用 `docker rm -f \(name)` 一步停止并删除。"))
        }
        return LabError(
            .containerNotRunning, Text(en: "The container \(name) is not running.", zh: "容器 \(name) 没有在运行。"),
            hint: Text(
                en: "`docker logs \(name)` shows how it ended. `docker start \(name)` starts it again.",
                zh: "用 `docker logs \(name)` 查看它是如何结束的，用 `docker start \(name)` 重新启动。"))
    }

    private static let dockerfileInvalid = LabError(
        .buildDockerfile, Text(en: "The Dockerfile has an error.", zh: "Dockerfile 中有错误。"),
        hint: Text(
            en: "The engine names the line below. Instructions are words like FROM, RUN and COPY. A backslash at the end continues a line.",
            zh: "引擎在下面指出了出错的行。指令是 FROM、RUN、COPY 这样的词；过长的命令用反斜杠换行。"))

    private static func refused(_ error: DockerError) -> LabError {
        LabError(
            .engineRefused,
            Text(en: "The engine refused: \(SafeLines.clean(text: error.message))", zh: "引擎拒绝了请求：\(SafeLines.clean(text: error.message))"))
    }
}
