import Glibc
import HTTPTransport
import HostFacts
import LabSupport

/// What prevents a private engine from starting, each with a remedy. Checked before anything changes.
struct EngineObstacles {
    let layout: PrivateEngineLayout
    let options: PrivateEngineOptions
    let root: HostRoot
    let programs: ExecutableLookup
    let userID: UInt32

    /// Throws the first obstacle. The order is the one in which a student can remove them.
    func check() throws {
        if let obstacle = user ?? path ?? owner ?? program ?? controlGroups ?? fileSystem ?? room { throw obstacle }
    }

    private var user: LabError? {
        guard userID != 0 else { return nil }
        return LabError(
            .engineNotRoot,
            Text(en: "Only root can start a private container engine.", zh: "只有 root 才能启动私有引擎。"),
            hint: Text(
                en: "Run `sudo ailab engine start`, or ask for rootless docker or podman on this machine. "
                    + "ailab finds their sockets by itself.",
                zh: "请运行 `sudo ailab engine start`，或请管理员安装 rootless docker 或 podman：ailab 会自动找到它们的套接字。"))
    }

    private var path: LabError? {
        guard layout.folder.hasPrefix("/") else {
            return LabError(
                .engineFolder,
                Text(
                    en: "The engine's folder must be an absolute path, but it is \(layout.folder).",
                    zh: "引擎的目录必须是绝对路径，而 \(layout.folder) 不是。"))
        }
        let length = layout.longestSocket.utf8.count
        guard length > Endpoint.socketPathLimit else { return nil }
        return LabError(
            .enginePathTooLong,
            Text(
                en: "The path \(layout.folder) is too long: its sockets would need \(length) bytes, but the maximum is "
                    + "\(Endpoint.socketPathLimit).",
                zh: "目录 \(layout.folder) 的路径太长：其中的套接字需要 \(length) 字节，而上限是 \(Endpoint.socketPathLimit) 字节。"),
            hint: Text(en: "Choose a shorter path with AILAB_ENGINE_DIR.", zh: "请用 AILAB_ENGINE_DIR 指定更短的路径。"))
    }

    /// Whoever owns the folder could give the engine other files, and clients another socket.
    private var owner: LabError? {
        var status = stat()
        guard stat(root.real(layout.folder), &status) == 0, status.st_uid != geteuid(), status.st_uid != 0 else { return nil }
        return LabError(
            .engineFolder,
            Text(
                en: "\(layout.folder) belongs to another user (uid \(status.st_uid)), so no engine may run in it.",
                zh: "\(layout.folder) 属于另一个用户（uid \(status.st_uid)），不能在其中运行引擎。"),
            hint: Text(en: "Choose another folder with AILAB_ENGINE_DIR.", zh: "请用 AILAB_ENGINE_DIR 指定其他目录。"))
    }

    private var program: LabError? {
        for name in ["dockerd", "containerd", "runc"] where programs.find(name) == nil {
            return missing(name, package: "docker.io", code: .engineDockerdMissing)
        }
        if options.isolatesNetwork { return programs.find("unshare") == nil ? missing("unshare", package: "util-linux") : nil }
        return programs.find("iptables") == nil ? missing("iptables", package: "iptables", code: .engineIptablesMissing) : nil
    }

    private func missing(_ name: String, package: String, code: LabError.Code = .engineProgramMissing) -> LabError {
        let distribution = Distribution.read(root: root)
        let hint =
            distribution?.usesApt ?? false
            ? Text(
                en: "Install it: sudo apt-get update && sudo apt-get install -y \(package)",
                zh: "请安装：sudo apt-get update && sudo apt-get install -y \(package)")
            : Text(
                en: "Install Docker Engine with this distribution's package manager (https://docs.docker.com/engine/install).",
                zh: "请用系统的包管理器安装 Docker Engine（https://docs.docker.com/engine/install）。")
        return LabError(
            code, Text(en: "The engine needs \(name), which is not installed.", zh: "引擎需要 \(name)，但它没有安装。"), hint: hint)
    }

