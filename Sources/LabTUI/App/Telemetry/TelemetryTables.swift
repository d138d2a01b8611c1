import LabSupport
import Telemetry

/// Containers, models and processes as rows. Columns that don't fit are left out from the right, because those are the least important.
struct TelemetryTables {
    struct Column {
        var title: String
        var columns: Int
        var isRight = true
    }

    let sample: TelemetrySample
    let look: Look
    private let language: Language

    init(_ sample: TelemetrySample, _ look: Look, _ language: Language) {
        self.sample = sample
        self.look = look
        self.language = language
    }

    func say(_ text: Text) -> String { text[language] }

    /// All rows, cut to a number of columns.
    func lines(columns: Int) -> [RichLine] {
        let isWide = columns >= Self.wide
        let right = isWide ? processes(Self.processColumns) : []
        let left = containers(right.isEmpty ? columns : columns - Self.processColumns - Self.gap)
        // On a cluster, the queue is what one waits for.
        var blocks = clusters(columns) + [beside(left, right, at: columns - Self.processColumns), models(columns), requests(columns)]
        if !isWide { blocks.append(processes(columns)) }
        if let cores = cores(columns) { blocks.append(cores) }
        return Array(blocks.filter { !$0.isEmpty }.joined(separator: [RichLine([])]))
    }

    /// From here on, containers and processes stand side by side.
    static let wide = 110
    private static let processColumns = 56
    static let gap = 2

    func beside(_ left: [RichLine], _ right: [RichLine], at column: Int) -> [RichLine] {
        guard !right.isEmpty else { return left }
        return (0..<max(left.count, right.count)).map { row in
            let first = row < left.count ? left[row] : RichLine([])
            let blank = Span(String(repeating: " ", count: max(0, column - first.columns)))
            return RichLine(first.spans + (row < right.count ? [blank] + right[row].spans : []))
        }
    }

    /// The first column takes the space that the others leave, within limits.
    func table(
        _ head: [Column], _ rows: [(cells: [String], role: Role)], columns: Int, first minimum: Int = 12, maximum: Int = 32
    ) -> [RichLine] {
        var count = head.count
        let width = { (count: Int) in head.dropFirst().prefix(count - 1).reduce(0) { $0 + $1.columns + 1 } }
        while count > 1, minimum + width(count) > columns { count -= 1 }
        let names = rows.map { CellWidth.of($0.cells.first ?? "") }.max() ?? 0
        let first = min(max(minimum, min(maximum, names)), max(1, columns - width(count)))
        let line = { (cells: [String], style: Style) -> RichLine in
            var text = (cells.first ?? "").padded(to: first, ellipsis: look.glyphs.ellipsis)
            for (column, cell) in zip(head, cells).prefix(count).dropFirst() {
                let shown = cell.truncated(to: column.columns, ellipsis: look.glyphs.ellipsis)
                text += " " + (column.isRight ? Measure.right(shown, column.columns) : shown.padded(to: column.columns))
            }
            return RichLine(text, style)
        }
        return [line(head.map(\.title), look[.muted])] + rows.map { line($0.cells, look[$0.role]) }
    }

    private func containers(_ columns: Int) -> [RichLine] {
        var absent: [RichLine] = []
        if let absence = sample.containers.absence {
            let role: Role = absence.code == TelemetrySampler.silentEngineCode ? .muted : .warning
            absent = RichLine(say(absence.reason.followed(by: absence.hint)), look[role]).wrapped(to: columns)
            if sample.containers.list.isEmpty { return absent }
        }
        guard !sample.containers.list.isEmpty else { return [RichLine(say(TelemetryWords.noContainers), look[.muted])] }
        let head = [
            Column(title: say(TelemetryWords.container), columns: 0), Column(title: say(TelemetryWords.cpu), columns: 7),
            Column(title: say(TelemetryWords.limit), columns: 6), Column(title: say(TelemetryWords.memoryColumn), columns: 8),
            Column(title: say(TelemetryWords.limit), columns: 8), Column(title: say(TelemetryWords.held), columns: 6),
            Column(title: say(TelemetryWords.processes), columns: 6), Column(title: say(TelemetryWords.networkColumn), columns: 20),
            Column(title: say(TelemetryWords.diskColumn), columns: 20),
        ]
        let rows = sample.containers.list.map { container -> (cells: [String], role: Role) in
            let role: Role = (container.throttled ?? 0) >= 20 ? .warning : .text
            let flow = { (flow: Flow?) in "\(Measure.rate(flow?.into)) \(Measure.rate(flow?.out))" }
            let cells = [
                container.name, Measure.percent(container.cpu), Measure.percent(container.cpuLimit), Measure.bytes(container.memory),
                Measure.bytes(container.memoryLimit), Measure.percent(container.throttled),
                container.processes.map(String.init) ?? "-", flow(container.network), flow(container.disk),
            ]
            return (cells, role)
        }
        return table(head, rows, columns: columns) + absent
    }

