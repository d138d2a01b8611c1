import ArgumentParser
import LabEngine
import LabSupport
import LabTUI
import Telemetry

/// `ailab top`: what the machine, its GPUs, the containers and the servers do.
struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: said("GPU, containers, servers and this machine, live.", "实时查看 GPU、容器、服务器和本机。"),
        discussion: said(
            """
            On a terminal: curves and tables (q leaves, p stops the picture, + and - change the time span).
            Without one, or with --once: lines of text. --run shows what was recorded while a run went on.
            Examples: ailab top --once · ailab top --json --interval 5 · ailab top --listen 127.0.0.1:9835
            """,
            """
            在终端上：曲线和表格（q 退出，p 暂停画面，+ 和 - 调整时间范围）。
            没有终端或使用 --once 时：输出文本。--run 显示某次运行期间记录的数据。
            示例：ailab top --once · ailab top --json --interval 5 · ailab top --listen 127.0.0.1:9835
            """))

    @Flag(help: help("One look, as lines of text.", "只看一次，输出为文本。"))
    var once = false

    @Flag(help: help("One JSON object a sample, until interrupted; with --once a single one.", "每次采样输出一个 JSON 对象，直到中断；与 --once 连用时只输出一个。"))
    var json = false

    @Option(help: help("Seconds between two samples, from 0.2 on.", "采样间隔（秒），最小 0.2。"))
    var interval: Double = 1

    @Option(
        help: help(
            "Serve the numbers as OpenMetrics on this address and port, on this machine only.", "在此地址和端口以 OpenMetrics 格式提供数据，仅限本机。",
            valueName: "address:port"))
    var listen: String?

    @Flag(help: help("Let --listen take an address that other machines reach.", "允许 --listen 使用其他机器可访问的地址。"))
    var listenAnywhere = false

    @Option(help: help("Show what was recorded while this run went on.", "显示该次运行期间记录的数据。"))
    var run: Int?

    @OptionGroup var lab: LabOptions

    func validate() throws {
        guard interval.isFinite, interval >= 0.2, interval <= 3600 else {
            throw ValidationError(said("--interval takes seconds between 0.2 and 3600.", "--interval 的取值为 0.2 到 3600 秒。"))
        }
        if listen != nil, once { throw ValidationError(said("--once and --listen exclude each other.", "--once 与 --listen 不能同时使用。")) }
        if listen != nil, run != nil { throw ValidationError(said("--run and --listen exclude each other.", "--run 与 --listen 不能同时使用。")) }
    }

    func run() async throws {
        if let run { return try await replay(run) }
        let samples = Measurement.live(
            home: lab.home.root, labFile: try? lab.labFile(), interval: interval, environment: Console.environment)
        if listen != nil || json || once || !Console.hasScreen { Interrupts.leaveInOrder() }
        if let listen { return try await serve(samples, on: ListenAddress(listen, anywhere: listenAnywhere)) }
        if json || once { return try await lines(samples) }
        guard Console.hasScreen else { return try await text(samples, count: .max) }
        try await TopScreen.show(samples)
    }

    /// Rates need two looks; the second comes a moment after the first, the third a whole interval later.
    private static let settled = 3
    /// From this sample on, `--once` doesn't wait for a source that hasn't answered yet.
    private static let latest = 8

    /// Whether `--once` shows this sample, the `count`th.
    private static func isSettled(_ sample: TelemetrySample, _ count: Int) -> Bool {
        count >= settled && (!sample.isIncomplete || count >= latest)
    }

    private func lines(_ samples: AsyncStream<TelemetrySample>) async throws {
        guard json else { return try await text(samples, count: 1) }
        var count = 0
        for await sample in samples {
            count += 1
            if once, !Self.isSettled(sample, count) { continue }
            guard Console.goesOn(JSONText.object(sample)), !once else { return }
        }
    }

    private func text(_ samples: AsyncStream<TelemetrySample>, count limit: Int) async throws {
        var count = 0
        var shown = 0
        for await sample in samples {
            count += 1
            guard shown > 0 || Self.isSettled(sample, count) else { continue }
            let lines = TelemetryText(sample, Console.language).lines(columns: TopScreen.columns)
            let text = (shown > 0 ? "\n" : "") + lines.joined(separator: "\n")
            shown += 1
            guard Console.goesOn(text), shown < limit else { return }
        }
    }

    private func serve(_ samples: AsyncStream<TelemetrySample>, on address: ListenAddress) async throws {
        let page = try MeasurementPage(host: address.host, port: address.port)
        let place = address.shown(port: page.port)
        Console.error(
            Text(
                en: "Serving OpenMetrics on http://\(place)/metrics until Ctrl-C.",
                zh: "正在 http://\(place)/metrics 提供 OpenMetrics 数据，按 Ctrl-C 结束。")[Console.language])
        for await sample in samples {
            page.show(sample)
            if json, !Console.goesOn(JSONText.object(sample)) { return }
        }
        withExtendedLifetime(page) {}
    }

    private func replay(_ number: Int) async throws {
        let wanted: Measurement.Extent =
            switch (once, json) {
            case (true, true): .newest(1)
            case (true, false): .newest(TelemetryHistory.capacity)
            case (false, true): .all
            case (false, false): .overview(TelemetryHistory.capacity)
            }
        let samples = try Measurement.recorded(run: number, in: try lab.workspace(), wanted)
        if json { return samples.forEach { Console.output(JSONText.object($0)) } }
        guard Console.hasScreen, !once else {
            let last = samples.last { $0.insight != nil && !$0.containers.list.isEmpty } ?? samples[samples.count - 1]
            return TelemetryText(last, Console.language).lines(columns: TopScreen.columns).forEach { Console.output($0) }
        }
        let (stream, post) = AsyncStream.makeStream(of: TelemetrySample.self)
        samples.forEach { post.yield($0) }
        try await TopScreen.show(stream, span: (samples.last?.time ?? 0) - (samples.first?.time ?? 0))
        post.finish()
    }
}

/// Where `--listen` listens.
struct ListenAddress {
    let host: String
    let port: Int

    /// `127.0.0.1:9835`, `[::1]:9835`, or a port alone. Throws `usage.*` for anything else and for addresses that others reach.
    init(_ text: String, anywhere: Bool) throws {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let wanted = parts.count > 1 ? parts.dropLast().joined(separator: ":") : "127.0.0.1"
        let bare = wanted.hasPrefix("[") && wanted.hasSuffix("]") ? String(wanted.dropFirst().dropLast()) : wanted
        guard let last = parts.last, let port = Int(last), (0...65_535).contains(port), !bare.isEmpty else {
            throw LabError(
                .usageAddress, Text(en: "`\(text)` is not an address and port.", zh: "`\(text)` 不是有效的地址和端口。"),
                hint: Text(en: "Such as `--listen 127.0.0.1:9835`.", zh: "例如 `--listen 127.0.0.1:9835`。"))
        }
        host = bare == "localhost" ? "127.0.0.1" : bare
        self.port = port
        guard anywhere || Loopback.contains(host: host) else {
            throw LabError(
                .usageListenAddress,
                Text(
                    en: "\(bare) can be reached from other machines, and the numbers tell what runs here.",
                    zh: "\(bare) 可以从其他机器访问，而这些数据会透露本机在运行什么。"),
                hint: Text(
                    en: "Use 127.0.0.1, or add --listen-anywhere if that is what you want.",
                    zh: "请使用 127.0.0.1；如果确实需要，请加 --listen-anywhere。"))
        }
    }

    func shown(port: Int) -> String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
