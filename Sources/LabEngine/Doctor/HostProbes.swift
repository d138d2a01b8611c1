import Diagnosis
import Glibc
import HostFacts
import LabFile
import LabSupport

/// The machine itself: kernel, control groups, memory, clock, locale, terminal.
enum HostProbes {
    static let all: [Probe] = [
        Probe("host.system", Text(en: "System and kernel", zh: "系统与内核"), look: system),
        Probe("host.processors", Text(en: "Processors", zh: "处理器"), look: processors),
        Probe("host.cgroups", Text(en: "Control groups", zh: "cgroup"), causes: ["cgroup-problem"], look: controlGroups),
        Probe("memory.available", Text(en: "Memory", zh: "内存"), causes: ["memory-low"], look: memory),
        Probe("memory.swap", Text(en: "Swap", zh: "交换空间"), look: swap),
        Probe("memory.shm", Text(en: "Shared memory", zh: "共享内存"), causes: ["shm-too-small"], look: sharedMemory),
        Probe("host.locale", Text(en: "Language and characters", zh: "语言与字符"), causes: ["locale-not-utf8"], look: locale),
        Probe("host.terminal", Text(en: "Terminal", zh: "终端"), look: terminal),
        Probe("host.apt", Text(en: "Package manager is free", zh: "软件包管理器空闲"), causes: ["apt-lock-held"], look: apt),
    ]

    private static func system(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let facts = try await scene.host()
        let name = facts.distribution.value?.name ?? "Linux"
        let wsl = facts.kernel.lowercased().contains("microsoft") ? " (WSL)" : ""
        return .good(
            Text(
                en: "\(name), kernel \(facts.kernel) \(facts.machine)\(wsl)", zh: "\(name)，内核 \(facts.kernel) \(facts.machine)\(wsl)"))
    }

    private static func processors(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let facts = try await scene.host().processors
        let shown = Text(
            en: "\(facts.usable) usable of \(facts.online)", zh: "共 \(facts.online) 个，可用 \(facts.usable) 个")
        return facts.usable > 1 ? .good(shown) : .note(shown.joined(Text(en: ": builds and training take twice as long", zh: "：构建和训练会慢一倍")))
    }

    private static func controlGroups(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let groups = try await scene.host().controlGroups
        let list = groups.controllers.joined(separator: " ")
        let shown = Text(en: "version \(groups.version.rawValue): \(list)", zh: "版本 \(groups.version.rawValue)：\(list)")
        let isMissing = groups.version == .none || groups.version != .v2 && !groups.controllers.contains("devices")
        if isMissing {
            let measured = Text(
                en: "control groups are not mounted as an engine needs them (\(groups.version.rawValue))",
                zh: "cgroup 没有按引擎的需要挂载（\(groups.version.rawValue)）")
            let isLocal = (try? await scene.engineIsLocal()) ?? true
            return await scene.found("cgroup-problem", measured, evidence: [measured, shown], concerns: isLocal ? [.containers] : [])
        }
        let wanted = ["cpu", "memory"].filter { !groups.controllers.contains($0) }
        guard wanted.isEmpty else {
            return .note(
                shown.joined(
                    Text(
                        en: "; without \(wanted.joined(separator: ", ")) containers cannot be limited",
                        zh: "；缺少 \(wanted.joined(separator: "、"))，无法限制容器的资源")))
        }
        return .good(shown)
    }

    /// What training and one worker of the server need at once, and what nothing of the lab gets by with.
    private static let comfortable: Int64 = 2_500_000_000
    private static let least: Int64 = 700_000_000

    private static func memory(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let facts = try await scene.host()
        guard let memory = facts.memory.value else { return .note(facts.memory.reason ?? Text(en: "unknown", zh: "未知")) }
        let available = min(memory.available, facts.controlGroups.memoryLimit ?? .max)
        let shown = Text(
            en: "\(ByteSize.shown(Double(available))) available of \(ByteSize.shown(Double(memory.total)))",
            zh: "可用 \(ByteSize.shown(Double(available)))，共 \(ByteSize.shown(Double(memory.total)))")
        guard available < comfortable else { return .good(shown) }
        let eaters = ProcessMemory.largest(3, root: scene.root).map { "\($0.program) (pid \($0.pid)) \(ByteSize.shown(Double($0.bytes)))" }
        let evidence = [shown, Text(en: "the largest: \(eaters.joined(separator: ", "))", zh: "占用最多：\(eaters.joined(separator: "、"))")]
        return await scene.found(
            "memory-low", shown, evidence: evidence, concerns: available + memory.swapFree < least ? [.containers] : [])
    }

