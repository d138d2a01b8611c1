import LabSupport

extension LabError {
    /// What a refusal of the engine means to a student.
    ///
    /// Status, operation and exit code decide. The engine answers 500 to many things that have no code of their own (a taken port, a
    /// full disk, a missing GPU hook): only there its words are looked at, by `DockerSymptom`.
    package init(_ error: DockerError) {
        self = Self.byExitCode(error) ?? DockerSymptom.first(in: error)?.labError(error) ?? Self.byStatus(error) ?? Self.refused(error)
        cause = error.message.isEmpty ? nil : SafeLines.clean(text: error.message)
        httpStatus = error.status
        exitCode = error.exitCode
    }

    private static func byExitCode(_ error: DockerError) -> LabError? {
        guard let code = error.exitCode, case .build = error.operation else { return nil }
        let step = error.instruction ?? "RUN"
        let wasKilled = code == 137
        return LabError(
            "build.failed",
            Text(
                en: "The build stopped at `\(step)`: the command ended with exit code \(code).",
                zh: "构建在 `\(step)` 处停止：命令以退出码 \(code) 结束。"),
            hint: wasKilled
                ? Text(
                    en:
                        "137 means that it was killed, mostly because memory ran out. Close other programs or build with fewer parallel jobs.",
                    zh: "137 表示进程被强制结束，通常是内存耗尽。请关闭其他程序，或减少构建时的并行任务数。")
                : Text(
                    en: "The lines just above say why. `ailab diagnose` names the cause when it knows it.",
                    zh: "原因在上面紧邻的几行输出里。若是已知问题，`ailab diagnose` 会指出原因。"))
    }

    private static func byStatus(_ error: DockerError) -> LabError? {
        switch (error.operation, error.status) {
        // Only the first word tells a missing network from a missing image or container.
        case (_, 404) where error.message.hasPrefix("network "):
            return LabError("network.notFound", Text(en: "There is no such network in the engine.", zh: "引擎中没有这个网络。"))
        case (.pull(let image), 404), (.image(let image, _), 404), (.create(let image, _), 404): return imageNotFound(image)
        case (.pull(let image), 401), (.pull(let image), 403): return imageDenied(image)
        case (.pull, 429): return DockerSymptom.rateLimit.labError(error)
        case (.start(let name), 404), (.container(let name, _), 404), (.exec(let name), 404): return containerNotFound(name)
        case (.archive(_, let path), 404):
            return LabError(
                "container.pathMissing", Text(en: "There is no \(path) in the container.", zh: "容器中没有 \(path)。"))
        case (.create(_, let name), 409): return nameTaken(name ?? "")
        case (.image(let image, _), 409): return imageInUse(image)
        case (.exec(let name), 409), (.container(let name, _), 409): return notRunning(name, error)
        case (.build, 400): return dockerfileInvalid
        default: return nil
        }
    }

    static func imageNotFound(_ name: String) -> LabError {
        LabError(
            "image.notFound", Text(en: "There is no image \(name).", zh: "找不到镜像 \(name)。"),
            hint: Text(
                en:
                    "Check name and tag letter by letter; `docker images` lists what this machine has. Old tags do get deleted from the hub.",
                zh: "请逐字检查名称和标签；`docker images` 列出本机已有的镜像。仓库上的旧标签有可能已被删除。"))
    }

    static func imageDenied(_ name: String) -> LabError {
        LabError(
            "image.accessDenied",
            Text(en: "The registry does not hand out \(name).", zh: "镜像仓库拒绝提供 \(name)。"),
            hint: Text(
                en:
                    "Mostly the name is wrong: registries answer the same for images that are private and for images that do not exist. If it is "
                    + "right, run `docker login` first.",
                zh: "多半是名称有误：对于私有镜像和不存在的镜像，仓库的回答是一样的。若名称无误，请先执行 `docker login`。"))
    }

    private static func imageInUse(_ name: String) -> LabError {
        LabError(
            "image.inUse", Text(en: "A container still uses the image \(name).", zh: "仍有容器在使用镜像 \(name)。"),
            hint: Text(
                en: "`docker ps -a` shows which one. Remove it (`docker rm NAME`), then the image.",
                zh: "用 `docker ps -a` 查看是哪个容器，先删除它（`docker rm NAME`），再删除镜像。"))
    }

    private static func containerNotFound(_ name: String) -> LabError {
        LabError(
            "container.notFound", Text(en: "There is no container \(name).", zh: "找不到容器 \(name)。"),
            hint: Text(
                en: "It was removed, or its name is another one: `docker ps -a` lists all.",
                zh: "它可能已被删除，或名称不同：`docker ps -a` 列出全部容器。"))
    }

    private static func nameTaken(_ name: String) -> LabError {
        LabError(
            "container.nameTaken",
            Text(en: "There is a container called \(name) already.", zh: "已经有一个名为 \(name) 的容器。"),
            hint: Text(
                en: "It is from an earlier run. `docker rm -f \(name)` removes it, or choose another name.",
                zh: "它是之前运行时留下的。用 `docker rm -f \(name)` 删除它，或换一个名称。"))
    }

    private static func notRunning(_ name: String, _ error: DockerError) -> LabError {
        if case .container(_, "remove") = error.operation {
            return LabError(
                "container.running", Text(en: "The container \(name) is still running.", zh: "容器 \(name) 仍在运行。"),
                hint: Text(
                    en: "`docker stop \(name)` ends it; `docker rm -f \(name)` does both.",
                    zh: "先用 `docker stop \(name)` 停止；`docker rm -f \(name)` 则一步完成。"))
        }
        return LabError(
            "container.notRunning", Text(en: "The container \(name) is not running.", zh: "容器 \(name) 没有在运行。"),
            hint: Text(
                en: "`docker logs \(name)` shows how it ended; `docker start \(name)` starts it again.",
                zh: "`docker logs \(name)` 可查看它是如何结束的；`docker start \(name)` 可重新启动。"))
    }

    private static let dockerfileInvalid = LabError(
        "build.dockerfile", Text(en: "The Dockerfile has a mistake.", zh: "Dockerfile 中有错误。"),
        hint: Text(
            en: "The engine names the line below. Instructions are words like FROM, RUN, COPY; a long command goes on after a backslash.",
            zh: "引擎在下面指出了出错的行。指令是 FROM、RUN、COPY 这样的词；过长的命令用反斜杠换行。"))

    private static func refused(_ error: DockerError) -> LabError {
        LabError(
            "engine.refused",
            Text(en: "The engine refused: \(SafeLines.clean(text: error.message))", zh: "引擎拒绝了请求：\(SafeLines.clean(text: error.message))"))
    }
}
