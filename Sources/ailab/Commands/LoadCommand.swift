import ArgumentParser
import HTTPTransport
import LabEngine
import LabRunner
import LabSupport
import LoadTest

/// `ailab load http://127.0.0.1:8080/ping --concurrency 8`
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: said("Load-test a server of this machine, and find its limit.", "对本机的服务器做压力测试，找出性能上限。"),
        discussion: said(
            """
            --concurrency: closed loop, a fixed number of requests at a time. --rate: open loop, a fixed number per second, even if responses \
            are late. Latency then counts from when a request was due. Every response is checked.
            Exit codes: 0 every response was right, 1 some were not or did not come, 2 wrong usage, 3 nothing answers there, 130 interrupted.
            Examples: ailab load mnist · ailab load mnist --sweep · ailab load http://127.0.0.1:8080/ping --rate 200 --duration 30s
            """,
            """
            --concurrency：闭环，同时保持指定数量的请求。--rate：开环，每秒固定发送指定数量的请求，不管之前的是否已响应；此时延迟从请求应当发出的\
            时刻算起。每个响应都会核对。
            退出码：0 响应全部正确，1 有错误或没有响应，2 用法错误，3 目标没有响应，130 被中断。
            示例：ailab load mnist · ailab load mnist --sweep · ailab load http://127.0.0.1:8080/ping --rate 200 --duration 30s
            """))

    @Argument(
        help: help(
            "An address (http://127.0.0.1:8080/ping), or a model that the lab asks (mnist, imagenet).",
            "地址（http://127.0.0.1:8080/ping），或实验中的模型（mnist、imagenet）。"))
    var subject: String

    @OptionGroup var pace: LoadPaceOptions
    @OptionGroup var request: LoadRequestOptions
    @OptionGroup var lab: LabOptions
    @OptionGroup var settings: SettingFlags
    @OptionGroup var view: ViewFlags

    func run() async throws {
        let subject = try await LoadSubject.find(subject, request.content) {
            let opened = try lab.opened()
            return (opened, settings.applied(to: opened.progress.options))
        }
        let screen = LoadScreen(view: view)
        let session = LoadSession(subject: subject, screen: screen, view: view, home: lab.home.root)
        if pace.sweep {
            try await session.sweep(pace)
        } else {
            try await session.single(pace)
        }
    }
}

/// How heavy, how long.
struct LoadPaceOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: help("Requests at a time (closed loop); 8 if nothing is said, 32 at most in a sweep.", "同时进行的请求数（闭环）；默认 8，扫描时默认最多 32。"))
    var concurrency: Int?

    @Option(name: .shortAndLong, help: help("Requests a second at even distances (open loop).", "每秒均匀发送的请求数（开环）。"))
    var rate: Double?

    @Option(help: help("With --rate: connections at most (default: 256).", "与 --rate 一起使用：最多的连接数（默认 256）。"))
    var connections: Int?

    @Option(
        name: .shortAndLong,
        help: help("How long it is measured: 10s, 500ms, 2m; at most 10m. In a sweep, each level.", "测量时长：10s、500ms、2m，最长 10m。扫描时为每一级的时长。"))
    var duration: LoadTime?

    @Option(help: help("Warm-up before the measurement. It isn't counted.", "预热时长，不计入结果。"))
    var warmup: LoadTime = LoadTime(seconds: 1)

    @Option(help: help("How long one response may take.", "单个响应的时限。"))
    var timeout: LoadTime = LoadTime(seconds: 30)

    @Flag(
        help: help("Increase the load step by step, and find the point from which more requests only wait longer.", "逐级加大负载，找出再加只会增加等待的拐点。")
    )
    var sweep = false

    static let secondsLimit = 600.0
    static let connectionLimit = 1024
    private static let usualConnections = 256

    mutating func validate() throws {
        if rate != nil, concurrency != nil {
            throw ValidationError(said("--rate and --concurrency exclude each other.", "--rate 与 --concurrency 不能同时使用。"))
        }
        if rate == nil, connections != nil {
            throw ValidationError(said("--connections belongs to --rate.", "--connections 只能与 --rate 一起使用。"))
        }
        for count in [concurrency ?? 1, connections ?? 1] where !(1...Self.connectionLimit).contains(count) {
            throw ValidationError(
                said("From 1 to \(Self.connectionLimit) connections are possible.", "连接数必须在 1 到 \(Self.connectionLimit) 之间。"))
        }
        if let rate, !(0.1...200_000).contains(rate) {
            throw ValidationError(said("--rate takes 0.1 to 200000 requests a second.", "--rate 的范围是每秒 0.1 到 200000 个请求。"))
        }
        let times = [duration?.seconds ?? 1, timeout.seconds]
        guard times.allSatisfy({ (0.1...Self.secondsLimit).contains($0) }), warmup.seconds <= Self.secondsLimit else {
            throw ValidationError(said("Times go from 0.1 seconds to 10 minutes.", "时长必须在 0.1 秒到 10 分钟之间。"))
        }
    }

    /// The pace of a single test.
    var pacing: LoadPlan.Pacing {
        if let rate { return .rate(rate, connections: connections ?? Self.usualConnections) }
        return .concurrency(concurrency ?? 8)
    }

    /// The paces of a sweep, the lightest first.
    var levels: [LoadPlan.Pacing] {
        if let rate { return LoadSweep.rates(upTo: rate).map { .rate($0, connections: connections ?? Self.usualConnections) } }
        return LoadSweep.concurrencies(upTo: concurrency ?? 32).map { .concurrency($0) }
    }
}