    private static func swap(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard let memory = try await scene.host().memory.value, memory.swapTotal > 0 else {
            return .note(Text(en: "none: what exceeds the memory is ended", zh: "无：内存不足时进程会被终止"))
        }
        return .good(
            Text(
                en: "\(ByteSize.shown(Double(memory.swapFree))) free of \(ByteSize.shown(Double(memory.swapTotal)))",
                zh: "可用 \(ByteSize.shown(Double(memory.swapFree)))，共 \(ByteSize.shown(Double(memory.swapTotal)))"))
    }

    private static func sharedMemory(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let path = scene.root.real("/dev/shm")
        guard scene.root.exists("/dev/shm"), let space = await BlockingCall.run({ DiskSpace.read(folder: path).value }) else {
            return .note(Text(en: "there is no /dev/shm here; containers have one of their own", zh: "本机没有 /dev/shm；容器有自己的"))
        }
        let shown = Text(
            en: "/dev/shm: \(ByteSize.shown(Double(space.free))) free; a container gets 64 MB unless asked",
            zh: "/dev/shm：可用 \(ByteSize.shown(Double(space.free)))；容器默认 64 MB")
        guard space.free < 32 << 20 else { return .good(shown) }
        return await scene.found("shm-too-small", shown)
    }

    private static func locale(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"]
        let value = names.lazy.compactMap { scene.environment[$0] }.first { !$0.isEmpty } ?? ""
        let isUTF8 = value.lowercased().filter { $0 != "-" }.hasSuffix("utf8")
        let shown = Text(verbatim: value.isEmpty ? "LANG=" : SafeLines.clean(text: value))
        if isUTF8 { return .good(shown) }
        return await scene.found("locale-not-utf8", shown)
    }

    /// It is named and waited for, never ended.
    private static func apt(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard Distribution.read(root: scene.root)?.usesApt == true else {
            return .good(Text(en: "this system has no apt", zh: "本系统不使用 apt"))
        }
        guard let holder = AptLock(root: scene.root).holder else {
            return .good(Text(en: "nobody holds apt's locks", zh: "没有程序占用 apt 的锁"))
        }
        let measured = Text(
            en: "\(holder.program) (pid \(holder.pid)) holds \(holder.path)", zh: "\(holder.program)（pid \(holder.pid)）占用 \(holder.path)")
        return await scene.found("apt-lock-held", measured, fill: ["NUMBER": "\(holder.pid)"])
    }

    private static func terminal(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard let terminal = scene.terminal else { return .good(Text(en: "none: plain lines are printed", zh: "无：输出纯文本")) }
        let name = SafeLines.clean(text: scene.environment["TERM"] ?? "")
        let shown = Text(verbatim: "\(name.isEmpty ? "?" : name) \(terminal.columns)×\(terminal.rows)")
        guard terminal.columns >= 80, terminal.rows >= 24 else {
            return .note(shown.joined(Text(en: "; the walkthrough is at its best from 80×24 on", zh: "；逐步向导建议 80×24 以上")))
        }
        guard !name.isEmpty, name != "dumb" else {
            return .note(
                shown.joined(Text(en: "; the walkthrough needs TERM, such as xterm-256color", zh: "；逐步向导需要设置 TERM，例如 xterm-256color")))
        }
        return .good(shown)
    }
}

/// How much memory processes have.
enum ProcessMemory {
    static func largest(_ count: Int, root: HostRoot) -> [(program: String, pid: Int32, bytes: Int64)] {
        let all = root.names(in: "/proc").compactMap { Int32($0) }.compactMap { pid -> (program: String, pid: Int32, bytes: Int64)? in
            guard let pages = root.text("/proc/\(pid)/statm")?.split(separator: " ").dropFirst().first.flatMap({ Int64($0) }) else {
                return nil
            }
            let name = root.text("/proc/\(pid)/comm").map { String($0.trimmed) } ?? "?"
            return (SafeLines.clean(text: name), pid, pages * Int64(sysconf(Int32(_SC_PAGESIZE))))
        }
        return Array(all.sorted { $0.bytes > $1.bytes }.prefix(count))
    }
}