    private func models(_ columns: Int) -> [RichLine] {
        var lines: [RichLine] = []
        let models = sample.servers.flatMap(\.models)
        if !models.isEmpty {
            let head = [
                Column(title: say(TelemetryWords.model), columns: 0), Column(title: say(TelemetryWords.workers), columns: 7),
                Column(title: say(TelemetryWords.rate), columns: 7), Column(title: say(TelemetryWords.waiting), columns: 9),
                Column(title: say(TelemetryWords.working), columns: 9), Column(title: say(TelemetryWords.memoryColumn), columns: 8),
            ]
            let rows = models.map { model -> (cells: [String], role: Role) in
                let ready = "\(model.readyWorkers ?? 0)/\(model.workers ?? 0)"
                let cells = [
                    model.name, ready, model.rate.map(Measure.decimal) ?? "-", Measure.milliseconds(model.queueTime),
                    Measure.milliseconds(model.workTime), Measure.bytes(model.workerMemory),
                ]
                return (cells, model.readyWorkers == 0 ? .warning : .text)
            }
            lines += table(head, rows, columns: columns)
        }
        for server in sample.servers {
            guard let absence = server.absence else { continue }
            lines += RichLine("\(server.name): \(say(absence.reason))", look[.muted]).wrapped(to: columns)
        }
        return lines
    }

    /// The requests that ailab itself sends, and where their time goes.
    private func requests(_ columns: Int) -> [RichLine] {
        // A socket that was only tried isn't a server. Looking for an engine tries several.
        let asked = sample.requests.filter { $0.total.answered > 0 || $0.inFlight > 0 || !$0.server.hasPrefix("/") }
        guard !asked.isEmpty else { return [] }
        let head = [
            Column(title: say(TelemetryWords.sender), columns: 0), Column(title: say(TelemetryWords.rate), columns: 7),
            Column(title: "P50", columns: 9), Column(title: "P99", columns: 9), Column(title: say(TelemetryWords.failures), columns: 6),
            Column(title: say(TelemetryWords.answer), columns: 9), Column(title: say(TelemetryWords.receiving), columns: 9),
            Column(title: say(TelemetryWords.sending), columns: 9), Column(title: say(TelemetryWords.connecting), columns: 9),
        ]
        // A load test comes first, because someone is waiting for its numbers.
        let requests = asked.filter(\.isLoad) + asked.filter { !$0.isLoad }
        let rows = requests.map { request -> (cells: [String], role: Role) in
            let failed = (request.failed ?? [:]).values.reduce(0, +)
            let isAtRest = request.latency == nil && failed == 0
            let phases = request.phases
            let cells = [
                "\(request.sender) \(look.glyphs.isUnicode ? "→" : ">") \(request.server)", request.rate.map(Measure.decimal) ?? "-",
                Measure.milliseconds(request.latency?.median), Measure.milliseconds(request.latency?.p99), String(failed),
                Measure.milliseconds(phases?.wait), Measure.milliseconds(phases?.receive), Measure.milliseconds(phases?.send),
                Measure.milliseconds(phases.map { $0.dns + $0.connect + $0.tls }),
            ]
            return (cells, failed > 0 && request.isLoad ? .warning : isAtRest ? .muted : .text)
        }
        return table(head, rows, columns: columns, first: 20, maximum: 44)
    }

