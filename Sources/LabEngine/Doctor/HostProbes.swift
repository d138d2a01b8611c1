import Diagnosis
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
        Probe("host.locale", Text(en: "Locale", zh: "语言区域"), causes: ["locale-not-utf8"], look: locale),
        Probe("host.terminal", Text(en: "Terminal", zh: "终端"), look: terminal),
        Probe("host.apt", Text(en: "Package manager is not in use", zh: "软件包管理器空闲"), causes: ["apt-lock-held"], look: apt),
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
            en: "\(facts.usable) of \(facts.online) usable", zh: "共 \(facts.online) 个，可用 \(facts.usable) 个")
        return facts.usable > 1
            ? .good(shown) : .note(shown.joined(Text(en: ": builds and training take twice as long", zh: "：构建和训练耗时会翻倍")))
    }

    private static func controlGroups(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let groups = try await scene.host().controlGroups
        let list = groups.controllers.joined(separator: " ")
        let shown = words(groups.version).joined(Text(en: ": \(list)", zh: "：\(list)"))
        let isMissing = groups.version == .none || groups.version != .v2 && !groups.controllers.contains("devices")
        if isMissing {
            let measured = Text(
                en: "control groups aren't mounted the way an engine needs (\(words(groups.version).en))",
                zh: "cgroup 的挂载方式不符合引擎的要求（\(words(groups.version).zh)）")
            let isLocal = (try? await scene.engineIsLocal()) ?? true
            return await scene.found("cgroup-problem", measured, evidence: [measured, shown], concerns: isLocal ? [.containers] : [])
        }
        let wanted = ["cpu", "memory"].filter { !groups.controllers.contains($0) }
        guard wanted.isEmpty else {
            return .note(
                shown.joined(
                    Text(
                        en: "; without \(wanted.joined(separator: ", ")), the engine can't limit containers",
                        zh: "；缺少 \(wanted.joined(separator: "、"))，引擎无法限制容器资源")))
        }
        return .good(shown)
    }

    private static func words(_ version: ControlGroups.Version) -> Text {
        switch version {
        case .v1: Text(en: "version 1", zh: "版本 1")
        case .v2: Text(en: "version 2", zh: "版本 2")
        case .hybrid: Text(en: "versions 1 and 2 side by side", zh: "混合模式（版本 1 与 2 并存）")
        case .none: Text(en: "none", zh: "无")
        }
    }

    /// Enough for training and one server worker at the same time.
    private static let recommendedMemory: Int64 = 2_500_000_000
    /// No container of the lab runs with less.
    private static let minimumMemory: Int64 = 700_000_000

    private static func memory(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let facts = try await scene.host()
        guard let memory = facts.memory.value else { return .note(facts.memory.reason ?? Text(en: "unknown", zh: "未知")) }
        let available = min(memory.available, facts.controlGroups.memoryLimit ?? .max)
        let shown = Text(
            en: "\(ByteSize.shown(Double(available))) available of \(ByteSize.shown(Double(memory.total)))",
            zh: "可用 \(ByteSize.shown(Double(available)))，共 \(ByteSize.shown(Double(memory.total)))")
        guard available < recommendedMemory else { return .good(shown) }
        let eaters = ProcessMemory.largest(3, root: scene.root).map { "\($0.program) (pid \($0.pid)) \(ByteSize.shown(Double($0.bytes)))" }
        let evidence = [
            shown, Text(en: "largest processes: \(eaters.joined(separator: ", "))", zh: "占用最多的进程：\(eaters.joined(separator: "、"))"),
        ]
        return await scene.found(
            "memory-low", shown, evidence: evidence, concerns: available + memory.swapFree < minimumMemory ? [.containers] : [])
    }

    private static func swap(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard let memory = try await scene.host().memory.value, memory.swapTotal > 0 else {
            return .note(Text(en: "none: processes that exceed the memory are killed", zh: "无：内存不足时进程会被终止"))
        }
        return .good(
            Text(
                en: "\(ByteSize.shown(Double(memory.swapFree))) free of \(ByteSize.shown(Double(memory.swapTotal)))",
                zh: "可用 \(ByteSize.shown(Double(memory.swapFree)))，共 \(ByteSize.shown(Double(memory.swapTotal)))"))
    }

    private static func sharedMemory(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let path = scene.root.real("/dev/shm")
        guard scene.root.exists("/dev/shm"), let space = await BlockingCall.run({ DiskSpace.read(folder: path).value }) else {
            return .note(Text(en: "no /dev/shm on this machine; containers have their own", zh: "本机没有 /dev/shm；容器有自己的"))
        }
        let shown = Text(
            en: "/dev/shm: \(ByteSize.shown(Double(space.free))) free; a container gets 64 MB by default",
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

    /// Reports the process that holds a lock. A cure waits for it and never kills it.
    private static func apt(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard Distribution.read(root: scene.root)?.usesApt == true else {
            return .good(Text(en: "this system doesn't use apt", zh: "本系统不使用 apt"))
        }
        guard let holder = AptLock(root: scene.root).holder else {
            return .good(Text(en: "apt is not in use", zh: "apt 未被占用"))
        }
        let measured = Text(
            en: "\(holder.program) (pid \(holder.pid)) holds \(holder.path)", zh: "\(holder.program)（pid \(holder.pid)）占用 \(holder.path)")
        return await scene.found("apt-lock-held", measured, fill: ["NUMBER": "\(holder.pid)"])
    }

    private static func terminal(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard let terminal = scene.terminal else { return .good(Text(en: "none: ailab prints plain lines", zh: "无：输出纯文本")) }
        let name = SafeLines.clean(text: scene.environment["TERM"] ?? "")
        let shown = Text(verbatim: "\(name.isEmpty ? "?" : name) \(terminal.columns)×\(terminal.rows)")
        guard terminal.columns >= 80, terminal.rows >= 24 else {
            return .note(shown.joined(Text(en: "; the walkthrough works best with at least 80×24", zh: "；实验界面建议至少 80×24")))
        }
        guard !name.isEmpty, name != "dumb" else {
            return .note(
                shown.joined(Text(en: "; the walkthrough needs TERM, such as xterm-256color", zh: "；实验界面需要设置 TERM，例如 xterm-256color")))
        }
        return .good(shown)
    }
}
