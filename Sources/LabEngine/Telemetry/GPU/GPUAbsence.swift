import CNVML
import HostFacts
import LabSupport

/// Why there is no NVIDIA device to measure: told apart by the library's return codes and by what the kernel shows.
enum GPUAbsence {
    /// The library cannot be used.
    static func why(_ failure: NVMLLibrary.Failure, facts: NVIDIAFacts) -> Absence {
        switch failure {
        case .missing, .incomplete: return withoutLibrary(facts)
        case .refused(let code, let words): return refused(code, words, facts)
        }
    }

    /// The library works and knows no device.
    static func noDevice(_ facts: NVIDIAFacts) -> Absence {
        guard facts.devices.value != nil else { return none(facts) }
        return Absence(
            "gpu.hidden",
            Text(
                en: "There is an NVIDIA graphics processor, but the driver shows none to this process.",
                zh: "有 NVIDIA 显卡，但驱动没有让当前进程看到它。"),
            hint: Text(
                en: "Inside a container: start it with `--gpus all`. Otherwise `nvidia-smi` and `dmesg | grep NVRM` say more.",
                zh: "如果在容器里：启动时加 `--gpus all`。否则可查看 `nvidia-smi` 和 `dmesg | grep NVRM`。"))
    }

    /// A device that has stopped answering; nil where the code says nothing of that kind.
    static func lost(code: Int32, words: String) -> Absence? {
        switch Int(code) {
        case CNVML_GPU_IS_LOST:
            Absence(
                "gpu.lost", Text(en: "The graphics processor has fallen off the bus.", zh: "显卡已从总线上掉线。"),
                hint: Text(en: "Only a restart of the machine brings it back.", zh: "只有重启机器才能恢复。"))
        case CNVML_RESET_REQUIRED:
            Absence(
                "gpu.reset", Text(en: "The graphics processor needs a reset.", zh: "显卡需要重置。"),
                hint: Text(en: "An administrator resets it, or restarts the machine.", zh: "请管理员重置它，或重启机器。"))
        case CNVML_TIMEOUT, CNVML_IRQ_ISSUE, CNVML_UNKNOWN:
            Absence(
                "gpu.failed",
                Text(en: "The graphics processor does not answer: \(words).", zh: "显卡没有应答：\(words)。"))
        default: nil
        }
    }

    private static func withoutLibrary(_ facts: NVIDIAFacts) -> Absence {
        guard facts.devices.value != nil || facts.driverVersion.value != nil else { return none(facts) }
        guard facts.driverVersion.value != nil else { return noDriver }
        return Absence(
            "gpu.libraryMissing",
            Text(
                en: "NVIDIA's driver is loaded, but its library libnvidia-ml.so.1 is not installed, or not where programs look.",
                zh: "NVIDIA 驱动已加载，但没有安装它的库 libnvidia-ml.so.1，或者不在系统查找的位置。"),
            hint: Text(
                en: "It belongs to the driver: Debian and Ubuntu call its package libnvidia-ml1, or libnvidia-compute-NNN.",
                zh: "它属于驱动：在 Debian 和 Ubuntu 上的软件包名为 libnvidia-ml1 或 libnvidia-compute-NNN。"))
    }

    private static func refused(_ code: Int32, _ words: String, _ facts: NVIDIAFacts) -> Absence {
        switch Int(code) {
        case CNVML_DRIVER_NOT_LOADED: return facts.devices.value == nil ? none(facts) : noDriver
        case CNVML_NO_PERMISSION:
            return Absence(
                "gpu.permission",
                Text(en: "This user may not use the NVIDIA devices.", zh: "当前用户没有使用 NVIDIA 设备的权限。"),
                hint: Text(
                    en: "`ls -l /dev/nvidia*` shows which group may; an administrator adds you to it.",
                    zh: "`ls -l /dev/nvidia*` 会显示哪个用户组有权限；请管理员把你加入该组。"))
        case CNVML_VERSION_MISMATCH:
            let loaded = facts.driverVersion.value.map { " (\($0))" } ?? ""
            return Absence(
                "gpu.versionMismatch",
                Text(
                    en: "The NVIDIA driver in the kernel\(loaded) and the installed libraries are of different versions.",
                    zh: "内核中的 NVIDIA 驱动\(loaded)与已安装的库版本不一致。"),
                hint: Text(
                    en: "That is so after an update of the driver until the machine is restarted.", zh: "更新驱动后、重启机器之前就会这样，请重启。"))
        case CNVML_LIBRARY_NOT_FOUND: return withoutLibrary(facts)
        default:
            return Absence(
                "gpu.failed",
                Text(en: "NVIDIA's library does not begin: \(words) (\(code)).", zh: "NVIDIA 的库无法初始化：\(words)（\(code)）。"))
        }
    }

    private static var noDriver: Absence {
        Absence(
            "gpu.driverNotLoaded",
            Text(
                en: "There is an NVIDIA graphics processor, but its kernel driver is not loaded.",
                zh: "有 NVIDIA 显卡，但内核驱动没有加载。"),
            hint: Text(
                en: "`sudo modprobe nvidia` loads an installed driver; its refusal says what is wrong.",
                zh: "已安装驱动时可用 `sudo modprobe nvidia` 加载；如果失败，它会说明原因。"))
    }

    private static func none(_ facts: NVIDIAFacts) -> Absence {
        Absence("gpu.none", facts.devices.reason ?? facts.driverVersion.reason ?? Text(en: "There is no GPU.", zh: "没有 GPU。"))
    }
}
