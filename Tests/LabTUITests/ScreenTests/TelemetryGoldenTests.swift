import LabSupport
import LabTUI
import Telemetry
import TestSupport
import Testing

@Suite struct TelemetryGoldenTests {
    private static let sizes = [(200, 60), (160, 50), (120, 40), (80, 24), (60, 15), (48, 12), (30, 6)]

    private static func model(_ kind: SampleScene.Kind, _ columns: Int, _ rows: Int, _ language: Language, look: Look = Look())
        -> TopModel
    {
        CellWidth.prepare()
        var model = TopModel(size: Size(columns: columns, rows: rows), settings: Settings(language: language, look: look))
        _ = TopUpdate.update(&model, .telemetry(SampleScene.samples(kind)))
        return model
    }

    @Test(arguments: Language.allCases) func top(_ language: Language) {
        for (columns, rows) in Self.sizes {
            let processor = TopView.view(Self.model(.processor, columns, rows, language))
            expectGolden(processor, "top-cpu-\(columns)x\(rows)-\(language.rawValue)")
            let gpu = TopView.view(Self.model(.gpu, columns, rows, language))
            expectGolden(gpu, "top-gpu-\(columns)x\(rows)-\(language.rawValue)")
        }
    }

    @Test(arguments: Language.allCases) func text(_ language: Language) throws {
        for columns in [120, 60] {
            let sample = try #require(SampleScene.samples(.gpu).last)
            let lines = TelemetryText(sample, language).lines(columns: columns)
            expectGolden(lines.joined(separator: "\n"), "top-once-\(columns)-\(language.rawValue)")
            #expect(lines.allSatisfy { CellWidth.of($0) <= columns })
        }
    }

    private static func clusterModel(_ nodes: Int, _ columns: Int, _ rows: Int, _ language: Language, look: Look = Look()) -> TopModel {
        CellWidth.prepare()
        var model = TopModel(size: Size(columns: columns, rows: rows), settings: Settings(language: language, look: look))
        _ = TopUpdate.update(&model, .telemetry(ClusterScene.samples(nodes: nodes)))
        return model
    }

