import LabSupport

/// The words of the telemetry screens.
enum TelemetryWords {
    static let gpu = Text(en: "GPU: ", zh: "GPU：")
    static let measuring = Text(en: "Measuring…", zh: "正在测量……")
    static let cpu = Text(en: "CPU", zh: "CPU")
    static let memory = Text(en: "Memory", zh: "内存")
    static let disk = Text(en: "Disk", zh: "磁盘")
    static let network = Text(en: "Network", zh: "网络")
    static let loss = Text(en: "Loss", zh: "损失")
    static let speed = Text(en: "Training", zh: "训练")
    static let epoch = Text(en: "epoch", zh: "轮次")
    static let requests = Text(en: "Requests", zh: "请求")
    static let latency = Text(en: "Latency", zh: "延迟")
    static let sender = Text(en: "AILAB SENDS", zh: "AILAB 的请求")
    static let failures = Text(en: "FAILED", zh: "失败")
    static let connecting = Text(en: "CONNECT", zh: "连接")
    static let sending = Text(en: "SEND", zh: "发送")
    static let answer = Text(en: "RESPONSE", zh: "等响应")
    static let receiving = Text(en: "RECEIVE", zh: "接收")
    static let container = Text(en: "CONTAINER", zh: "容器")
    static let limit = Text(en: "OF", zh: "上限")
    static let held = Text(en: "CAPPED", zh: "受限")
    static let memoryColumn = Text(en: "MEMORY", zh: "内存")
    static let networkColumn = Text(en: "NET IN/OUT", zh: "网络 收/发")
    static let diskColumn = Text(en: "DISK R/W", zh: "磁盘 读/写")
    static let processes = Text(en: "PIDS", zh: "进程数")
    static let process = Text(en: "PROCESS", zh: "进程")
    static let place = Text(en: "WHERE", zh: "所在")
    static let host = Text(en: "host", zh: "主机")
    static let model = Text(en: "MODEL", zh: "模型")
    static let workers = Text(en: "WORKERS", zh: "WORKER")
    static let rate = Text(en: "REQ/S", zh: "请求/秒")
    static let waiting = Text(en: "WAIT", zh: "排队")
    static let working = Text(en: "WORK", zh: "推理")
    static let noContainers = Text(en: "No containers are running.", zh: "没有正在运行的容器。")
    static let events = Text(en: "Events: ", zh: "事件：")
    static let late = Text(en: "No response from: ", zh: "没有响应：")
    static let paused = Text(en: "paused", zh: "已暂停")
    static let cores = Text(en: "cores", zh: "核")
    static let load = Text(en: "load", zh: "负载")
    static let waitProcessor = Text(en: "cpu", zh: "CPU")
    static let waitMemory = Text(en: "memory", zh: "内存")
    static let waitDisk = Text(en: "io", zh: "磁盘")
    static let waits = Text(en: "waiting for", zh: "等待")

    static let quit = Text(en: "quit", zh: "退出")
    static let pause = Text(en: "pause", zh: "暂停")
    static let language = Text(en: "中文", zh: "English")
    static let theme = Text(en: "colors", zh: "配色")
    static let scroll = Text(en: "scroll", zh: "滚动")
    static let span = Text(en: "time span", zh: "时间范围")
}

/// Numbers with a fixed number of columns, so that nothing moves when they change.
package enum Measure {
    /// `198%`, six columns.
    package static func percent(_ value: Double?) -> String { right(value.map { "\(Int(shown: $0.rounded()))%" } ?? "-", 6) }

    /// `1.2 GB`, seven columns.
    package static func bytes(_ value: Double?) -> String { right(value.map { ByteSize.shown($0) } ?? "-", 7) }

    /// `1.2 MB/s`, nine columns.
    package static func rate(_ value: Double?) -> String { right(value.map { ByteSize.shown($0) + "/s" } ?? "-", 9) }

    /// `12.3 ms`, eight columns.
    package static func milliseconds(_ value: Double?) -> String { right(value.map { decimal($0) + " ms" } ?? "-", 8) }

    /// One decimal below 100, and none above.
    package static func decimal(_ value: Double) -> String {
        guard abs(value) < 99.95 else { return String(Int(shown: value.rounded())) }
        let tenths = Int(shown: (value * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    package static func right(_ text: String, _ columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - CellWidth.of(text))) + text
    }
}