    private var controlGroups: LabError? {
        let groups = ControlGroups.read(root: root)
        switch groups.version {
        case .v2: return nil
        case .v1, .hybrid:
            guard !groups.controllers.contains("devices") else { return nil }
            return LabError(
                .engineCgroupsMissing,
                Text(
                    en: "The cgroup controller `devices` is not mounted. Containers cannot start without it.",
                    zh: "没有挂载 cgroup 的 devices 控制器，缺少它就无法启动容器。"),
                hint: Text(
                    en:
                        "Mount it: sudo mkdir -p /sys/fs/cgroup/devices && sudo mount -t cgroup -o devices cgroup /sys/fs/cgroup/devices",
                    zh: "请挂载：sudo mkdir -p /sys/fs/cgroup/devices && sudo mount -t cgroup -o devices cgroup /sys/fs/cgroup/devices"))
        case .none:
            return LabError(
                .engineCgroupsMissing,
                Text(
                    en: "Control groups are not mounted. Containers cannot start without them.",
                    zh: "没有挂载 cgroup，缺少它就无法启动容器。"),
                hint: Text(
                    en: "Mount them: sudo mount -t cgroup2 none /sys/fs/cgroup", zh: "请挂载：sudo mount -t cgroup2 none /sys/fs/cgroup"))
        }
    }

    /// File systems that overlayfs cannot use for its upper layer, or that are unsuitable for images.
    private static let unusable: Set<String> = [
        "overlay", "aufs", "tmpfs", "ramfs", "nfs", "nfs4", "cifs", "9p", "fuse", "fuse.sshfs", "vfat", "exfat", "ecryptfs",
    ]

    private var fileSystem: LabError? {
        let type = KernelMount.holding(layout.dataRoot, root: root)?.type
        if let type, Self.unusable.contains(type) {
            return LabError(
                .engineOverlayImpossible,
                Text(
                    en: "\(layout.dataRoot) is on \(type), which cannot layer images. "
                        + "The engine would copy every layer in full (vfs), too slow and too large for this lab.",
                    zh: "\(layout.dataRoot) 位于 \(type) 文件系统上，无法叠放镜像层。引擎只能完整复制每一层（vfs），对本实验来说太慢也太占空间。"),
                hint: Text(
                    en: "Set a folder on a local disk (ext4 or xfs): AILAB_ENGINE_DIR=/some/disk/ailab",
                    zh: "请指定本地磁盘（ext4 或 xfs）上的目录：AILAB_ENGINE_DIR=/some/disk/ailab"))
        }
        guard !kernelHasOverlay else { return nil }
        return LabError(
            .engineOverlayImpossible,
            Text(
                en: "This kernel has no overlayfs. The engine would copy every layer in full (vfs), too slow and too large for this lab.",
                zh: "内核不支持 overlayfs。引擎只能完整复制每一层（vfs），对本实验来说太慢也太占空间。"),
            hint: Text(
                en: "Try `sudo modprobe overlay`. Inside a container or a restricted virtual machine, use the host's engine instead.",
                zh: "请尝试 `sudo modprobe overlay`；如果在容器或受限的虚拟机中，请改用宿主机的引擎。"))
    }

    private var kernelHasOverlay: Bool {
        if (root.lines("/proc/filesystems") ?? []).contains(where: { $0.trimmed.split(whereSeparator: \.isWhitespace).last == "overlay" }) {
            return true
        }
        // The module may not be loaded yet. dockerd loads it.
        let release = (root.text("/proc/sys/kernel/osrelease") ?? "").trimmed
        return ["modules.dep", "modules.builtin"].contains { name in
            root.text("/lib/modules/\(release)/\(name)")?.contains("fs/overlayfs/overlay.ko") ?? false
        }
    }

    private var room: LabError? {
        guard let space = DiskSpace.read(folder: root.real(layout.dataRoot)).value, space.free < options.minimumFreeBytes else {
            return nil
        }
        let wanted = Self.gibibytes(options.minimumFreeBytes)
        let free = Self.gibibytes(space.free)
        return LabError(
            .engineDiskTooSmall,
            Text(
                en: "\(layout.dataRoot) has \(free) GiB free, but the lab's images need \(wanted) GiB.",
                zh: "\(layout.dataRoot) 只剩 \(free) GiB，而实验的镜像需要 \(wanted) GiB。"),
            hint: Text(
                en: "Free some space, or set AILAB_ENGINE_DIR to a folder on a larger disk.",
                zh: "请释放一些空间，或用 AILAB_ENGINE_DIR 指定更大磁盘上的目录。"))
    }

    private static func gibibytes(_ bytes: Int64) -> String {
        let tenths = bytes / (1 << 30) * 10 + bytes % (1 << 30) * 10 / (1 << 30)
        return "\(tenths / 10).\(tenths % 10)"
    }
}