/// What is sent, and what is right.
struct LoadRequestOptions: ParsableArguments {
    @Option(help: help("A file to send; may be repeated: they take turns.", "要发送的文件；可重复，轮流发送。", valueName: "file"), completion: .file())
    var body: [String] = []

    @Option(
        help: help(
            "What every answer must be: a value (7), label=A|B, status=200, /json/pointer=value, body=TEXT, contains=TEXT; may be repeated.",
            "每个响应必须满足的条件：一个值（7）、label=A|B、status=200、/json/pointer=值、body=文本、contains=文本；可重复。", valueName: "answer"))
    var expect: [String] = []

    @Option(help: help("GET, or POST with a body, if left out.", "省略时为 GET，带请求体时为 POST。"))
    var method: String?

    @Option(help: help("A header field; may be repeated.", "请求头；可重复。", valueName: "name: value"))
    var header: [String] = []

    @Option(
        help: help("Address of TorchServe's metrics, for its own share of the time.", "TorchServe 指标的地址，用于分析服务器内部的耗时。", valueName: "url"))
    var metrics: String?

    @Option(
        help: help(
            "PEM file of the authority that signed an https server's certificate.", "签发 https 服务器证书的 CA 的 PEM 文件。", valueName: "file"),
        completion: .file())
    var cacert: String?

    @Flag(help: help("Allow a server on another machine. Only with its owner's permission.", "允许其他机器作为目标。必须得到其所有者的许可。"))
    var anywhere = false

    var content: LoadContent {
        var content = LoadContent()
        content.bodies = body
        content.expectations = expect
        content.method = method
        content.headers = headers
        content.metrics = metrics
        content.authorityFile = cacert
        content.isAnywhere = anywhere
        return content
    }

    private var headers: HTTPHeaders {
        var headers = HTTPHeaders()
        for line in header {
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            if parts.count == 2 { headers.append(parts[0], String(parts[1].drop { $0 == " " })) }
        }
        return headers
    }

    mutating func validate() throws {
        for line in header where !line.contains(":") || line.hasPrefix(":") {
            throw ValidationError(said("--header takes `Name: value`.", "--header 的格式是 `名称: 值`。"))
        }
    }
}

/// A time with its unit: `10s`, `500ms`, `2m`, or seconds alone.
struct LoadTime: ExpressibleByArgument, Equatable {
    var seconds: Double

    init(seconds: Double) { self.seconds = seconds }

    init?(argument: String) {
        let units: [(suffix: String, factor: Double)] = [("ms", 0.001), ("s", 1), ("m", 60)]
        let unit = units.first { argument.hasSuffix($0.suffix) } ?? ("", 1)
        guard let number = Double(argument.dropLast(unit.suffix.count)), number.isFinite, number >= 0 else { return nil }
        seconds = number * unit.factor
    }

    var defaultValueDescription: String { seconds == seconds.rounded() ? "\(Int(shown: seconds))s" : "\(Int(shown: seconds * 1000))ms" }
}
