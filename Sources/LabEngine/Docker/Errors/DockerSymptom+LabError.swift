import LabSupport

extension DockerSymptom {
    /// The symptom's message for a student.
    func labError(_ error: DockerError) -> LabError {
        switch self {
        case .imageDenied: .imageDenied(error.image)
        case .imageMissing: .imageNotFound(error.image)
        case .portTaken: Self.portTaken(error.port)
        case .clientTooOld, .diskFull, .noGPURuntime, .gpuHookFailed: engineError
        case .commandNotFound, .mountSourceMissing, .copySourceMissing, .dockerfileMissing: contentError
        case .rateLimit, .certificate, .platformMissing, .registryUnreachable: registryError
        }
    }

    private static func portTaken(_ port: Int?) -> LabError {
        let name = port.map(String.init) ?? "?"
        return LabError(
            .portTaken,
            Text(en: "Another program uses port \(name) of this machine.", zh: "本机的端口 \(name) 已被其他程序占用。"),
            hint: Text(
                en: "`docker ps` shows whether a container uses it; `ss -ltnp 'sport = :\(name)'` shows the program. Stop it, or publish "
                    + "another port.",
                zh: "用 `docker ps` 查看是否被容器占用，用 `ss -ltnp 'sport = :\(name)'` 查看是哪个程序。请停止它，或改用其他端口。"))
    }

    private var engineError: LabError {
        switch self {
        case .diskFull:
            LabError(
                .diskFull, Text(en: "The engine's disk is full.", zh: "引擎所在的磁盘已满。"),
                hint: Text(
                    en: "`docker system df` shows what uses the space. `ailab clean --dry-run` lists what ailab can remove.",
                    zh: "用 `docker system df` 查看空间占用；用 `ailab clean --dry-run` 列出 ailab 可以清理的内容。"))
        case .noGPURuntime:
            LabError(
                .gpuNoRuntime,
                Text(
                    en: "The engine cannot give containers a GPU: NVIDIA's container toolkit is missing.",
                    zh: "引擎无法为容器提供 GPU：缺少 NVIDIA 容器工具包。"),
                hint: Text(
                    en: "Install nvidia-container-toolkit, then run `sudo nvidia-ctk runtime configure --runtime=docker` and "
                        + "`sudo systemctl restart docker`. If you have no GPU, use `--device cpu`.",
                    zh: "请安装 nvidia-container-toolkit，然后执行 `sudo nvidia-ctk runtime configure --runtime=docker` 和 "
                        + "`sudo systemctl restart docker`。没有 GPU 时请用 `--device cpu`。"))
        case .gpuHookFailed:
            LabError(
                .gpuRuntimeFailed,
                Text(en: "NVIDIA's container toolkit could not prepare the GPU for the container.", zh: "NVIDIA 容器工具包未能为容器准备好 GPU。"),
                hint: Text(
                    en: "Check whether `nvidia-smi` works outside the container. If it doesn't, the driver is the problem. After a driver "
                        + "update, reboot.",
                    zh: "请确认 `nvidia-smi` 在容器外能正常运行。若不能，问题在驱动；驱动更新后需要重启。"))
        default:
            LabError(
                .engineVersion,
                Text(en: "ailab and this engine have no API version in common.", zh: "ailab 与该引擎没有共同支持的 API 版本。"),
                hint: Text(en: "Update ailab or the engine, whichever is older.", zh: "请更新 ailab 和引擎中较旧的一方。"))
        }
    }

    private var contentError: LabError {
        switch self {
        case .commandNotFound:
            LabError(
                .containerCommandNotFound,
                Text(en: "The image does not contain this program.", zh: "镜像中没有这个程序。"),
                hint: Text(
                    en: "Check the command's spelling. Small images often have `/bin/sh` but no `bash` or `python`.",
                    zh: "请检查命令的拼写。精简镜像往往只有 `/bin/sh`，没有 `bash` 或 `python`。"))
        case .mountSourceMissing:
            LabError(
                .mountSourceMissing,
                Text(en: "The folder to mount does not exist on the engine's machine.", zh: "要挂载的目录在引擎所在的机器上不存在。"),
                hint: Text(en: "Create it first, and use its full path.", zh: "请先创建该目录，并使用完整路径。"))
        case .copySourceMissing:
            LabError(
                .buildCopyMissing,
                Text(en: "The build copies a file that is not in the build folder.", zh: "构建要复制的文件不在构建目录中。"),
                hint: Text(
                    en: "Paths in COPY start at the build folder. A line in .dockerignore can also exclude the file.",
                    zh: "COPY 中的路径以构建目录为起点。文件也可能被 .dockerignore 中的某一行排除了。"))
        default:
            LabError(
                .buildDockerfileMissing, Text(en: "The folder has no Dockerfile.", zh: "目录中没有 Dockerfile。"),
                hint: Text(
                    en: "Name the file `Dockerfile`, with a capital D and no extension.", zh: "文件名应为 `Dockerfile`：首字母大写，没有扩展名。"))
        }
    }

    private var registryError: LabError {
        switch self {
        case .rateLimit:
            LabError(
                .registryRateLimit,
                Text(en: "The registry's download limit is reached.", zh: "已达到镜像仓库的下载次数上限。"),
                hint: Text(
                    en: "The limit applies to your whole network. `docker login` raises it. Otherwise, wait some hours or use a mirror.",
                    zh: "该限制由整个网络共享。`docker login` 可提高上限；否则请等待几小时，或使用镜像站。"))
        case .certificate:
            LabError(
                .registryCertificate,
                Text(en: "A server's certificate is not trusted.", zh: "服务器的证书不受信任。"),
                hint: Text(
                    en: "A network that intercepts TLS needs its own certificate on the engine's machine. A wrong clock (check "
                        + "`date`) causes the same error.",
                    zh: "如果所在网络会拦截 TLS 连接，需要在引擎所在的机器上安装该网络的根证书；系统时间错误（请查看 `date`）也会造成同样的现象。"))
        case .platformMissing:
            LabError(
                .imagePlatform,
                Text(en: "The image is not available for this machine's processor.", zh: "该镜像没有适合本机处理器架构的版本。"),
                hint: Text(
                    en: "`uname -m` shows the architecture. Another tag may support it.", zh: "`uname -m` 显示处理器架构。其他标签也许支持它。"))
        default:
            LabError(
                .registryUnreachable,
                Text(en: "The engine cannot reach the registry.", zh: "引擎无法连接到镜像仓库。"),
                hint: Text(
                    en:
                        "Many networks block the public hub or slow it down. Set a mirror in /etc/docker/daemon.json "
                        + "(\"registry-mirrors\"). Behind a proxy, the engine itself needs the proxy's address. ailab can also build a "
                        + "stand-in for the base image.",
                    zh: "许多网络无法访问公共仓库，或访问很慢。可在 /etc/docker/daemon.json 中配置镜像站（\"registry-mirrors\"）；"
                        + "使用代理时，引擎本身也需要配置代理地址。ailab 也可以制作一个替代的基础镜像。"))
        }
    }
}
