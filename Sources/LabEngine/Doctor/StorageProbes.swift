import ContainerEngine
import Diagnosis
import Glibc
import HostFacts
import LabFile
import LabRunner
import LabSupport

/// Disk space for images and for the student's files.
enum StorageProbes {
    static let all: [Probe] = [
        Probe(
            "disk.driver", Text(en: "Storage driver", zh: "存储驱动"), needs: ["engine.socket"], causes: ["engine-storage-unsuitable"],
            look: driver),
        Probe(
            "disk.engine", Text(en: "Disk space for images", zh: "镜像可用空间"), needs: ["engine.socket"], causes: ["disk-full"],
            look: engineRoom),
        Probe(
            "disk.reclaim", Text(en: "Reclaimable disk space", zh: "可回收的空间"), needs: ["engine.socket"], timeout: .seconds(10),
            look: reclaim),
        Probe(
            "disk.workspace", Text(en: "The workspace is writable", zh: "工作区可写"),
            causes: ["path-not-writable", "disk-full", "disk-quota"], look: workspace),
    ]

    /// File systems that lack what overlayfs or the engine's metadata needs.
    private static let unsuitable: Set<String> = ["nfs", "nfs4", "cifs", "9p", "fuse.sshfs", "vfat", "exfat", "ecryptfs"]

    private static func driver(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let info = try await scene.info()
        let name = SafeLines.clean(text: info.storageDriver ?? "?")
        let folder = info.imageFolder(root: scene.root) ?? "?"
        let mount = try await scene.engineIsLocal() ? KernelMount.holding(folder, root: scene.root) : nil
        let shown = Text(
            en: "\(name) on \(mount?.type ?? "?"), \(SafeLines.clean(text: folder))",
            zh: "\(name)，位于 \(mount?.type ?? "?") 上的 \(SafeLines.clean(text: folder))")
        guard name == "vfs" || unsuitable.contains(mount?.type ?? "") else { return .good(shown) }
        return await scene.found("engine-storage-unsuitable", shown)
    }

    /// The space that the build of one of the lab's images needs while it runs.
    private static let spacePerBuild: Int64 = 2_500_000_000
    /// Enough for everything else.
    private static let minimumSpace: Int64 = 100_000_000

    private static func engineRoom(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard let folder = try await scene.info().imageFolder(root: scene.root), try await scene.engineIsLocal() else {
            return .note(Text(en: "ailab can't see the engine's disk from here", zh: "从这里看不到引擎的磁盘"))
        }
        let path = scene.root.real(folder)
        let fact = await BlockingCall.run { DiskSpace.read(folder: path) }
        guard let space = fact.value else { return .note(fact.reason ?? Text(en: "unknown", zh: "未知")) }
        let missing = try await MissingImages(scene).builds
        let wanted = max(minimumSpace, spacePerBuild * Int64(missing.count))
        let shown = Self.shown(space)
        let isShort = space.free < wanted
        let noInodes = space.freeInodes.map { $0 < 20_000 && !missing.isEmpty || $0 < 200 } ?? false
        guard isShort || noInodes || space.isReadOnly else { return .good(shown) }
        var evidence = [shown]
        if isShort {
            evidence.append(
                Text(
                    en:
                        "\(missing.count) more \(missing.count == 1 ? "image needs" : "images need") about \(ByteSize.shown(Double(wanted)))",
                    zh: "还要构建 \(missing.count) 个镜像，约需 \(ByteSize.shown(Double(wanted)))"))
        }
        if let given = await Deadline.value(.seconds(4), { try await Reclaimable.read(scene).text }) { evidence.append(given) }
        let isFull = space.free < minimumSpace || space.isReadOnly || (space.freeInodes ?? .max) < 200
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
