import CNVML
import HostFacts
import LabSupport

/// Why there's no NVIDIA device to measure, from the library's return codes and from what the kernel shows.
enum GPUAbsence {
    /// The reason why the library can't be used.
    static func why(_ failure: NVMLLibrary.Failure, facts: NVIDIAFacts) -> Absence {
        switch failure {
        case .missing, .incomplete: return withoutLibrary(facts)
        case .refused(let code, let words): return refused(code, words, facts)
        }
    }

    /// The reason why the library works but finds no device.
    static func noDevice(_ facts: NVIDIAFacts) -> Absence {
        guard facts.devices.value != nil else { return none(facts) }
        return Absence(
            "gpu.hidden",
            Text(
                en: "This machine has an NVIDIA GPU, but the driver doesn't show it to this process.",
                zh: "本机有 NVIDIA 显卡，但驱动没有让当前进程看到它。"),
            hint: Text(
                en: "In a container, start it with `--gpus all`. Otherwise, `nvidia-smi` and `dmesg | grep NVRM` show more.",
                zh: "如果在容器里，启动时请加 `--gpus all`。否则可查看 `nvidia-smi` 和 `dmesg | grep NVRM`。"))
    }

    /// The reason why a device stopped responding. Nil if the code doesn't mean that.
    static func lost(code: Int32, words: String) -> Absence? {
        switch Int(code) {
        case CNVML_GPU_IS_LOST:
            Absence(
                "gpu.lost", Text(en: "The GPU has fallen off the bus.", zh: "显卡已从总线上掉线。"),
                hint: Text(en: "Restart the machine to bring it back.", zh: "只有重启机器才能恢复。"))
        case CNVML_RESET_REQUIRED:
            Absence(
                "gpu.reset", Text(en: "The GPU needs a reset.", zh: "显卡需要重置。"),
                hint: Text(en: "Ask an administrator to reset it, or restart the machine.", zh: "请管理员重置它，或重启机器。"))
        case CNVML_TIMEOUT, CNVML_IRQ_ISSUE, CNVML_UNKNOWN:
            Absence(
                "gpu.failed",
                Text(en: "The GPU doesn't respond: \(words).", zh: "显卡没有响应：\(words)。"))
        default: nil
        }
    }

    private static func withoutLibrary(_ facts: NVIDIAFacts) -> Absence {
        guard facts.devices.value != nil || facts.driverVersion.value != nil else { return none(facts) }
        guard facts.driverVersion.value != nil else { return noDriver }
        return Absence(
            "gpu.libraryMissing",
            Text(
                en: "The NVIDIA driver is loaded, but its library libnvidia-ml.so.1 isn't installed, or isn't in a standard folder.",
                zh: "NVIDIA 驱动已加载，但没有安装它的库 libnvidia-ml.so.1，或者该库不在系统查找的位置。"),
            hint: Text(
                en: "It's a part of the driver. On Debian and Ubuntu, the package is libnvidia-ml1 or libnvidia-compute-NNN.",
                zh: "它是驱动的一部分，在 Debian 和 Ubuntu 上的软件包名为 libnvidia-ml1 或 libnvidia-compute-NNN。"))
    }

    private static func refused(_ code: Int32, _ words: String, _ facts: NVIDIAFacts) -> Absence {
        switch Int(code) {
        case CNVML_DRIVER_NOT_LOADED: return facts.devices.value == nil ? none(facts) : noDriver
        case CNVML_NO_PERMISSION:
            return Absence(
                "gpu.permission",
                Text(en: "This user doesn't have permission to use the NVIDIA devices.", zh: "当前用户没有使用 NVIDIA 设备的权限。"),
                hint: Text(
                    en: "`ls -l /dev/nvidia*` shows which group has it. Ask an administrator to add you to that group.",
                    zh: "`ls -l /dev/nvidia*` 会显示哪个用户组有权限，请管理员把你加入该组。"))
        case CNVML_VERSION_MISMATCH:
            let loaded = facts.driverVersion.value.map { Text(en: " (\($0))", zh: "（\($0)）") } ?? Text(verbatim: "")
            return Absence(
                "gpu.versionMismatch",
                Text(
                    en: "The NVIDIA driver in the kernel\(loaded.en) and the installed libraries have different versions.",
                    zh: "内核中的 NVIDIA 驱动\(loaded.zh)与已安装的库版本不一致。"),
                hint: Text(
                    en: "This happens after a driver update. Restart the machine.", zh: "更新驱动后尚未重启就会这样，请重启机器。"))
        case CNVML_LIBRARY_NOT_FOUND: return withoutLibrary(facts)
        default:
            return Absence(
                "gpu.failed",
                Text(en: "NVIDIA's library fails to initialize: \(words) (\(code)).", zh: "NVIDIA 的库无法初始化：\(words)（\(code)）。"))
        }
    }

    private static var noDriver: Absence {
        Absence(
            "gpu.driverNotLoaded",
            Text(
                en: "This machine has an NVIDIA GPU, but its kernel driver isn't loaded.",
                zh: "本机有 NVIDIA 显卡，但内核驱动没有加载。"),
            hint: Text(
                en: "`sudo modprobe nvidia` loads an installed driver. If that fails, its error shows the reason.",
                zh: "如果已安装驱动，可用 `sudo modprobe nvidia` 加载。加载失败时会显示原因。"))
    }

    private static func none(_ facts: NVIDIAFacts) -> Absence {
        Absence("gpu.none", facts.devices.reason ?? facts.driverVersion.reason ?? Text(en: "There's no GPU.", zh: "没有 GPU。"))
    }
}