    private struct Row {
        var process: String
        var place: String
        var cpu: Double?
        var memory: Double?
        var gpu: Double?
        var gpuMemory: Double?
    }

    private func processes(_ columns: Int) -> [RichLine] {
        var rows: [Int32: Row] = [:]
        for container in sample.containers.list {
            for process in container.top {
                rows[process.pid] = Row(process: process.name, place: container.name, cpu: process.cpu, memory: process.memory)
            }
        }
        for process in sample.gpu.devices.flatMap(\.processes) {
            let name = process.name ?? "pid \(process.pid)"
            var row = rows[process.pid] ?? Row(process: name, place: process.container ?? say(TelemetryWords.host))
            row.gpu = process.busy
            row.gpuMemory = (row.gpuMemory ?? 0) + (process.memory ?? 0)
            rows[process.pid] = row
        }
        guard !rows.isEmpty else { return [] }
        let hasGPU = rows.values.contains { $0.gpuMemory != nil }
        var head = [
            Column(title: say(TelemetryWords.process), columns: 0), Column(title: say(TelemetryWords.cpu), columns: 7),
            Column(title: say(TelemetryWords.memoryColumn), columns: 8),
        ]
        if hasGPU { head += [Column(title: "GPU", columns: 6), Column(title: "GPU MEM", columns: 8)] }
        head.append(Column(title: say(TelemetryWords.place), columns: 24, isRight: false))
        let sorted = rows.sorted {
            ($0.value.gpuMemory ?? 0, $0.value.cpu ?? 0, $1.key) > ($1.value.gpuMemory ?? 0, $1.value.cpu ?? 0, $0.key)
        }
        let cells = sorted.prefix(12).map { pid, row -> (cells: [String], role: Role) in
            let gpu = hasGPU ? [Measure.percent(row.gpu), Measure.bytes(row.gpuMemory)] : []
            return (["\(row.process) \(pid)", Measure.percent(row.cpu), Measure.bytes(row.memory)] + gpu + [row.place], .text)
        }
        return table(head, cells, columns: columns)
    }

    /// A bar for each core, and what the work waits for. On a machine without a GPU, this shows the bottleneck.
    private func cores(_ columns: Int) -> [RichLine]? {
        guard let host = sample.host, !host.cores.isEmpty else { return nil }
        let levels = Array(look.glyphs.isUnicode ? "▁▂▃▄▅▆▇█" : "_.-=+*%#")
        let bars = String(host.cores.map { levels[min(levels.count - 1, max(0, Int(shown: $0 / 100 * Double(levels.count))))] })
        let title = "\(host.cores.count) \(say(TelemetryWords.cores)) "
        var lines = RichLine([Span(title, look[.muted]), Span(bars, look[.plot1])], hanging: CellWidth.of(title)).wrapped(to: columns)
        let load = host.load.map(Measure.decimal).joined(separator: " ")
        var facts = load.isEmpty ? [] : ["\(say(TelemetryWords.load)) \(load)"]
        if let waiting = host.ioWait, waiting >= 1 { facts.append("iowait \(Int(shown: waiting))%") }
        if let steal = host.steal, steal >= 1 { facts.append("steal \(Int(shown: steal))%") }
        let waits = [
            (TelemetryWords.waitProcessor, host.pressure?.cpu), (TelemetryWords.waitMemory, host.pressure?.memory),
            (TelemetryWords.waitDisk, host.pressure?.io),
        ]
        let shown = waits.compactMap { name, share in share.map { "\(say(name)) \(Int(shown: $0.rounded()))%" } }
        if !shown.isEmpty { facts.append("\(say(TelemetryWords.waits)) \(say(Text.words(shown)))") }
        if let bandwidth = host.memoryBandwidth { facts.append("DRAM \(ByteSize.shown(bandwidth))/s") }
        lines += RichLine(facts.joined(separator: "  "), look[.muted]).wrapped(to: columns)
        return lines
    }
}
