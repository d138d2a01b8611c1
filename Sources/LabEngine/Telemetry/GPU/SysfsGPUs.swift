import HostFacts
import LabSupport

/// Measures AMD's and Intel's GPUs, as far as their kernel drivers report values.
struct SysfsGPUs {
    private struct Card {
        var index: Int
        var maker: GPUSample.Maker
        var name: String
        /// `/sys/class/drm/cardN`.
        var folder: String
        var device: String
        /// The folder of the sensors.
        var sensors: String?
        /// The idle time in milliseconds, and when it was read.
        var asleep: (time: Double, milliseconds: UInt64)?
    }

    private let root: HostRoot
    private var cards: [Card] = []

    init(root: HostRoot = .machine) {
        self.root = root
        for name in root.names(in: "/sys/class/drm") where name.hasPrefix("card") && name.dropFirst(4).allSatisfy(\.isNumber) {
            let folder = "/sys/class/drm/\(name)"
            let device = "\(folder)/device"
            let maker: GPUSample.Maker
            switch root.text("\(device)/vendor")?.trimmed {
            case "0x1002": maker = .amd
            case "0x8086": maker = .intel
            default: continue
            }
            let product = root.text("\(device)/product_name").map { SafeLines.clean(text: String($0.trimmed)) } ?? ""
            let code = root.text("\(device)/device").map { String($0.trimmed) } ?? ""
            let sensors = root.names(in: "\(device)/hwmon").first.map { "\(device)/hwmon/\($0)" }
            let known = maker == .amd ? "AMD \(code)" : "Intel \(code)"
            cards.append(
                Card(
                    index: Int(name.dropFirst(4)) ?? 0, maker: maker, name: product.isEmpty ? known : product, folder: folder,
                    device: device, sensors: sensors))
        }
    }

    mutating func read(at time: Double) -> [GPUSample] {
        cards.indices.map { position in
            let card = cards[position]
            var sample = GPUSample(index: card.index, maker: card.maker, name: card.name)
            switch card.maker {
            case .amd: fillAMD(&sample, card)
            default: fillIntel(&sample, &cards[position], at: time)
            }
            return sample
        }
    }

    private func number(_ path: String) -> Double? { ProcText(root.real(path))?.number.map { Double($0) } }

    private func fillAMD(_ sample: inout GPUSample, _ card: Card) {
        sample.busy = number("\(card.device)/gpu_busy_percent")
        sample.memoryBusy = number("\(card.device)/mem_busy_percent")
        sample.memoryUsed = number("\(card.device)/mem_info_vram_used")
        sample.memoryTotal = number("\(card.device)/mem_info_vram_total")
        guard let sensors = card.sensors else { return }
        // The kernel's units for sensors: microwatts, thousandths of a degree, hertz.
        sample.power = (number("\(sensors)/power1_average") ?? number("\(sensors)/power1_input")).map { $0 / 1e6 }
        sample.powerLimit = number("\(sensors)/power1_cap").map { $0 / 1e6 }
        sample.temperature = number("\(sensors)/temp1_input").map { $0 / 1000 }
        sample.clock = number("\(sensors)/freq1_input").map { $0 / 1e6 }
        sample.memoryClock = number("\(sensors)/freq2_input").map { $0 / 1e6 }
    }

    /// To ordinary users, the driver reports only how long the device was idle, but not its utilization.
    private func fillIntel(_ sample: inout GPUSample, _ card: inout Card, at time: Double) {
        sample.clock = number("\(card.folder)/gt_act_freq_mhz") ?? number("\(card.device)/tile0/gt0/freq0/act_freq")
        sample.maxClock = number("\(card.folder)/gt_max_freq_mhz") ?? number("\(card.device)/tile0/gt0/freq0/max_freq")
        let files = [
            "\(card.folder)/gt/gt0/rc6_residency_ms", "\(card.folder)/power/rc6_residency_ms",
            "\(card.device)/tile0/gt0/gtidle/idle_residency_ms",
        ]
        guard let asleep = files.firstNonNil({ ProcText(root.real($0))?.number }) else { return }
        if let before = card.asleep, time > before.time, asleep >= before.milliseconds {
            sample.busy = max(0, min(100, 100 - Double(asleep - before.milliseconds) / (time - before.time) / 10)).rounded(to: 1)
        }
        card.asleep = (time, asleep)
    }
}
