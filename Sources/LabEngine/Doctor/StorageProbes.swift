import ContainerEngine
import Glibc
import HostFacts
import LabFile
import LabRunner
import LabSupport

/// Room for images and for the student's files.
enum StorageProbes {
    static let all: [Probe] = [
        Probe(
            "disk.driver", Text(en: "Storage driver", zh: "存储驱动"), needs: ["engine.socket"], causes: ["engine-storage-unsuitable"],
            look: driver),
        Probe(
            "disk.engine", Text(en: "Room for images", zh: "镜像空间"), needs: ["engine.socket"], causes: ["disk-full"], look: engineRoom),
        Probe(
            "disk.reclaim", Text(en: "What could be given back", zh: "可回收的空间"), needs: ["engine.socket"], timeout: .seconds(10),
            look: reclaim),
        Probe(
            "disk.workspace", Text(en: "The workspace can be written", zh: "工作区可写"),
            causes: ["path-not-writable", "disk-full", "disk-quota"], look: workspace),
    ]

    private static let unsuitable: Set<String> = ["nfs", "nfs4", "cifs", "9p", "fuse.sshfs", "vfat", "exfat", "ecryptfs"]

    private static func driver(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let info = try await scene.info()
        let name = SafeLines.clean(text: info.storageDriver ?? "?")
        let folder = info.dataRoot ?? "?"
        let mount = try await scene.engineIsLocal() ? KernelMount.holding(folder, root: scene.root) : nil
        let shown = Text(
            en: "\(name) on \(mount?.type ?? "?"), \(SafeLines.clean(text: folder))",
            zh: "\(name)，位于 \(mount?.type ?? "?") 上的 \(SafeLines.clean(text: folder))")
        guard name == "vfs" || unsuitable.contains(mount?.type ?? "") else { return .good(shown) }
        return await scene.found("engine-storage-unsuitable", shown)
    }

    /// What building one of the lab's images takes while it is built, and what everything else gets by with.
    private static let roomPerBuild: Int64 = 2_500_000_000
    private static let least: Int64 = 100_000_000

    private static func engineRoom(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard let folder = try await scene.info().dataRoot, try await scene.engineIsLocal() else {
            return .note(Text(en: "the engine's disk cannot be seen from here", zh: "在这里无法看到引擎的磁盘"))
        }
        let path = scene.root.real(folder)
        let fact = await BlockingCall.run { DiskSpace.read(folder: path) }
        guard let space = fact.value else { return .note(fact.reason ?? Text(en: "unknown", zh: "未知")) }
        let missing = try await Missing(scene).builds
        let wanted = max(least, roomPerBuild * Int64(missing.count))
        let shown = Self.shown(space)
        let isShort = space.free < wanted
        let noInodes = space.freeInodes.map { $0 < 20_000 && !missing.isEmpty || $0 < 200 } ?? false
        guard isShort || noInodes || space.isReadOnly else { return .good(shown) }
        var evidence = [shown]
        if isShort {
            evidence.append(
                Text(
                    en: "\(missing.count) images are still to be built: about \(ByteSize.shown(Double(wanted)))",
                    zh: "还有 \(missing.count) 个镜像要构建：约需 \(ByteSize.shown(Double(wanted)))"))
        }
        if let given = await Deadline.value(.seconds(4), { try await Reclaimable.read(scene).text }) { evidence.append(given) }
        let isFull = space.free < least || space.isReadOnly || (space.freeInodes ?? .max) < 200
        return await scene.found(
            "disk-full", shown, evidence: evidence,
            concerns: isFull ? [.containers] + missing.map { .build($0) } : missing.map { .build($0) })
    }

    static func shown(_ space: DiskSpace) -> Text {
        let free = ByteSize.shown(Double(space.free))
        let total = ByteSize.shown(Double(space.total))
        let inodes = space.freeInodes.map { " \($0)" }
        let locked = space.isReadOnly ? Text(en: ", read-only", zh: "，只读") : Text(verbatim: "")
        return Text(
            en: "\(free) free of \(total)" + (inodes.map { ",\($0) inodes" } ?? "") + " at \(space.folder)",
            zh: "\(space.folder) 可用 \(free)，共 \(total)" + (inodes.map { "，剩余 inode\($0)" } ?? "")
        ).joined(locked)
    }

    private static func reclaim(_ scene: DoctorScene) async throws -> ProbeVerdict { .good(try await Reclaimable.read(scene).text) }

    private static func workspace(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let home = scene.home
        let fact = await BlockingCall.run { DiskSpace.read(folder: home) }
        guard let space = fact.value else { return .note(fact.reason ?? Text(en: "unknown", zh: "未知")) }
        let folder = space.folder
        if let failed = await BlockingCall.run({ WriteTrial.write(in: folder) }) {
            let measured = Text(
                en: "\(folder): \(String(cString: strerror(failed)))", zh: "\(folder)：\(String(cString: strerror(failed)))")
            let cause = failed == EDQUOT ? "disk-quota" : failed == ENOSPC ? "disk-full" : "path-not-writable"
            return await scene.found(
                cause, measured, evidence: [measured, shown(space)], concerns: [.workspace], fill: ["PATH": folder])
        }
        guard space.free > 400_000_000, space.freeInodes ?? .max > 500 else {
            return await scene.found("disk-full", shown(space), concerns: [.workspace])
        }
        var place = space
        place.folder = home
        return .good(shown(place))
    }
}

/// Whether a folder really takes data: rights, quota and room show only then.
enum WriteTrial {
    /// An errno; nil where all went well. Nothing is left behind.
    static func write(in folder: String) -> Int32? {
        let path = "\(folder)/.ailab-doctor-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno }
        defer {
            close(descriptor)
            unlink(path)
        }
        let failed = Files.writeAll([UInt8](repeating: 0, count: 64 << 10), to: descriptor)
        guard failed == 0 else { return failed }
        return fsync(descriptor) == 0 ? nil : errno
    }
}

/// What would come back: by `ailab clean`, which takes this workspace's things only, and by docker's own prune.
struct Reclaimable: Sendable, Equatable {
    var own: Int64
    var pruned: Int64

    static func read(_ scene: DoctorScene) async throws -> Reclaimable {
        let usage = try await scene.docker().diskUsage()
        let containers = usage.containers ?? []
        let used = Set(containers.map(\.imageID))
        let id = scene.workspaceID
        var own: Int64 = containers.filter(scene.isOwn).reduce(0) { $0 + ($1.size ?? 0) }
        var pruned: Int64 = containers.filter { $0.status != .running }.reduce(0) { $0 + ($1.size ?? 0) }
        for image in usage.images ?? [] {
            if let id, !Label.ownTags(image.tags, image.labels, workspace: id).isEmpty { own += image.size }
            if !used.contains(image.id) { pruned += image.size }
        }
        pruned += (usage.buildCache ?? []).filter { $0.isInUse != true }.reduce(0) { $0 + ($1.size ?? 0) }
        // Layers are shared: no more can come back than there is.
        let most = usage.layers ?? .max
        return Reclaimable(own: min(own, most), pruned: min(pruned, most))
    }

    var text: Text {
        let own = ByteSize.shown(Double(own))
        let pruned = ByteSize.shown(Double(pruned))
        return Text(
            en: "`ailab clean` gives back up to \(own) of this workspace, `docker system prune -a` up to \(pruned) of everybody's",
            zh: "`ailab clean` 最多可归还本工作区的 \(own)，`docker system prune -a` 最多可释放所有人的 \(pruned)")
    }
}
