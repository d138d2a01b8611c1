package import LabSupport

/// Builds stand-ins and keeps them in a folder.
package struct StandInBuilder: Sendable {
    /// The folder for finished stand-ins. It's created if it doesn't exist.
    let cache: String
    let network: HostNetwork
    /// The environment of child processes. `PATH`, the proxies and the certificate bundle matter.
    let environment: [String: String]
    let root: HostRoot
    let programs: ExecutableLookup

    package init(cache: String, network: HostNetwork, environment: [String: String], root: HostRoot = .machine) {
        self.cache = cache
        self.network = network
        var environment = environment
        environment["LC_ALL"] = "C.UTF-8"
        environment["DEBIAN_FRONTEND"] = "noninteractive"
        programs = ExecutableLookup(path: environment["PATH"], below: root.real(""))
        environment["PATH"] = programs.searchPath
        self.environment = environment
        self.root = root
    }

    /// The path of the stand-in's tar file, which is built if it doesn't exist. `onLine` gets the lines of the programs that run.
    package func build(_ standIn: StandIn, onLine: @escaping @Sendable (ChildLine) -> Void = { _ in }) async throws -> String {
        if let strange = standIn.strangeWords.first {
            throw LabError(
                .standinFailed,
                Text(
                    en: "`\(strange)` is not the name of a Debian release or package, so no base image is built.",
                    zh: "`\(strange)` 不是 Debian 发行版或软件包的名称，因此不会制作基础镜像。"))
        }
        let result = cache + "/" + standIn.cacheName + ".tar"
        if root.exists(result) { return root.real(result) }
        try ScratchFolder.make(root.real(cache))
        // Build elsewhere and rename, so that a half-written file never counts as complete.
        let scratch = try ScratchFolder(in: root.real(cache))
        defer { scratch.remove() }
        let partial = scratch.path + "/rootfs.tar"
        switch standIn {
        case .debian(let suite, let include):
            try await buildDebian(suite: suite, include: include, to: partial, onLine: onLine)
        case .busybox(let files):
            try await buildBusybox(files: files, to: partial, scratch: scratch.path, onLine: onLine)
        }
        try ScratchFolder.move(partial, to: root.real(result))
        return root.real(result)
    }

    /// Runs a program that must succeed.
    func run(
        _ executable: String, _ arguments: [String], in directory: String? = nil, timeout: Duration,
        onLine: @escaping @Sendable (ChildLine) -> Void
    ) async throws {
        let command = ChildCommand(executable, arguments, environment: environment, directory: directory, timeout: timeout)
        let result = try await ChildProcess.run(command, onLine: onLine)
        let name = Files.name(of: executable)
        let tail = result.tail.suffix(12).joined(separator: "\n")
        guard !result.timedOut else {
            throw LabError(
                .standinTimeout,
                Text(
                    en: "\(name) did not finish within \(timeout.components.seconds) seconds and was stopped.",
                    zh: "\(name) 在 \(timeout.components.seconds) 秒内没有完成，已被停止。"),
                hint: Self.networkHint, cause: tail, exitCode: result.exitCode)
        }
        guard result.exitCode == 0 else {
            throw LabError(
                .standinFailed,
                Text(en: "\(name) failed with exit code \(result.exitCode).", zh: "\(name) 失败，退出码为 \(result.exitCode)。"),
                hint: Self.networkHint, cause: tail, exitCode: result.exitCode)
        }
    }

    private static let networkHint = Text(
        en: "If the lines below mention a connection, check the network, or set a Debian mirror near you: "
            + "AILAB_APT_MIRROR=http://mirrors.tuna.tsinghua.edu.cn/debian",
        zh: "如果下面的输出提到连接失败，请检查网络，或指定离你较近的 Debian 镜像源：AILAB_APT_MIRROR=http://mirrors.tuna.tsinghua.edu.cn/debian")
}