    /// The four nodes of a lab, and a cluster of which no screen can list everything.
    @Test(arguments: Language.allCases, [4, 100]) func cluster(_ language: Language, _ nodes: Int) throws {
        for (columns, rows) in Self.sizes {
            let model = Self.clusterModel(nodes, columns, rows, language)
            expectGolden(TopView.view(model), "top-cluster-\(nodes)-\(columns)x\(rows)-\(language.rawValue)")
        }
        let sample = try #require(ClusterScene.samples(nodes: nodes).last)
        for columns in [120, 78, 48] {
            let lines = TelemetryText(sample, language).lines(columns: columns)
            #expect(lines.allSatisfy { CellWidth.of($0) <= columns })
            // Whatever is left out is counted, and each reason keeps the scheduler's word.
            let text = lines.joined(separator: "\n")
            #expect(text.contains("Resources") && text.contains("node4"))
            if nodes == 100 { #expect(text.contains(language == .en ? "and 88 more" : "另有 88 个")) }
        }
    }

    /// Each curve names its cluster, and one without jobs has none.
    @Test func severalClusters() {
        CellWidth.prepare()
        var samples = ClusterScene.samples(nodes: 4)
        for index in samples.indices {
            var other = samples[index].schedulers[0]
            (other.name, other.title) = ("training", Text(en: "Training cluster", zh: "训练集群"))
            (other.waiting, other.running, other.totals.waiting, other.totals.running) = ([], [], 0, index == 100 ? 1 : 0)
            samples[index].schedulers.append(other)
        }
        let shown = { (samples: [TelemetrySample]) in
            var model = TopModel(size: Size(columns: 160, rows: 50), settings: Settings(language: .en, look: Look()))
            _ = TopUpdate.update(&model, .telemetry(samples))
            return TopView.view(model).plainText
        }
        #expect(shown(samples).contains("Training cluster: running") && shown(samples).contains("Experiment cluster: GPU"))
        let quiet = shown(Array(samples[101...]))
        #expect(!quiet.contains("Training cluster: running") && quiet.contains("Training cluster: 4 nodes"))
        #expect(quiet.contains("Experiment cluster: waiting"))
    }

    @Test func clusterInPlainCharacters() {
        for (columns, rows) in [(120, 40), (80, 24)] {
            let frame = TopView.view(Self.clusterModel(100, columns, rows, .en, look: Look(theme: .mono, glyphs: .ascii)))
            expectGolden(frame, "top-cluster-ascii-\(columns)x\(rows)")
            #expect(frame.plainText.unicodeScalars.allSatisfy { $0.isASCII })
        }
    }

    @Test func aSchedulerThatCannotBeAskedSaysWhy() throws {
        var sample = TelemetrySample(time: 1)
        sample.schedulers = [SchedulerSample(name: "x", title: Text(en: "Cluster", zh: "集群"))]
        sample.schedulers[0].absence = Absence("scheduler.failed", Text(en: "`squeue` failed: no host", zh: "`squeue` 失败：no host"))
        let text = TelemetryText(sample, .zh).lines(columns: 80).joined(separator: "\n")
        #expect(text.contains("集群：`squeue` 失败：no host") && !text.contains("等待的作业"))
    }

    @Test func plainCharacters() {
        let frame = TopView.view(Self.model(.gpu, 100, 30, .en, look: Look(theme: .mono, glyphs: .ascii)))
        expectGolden(frame, "top-ascii")
        #expect(frame.plainText.unicodeScalars.allSatisfy { $0.isASCII })
    }

    @Test func before() {
        let model = TopModel(size: Size(columns: 80, rows: 24), settings: Settings(language: .en, look: Look()))
        #expect(TopView.view(model).plainText.contains("Measuring"))
    }

    /// No column moves whatever the numbers are.
    @Test func nothingJumpsAbout() {
        CellWidth.prepare()
        for value in [0, 0.04, 9.96, 99.94, 99.96, 512, 999.4, 999.6, 1e3, 99_960, 1e6, 123e6, 999.7e6, 8.2e9, 1e12] {
            #expect(CellWidth.of(Measure.bytes(value)) == 7, "\(value)")
            #expect(CellWidth.of(Measure.rate(value)) == 9, "\(value)")
        }
        for value in [nil, 0, 0.4, 3, 42.5, 100, 198.4, 6400] as [Double?] { #expect(CellWidth.of(Measure.percent(value)) == 6) }
        for value in [nil, 0, 0.04, 9.96, 99.94, 99.96, 1234] as [Double?] { #expect(CellWidth.of(Measure.milliseconds(value)) == 8) }
    }

    @Test func keys() {
        var model = Self.model(.gpu, 80, 24, .en)
        let first = TopView.view(model)
        _ = TopUpdate.update(&model, .key(.character("p")))
        var later = SampleScene.samples(.gpu)[119]
        later.time += 5
        later.insight = Text(en: "later", zh: "之后")
        _ = TopUpdate.update(&model, .telemetry([later]))
        // Paused: the picture stands still but for the word.
        #expect(!TopView.view(model).plainText.contains("later"))
        #expect(TopView.view(model).plainText.contains("paused"))
        _ = TopUpdate.update(&model, .key(.character("p")))
        #expect(TopView.view(model).plainText.contains("later"))
        _ = TopUpdate.update(&model, .key(.character("L")))
        #expect(TopView.view(model).plainText.contains("之后"))
        _ = TopUpdate.update(&model, .key(.character("-")))
        #expect(TopView.view(model).plainText.contains("-5:00"))
        for _ in 0..<100 { _ = TopUpdate.update(&model, .key(.down)) }
        for _ in 0..<200 { _ = TopUpdate.update(&model, .key(.up)) }
        #expect(model.offset == 0)
        #expect(first.size == Size(columns: 80, rows: 24))
        #expect(TopUpdate.update(&model, .key(.character("q"))) == .quit)
        #expect(TopUpdate.update(&model, .key(.control("c"))) == .quit)
        #expect(TopUpdate.update(&model, .terminated) == .quit)
        #expect(TopUpdate.update(&model, .key(.control("z"))) == .stop)
        #expect(TopUpdate.update(&model, .key(.character("~"))) == nil)
    }

    /// A load test that has ended stays on the axis as long as the axis goes back to it.
    @Test func whatALoadTestTookStaysInSight() {
        CellWidth.prepare()
        var model = TopModel(size: Size(columns: 160, rows: 50), settings: Settings(language: .en, look: Look()))
        var samples = SampleScene.samples(.gpu)
        for index in 60..<120 { samples[index].requests.removeAll { $0.isLoad } }
        _ = TopUpdate.update(&model, .telemetry(samples))
        #expect(TopView.view(model).plainText.contains("Latency 127.0.0.1:8080"))
        model.span = 30
        #expect(!TopView.view(model).plainText.contains("Latency"))
    }

    @Test func anEngineThatHasNotAnsweredIsNotAnEmptyOne() throws {
        var sample = TelemetrySample(time: 1)
        sample.containers.absence = Absence(TelemetrySampler.silentEngineCode, Text(en: "It hasn't answered.", zh: "尚未响应。"))
        let text = TelemetryText(sample, .en).lines(columns: 80).joined(separator: "\n")
        #expect(text.contains("It hasn't answered.") && !text.contains("No containers are running"))
    }

    @Test func socketsThatWereOnlyTriedAreNotServers() throws {
        var sample = TelemetrySample(time: 1)
        var used = RequestSample(sender: "top", server: "/run/docker.sock")
        used.total.statuses = ["2xx": 3]
        var tried = RequestSample(sender: "top", server: "/run/podman/podman.sock")
        tried.total.failures = ["connect": 1]
        sample.requests = [used, tried]
        let text = TelemetryText(sample, .en).lines(columns: 100).joined(separator: "\n")
        #expect(text.contains("docker.sock") && !text.contains("podman.sock"))
        sample.requests = [tried]
        #expect(!TelemetryText(sample, .en).lines(columns: 100).joined().contains("AILAB SENDS"))
    }

    @Test func theTabIsTheSameView() throws {
        for language in Language.allCases {
            for (columns, rows) in [(200, 60), (120, 40), (80, 24), (60, 15)] {
                var session = try Session.started(columns, rows, language)
                session.press("t")
                session.take(.telemetry(SampleScene.samples(.processor)))
                expectGolden(session.frame, "telemetry-live-\(columns)x\(rows)-\(language.rawValue)")
            }
        }
    }

    @Test func aClusterInTheTab() throws {
        for language in Language.allCases {
            for (columns, rows) in [(200, 60), (120, 40), (80, 24)] {
                var session = try Session.started(columns, rows, language)
                session.press("t")
                session.take(.telemetry(ClusterScene.samples(nodes: 4)))
                expectGolden(session.frame, "telemetry-cluster-\(columns)x\(rows)-\(language.rawValue)")
            }
        }
    }

    @Test func measuresOnlyWhileTheTabIsOpen() throws {
        var session = try Session.started(120, 40)
        session.press("t")
        #expect(session.effects.count { $0 == .startTelemetry } == 1)
        session.press("t")
        #expect(session.effects.count { $0 == .startTelemetry } == 1)
        session.press("o")
        #expect(session.effects.last == .stopTelemetry)
        session.press("]")
        #expect(session.effects.count { $0 == .startTelemetry } == 1)
        // By whatever way it is opened.
        session.press("]]")
        #expect(session.effects.count { $0 == .startTelemetry } == 2)
    }

    @Test func theLoopPaintsSamplesAndLeaves() async throws {
        let screen = FakeScreen(Size(columns: 80, rows: 24))
        let mailbox = Mailbox<AppEvent>()
        let (stream, post) = AsyncStream.makeStream(of: TelemetrySample.self)
        let model = TopModel(size: Size(columns: 80, rows: 24), settings: Settings(language: .en, look: Look()))
        let program = Task { try await TopLoop(screen: screen, mailbox: mailbox).run(model, samples: stream) }
        for sample in SampleScene.samples(.processor) { post.yield(sample) }
        for _ in 0..<2000 where await !screen.text.contains("lab5-training") { try await Task.sleep(for: .milliseconds(5)) }
        #expect(await screen.text.contains("lab5-training"))
        mailbox.send(.key(.control("l")))
        mailbox.send(.key(.character("q")))
        try await program.value
        #expect(await screen.calls == ["open", "redraw", "close"])
    }
}
