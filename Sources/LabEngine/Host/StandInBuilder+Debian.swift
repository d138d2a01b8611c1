import LabSupport

extension StandInBuilder {
    func buildDebian(suite: String, include: [String], to target: String, onLine: @escaping @Sendable (ChildLine) -> Void) async throws {
        guard let mmdebstrap = programs.find("mmdebstrap") else { throw missing("mmdebstrap", package: "mmdebstrap") }
        var arguments = ["--variant=minbase", "--format=tar"]
        if !include.isEmpty { arguments.append("--include=" + include.joined(separator: ",")) }
        if Distribution.read(root: root)?.id != "debian" {
            // Ubuntu's apt does not trust Debian's signatures by default.
            let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
            guard root.exists(keyring) else { throw missing(keyring, package: "debian-archive-keyring") }
            arguments.append("--keyring=" + keyring)
        }
        arguments += [suite, target]
        if let mirror = network.aptMirror?.value.archive { arguments.append(mirror) }
        try await run(mmdebstrap, arguments, timeout: .seconds(1800), onLine: onLine)
    }

    func missing(_ what: String, package name: String) -> LabError {
        let usesApt = Distribution.read(root: root)?.usesApt ?? false
        return LabError(
            .standinMissingProgram,
            Text(
                en: "Building a base image without a registry needs \(what), which is not installed.",
                zh: "没有镜像仓库时需要用 \(what) 来制作基础镜像，但它没有安装。"),
            hint: usesApt
                ? Text(en: "Install it: sudo apt-get install -y \(name)", zh: "请安装：sudo apt-get install -y \(name)")
                : Text(
                    en: "Install \(name) with this distribution's package manager, or set a registry mirror in AILAB_REGISTRY_MIRRORS.",
                    zh: "请用系统的包管理器安装 \(name)，或者用 AILAB_REGISTRY_MIRRORS 指定镜像站。"))
    }
}
