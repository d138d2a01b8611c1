import Foundation
import Glibc
import HTTPTransport
import LabRunner
import LabSupport
import Telemetry
import TestSupport
import Testing

@Suite("Telemetry: recorded, replayed, served")
struct RecordTests {
    private static func sample(_ time: Double) -> TelemetrySample {
        var sample = TelemetrySample(time: time)
        sample.host = HostSample()
        sample.host?.cores = [1, 2]
        sample.gpu.absence = Absence("gpu.none", Text(en: "none", zh: "无"))
        sample.marks = [TelemetryMark(time: time, kind: .epoch, text: Text(en: "epoch 1", zh: "第 1 轮"))]
        sample.insight = Text(en: "x", zh: "y")
        return sample
    }

    @Test("What was written is read again; a torn line is passed over")
    func roundTrip() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/telemetry.jsonl"
        let recorder = try #require(TelemetryRecorder(path: path))
        #expect(recorder.write(Self.sample(1)))
        try Files.write(try Files.read(path) + Array("{\"schema\":1,\"ti\n".utf8), to: path)
        let again = try #require(TelemetryRecorder(path: path))
        #expect(again.write(Self.sample(2)))
        #expect(try TelemetryRecord.samples(path) == [Self.sample(1), Self.sample(2)])
        let line = try #require(JSONValue(Array(try Self.sample(1).line.utf8)))
        #expect(line.at("/schema")?.scalar == "1")
        #expect(line.at("/gpu/absence/code")?.scalar == "gpu.none")
    }

    @Test("The newest of a recording are read from its end, whatever lies before them")
    func newest() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/t"
        let recorder = try #require(TelemetryRecorder(path: path))
        // Lines of some kilobytes, so that several blocks are read.
        let all = (1...300).map { number in
            var sample = Self.sample(Double(number))
            sample.insight = Text(en: String(repeating: "x", count: number * 40), zh: "")
            return sample
        }
        for sample in all { #expect(recorder.write(sample)) }
        for count in [1, 2, 150, 299, 300, 1000] {
            #expect(try TelemetryRecord.newest(count, of: path) == Array(all.suffix(count)), "\(count)")
        }
        try Files.write(try Files.read(path) + Array("{\"schema\":1,\"ti".utf8), to: path)
        #expect(try TelemetryRecord.newest(1, of: path) == [all[299]])
        #expect(try TelemetryRecord.newest(2, of: path) == [all[298], all[299]])
        try Files.write([], to: path)
        #expect(try TelemetryRecord.newest(5, of: path).isEmpty)
    }

    @Test("A spread is even over a file of any length, and reads of a long one only some places")
    func spread() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/t"
        let recorder = try #require(TelemetryRecorder(path: path))
        for number in 1...400 {
            var sample = Self.sample(Double(number))
            sample.insight = Text(en: String(repeating: "x", count: 4000), zh: "")
            #expect(recorder.write(sample))
        }
        for count in [1, 7, 20, 400, 1000] {
            let times = try TelemetryRecord.spread(count, of: path).map(\.time)
            #expect(times.count <= count && times.count >= min(count, 7), "\(count): \(times)")
            #expect(times == times.sorted() && Set(times).count == times.count)
            #expect((times.first ?? 0) == 1, "\(count)")
            if count > 6 { #expect((times.last ?? 0) > 340, "\(count): \(times)") }
        }
        try Files.write(Array("torn\n{\"schema\"".utf8), to: path)
        #expect(try TelemetryRecord.spread(5, of: path).isEmpty)
        #expect(throws: LabError.self) { try TelemetryRecord.spread(5, of: path + "x") }
    }

    @Test("An overview is even, ends with the end and leaves no event out")
    func overview() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/t"
        let recorder = try #require(TelemetryRecorder(path: path))
        for number in 1...1000 {
            var sample = Self.sample(Double(number))
            if number != 333, number != 777 { sample.marks = [] }
            #expect(recorder.write(sample))
        }
        let times = try TelemetryRecord.overview(100, of: path).map(\.time)
        #expect(times.count >= 100 && times.count <= 104)
        #expect(times.first == 1 && times.last == 1000)
        #expect(times.contains(333) && times.contains(777))
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 > $0 && $1 - $0 <= 11 })
        #expect(try TelemetryRecord.overview(5000, of: path).count == 1000)
    }

    @Test("A recording ends at its limit, and a file that cannot be written is none")
    func limit() throws {
        let folder = try TemporaryDirectory()
        let recorder = try #require(TelemetryRecorder(path: folder.path + "/t", limit: 600))
        var count = 0
        while recorder.write(Self.sample(Double(count))) { count += 1 }
        #expect(count >= 1)
        #expect(!recorder.write(Self.sample(0)))
        #expect(try TelemetryRecord.samples(folder.path + "/t").count == count)
        #expect(TelemetryRecorder(path: folder.path + "/no/such/folder") == nil)
    }

    @Test("The newest stay, in their order")
    func ring() {
        var ring = Ring<Int>(capacity: 3)
        #expect(ring.isEmpty && ring.last == nil && ring.elements == [])
        for number in 1...7 {
            ring.append(number)
            #expect(ring.elements == Array(max(1, number - 2)...number))
            #expect(ring.last == number)
        }
        #expect(ring.suffix(2) == [6, 7] && ring.suffix(9) == [5, 6, 7])
    }

    private static func event(_ sequence: Int, _ body: String) throws -> Event {
        let line = #"{"schema":1,"seq":\#(sequence),"time":\#(100 + sequence),"task":"3.5",\#(body)}"#
        return try JSONDecoder().decode(Event.self, from: Data(line.utf8))
    }

    @Test("A journal becomes numbers and marks")
    func journal() throws {
        var telemetry = JournalTelemetry()
        telemetry.take([
            try Self.event(1, #""type":"taskStarted","title":{"en":"Train","zh":"训练"},"expectedSeconds":1,"commands":[],"fingerprint":"""#),
            try Self.event(2, #""type":"metric","name":"loss","value":2.5,"epoch":1"#),
            try Self.event(3, #""type":"metric","name":"samples_per_second","value":900,"epoch":1"#),
            try Self.event(4, #""type":"metric","name":"accuracy","value":0.95,"epoch":1,"more":{"correct":95}"#),
        ])
        let training = try #require(telemetry.training)
        #expect((training.loss, training.samplesPerSecond, training.accuracy, training.epoch) == (2.5, 900, 0.95, 1))
        #expect(training.task == "3.5")
        let marks = telemetry.takeMarks()
        #expect(marks.map(\.kind) == [.taskStarted, .epoch])
        #expect(marks.map(\.time) == [101, 104])
        #expect(marks.map(\.text.en) == ["3.5 Train", "epoch 1"])
        #expect(telemetry.takeMarks().isEmpty)
        telemetry.take([try Self.event(5, #""type":"taskFinished","outcome":"succeeded","seconds":4,"fingerprint":"""#)])
        #expect(telemetry.training == nil)
        #expect(telemetry.takeMarks().map(\.text.zh) == ["3.5 训练：完成"])
    }

    @Test("The first marks of a run that begins later are news, and those from before the first look aren't")
    func newsOfALaterRun() throws {
        let home = try TemporaryDirectory()
        let workspace = try Workspace(root: home.path)
        let news = WorkspaceNews(workspace)
        #expect(news.read().marks.isEmpty)
        for number in 1...2 {
            let folder = try workspace.makeRun()
            let lock = try WorkspaceLock(workspace, run: folder.number)
            let writer = try JournalWriter(folder)
            let started = #""type":"taskStarted","title":{"en":"Train","zh":"训练"},"expectedSeconds":1,"commands":[],"fingerprint":"""#
            writer.append(try Self.event(1, started).payload, task: "3.5")
            if number == 1 { #expect(WorkspaceNews(workspace).read().marks.isEmpty) }
            #expect(news.read().marks.map(\.kind) == [.taskStarted])
            withExtendedLifetime(lock) {}
        }
    }

    @Test("Clients that send a byte now and then shut nobody out")
    func slowClients() async throws {
        let listener = try MetricsListener(host: "127.0.0.1", port: 0) { "ailab_x 1\n# EOF\n" }
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: listener.port, tls: nil)
        var clients: [Int32] = []
        defer { for client in clients { close(client) } }
        for _ in 0..<40 {
            let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(listener.port).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let failed = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
            }
            #expect(failed == 0)
            #expect(send(client, "G", 1, Int32(MSG_NOSIGNAL)) == 1)
            clients.append(client)
        }
        let answer = try await CurlHTTPClient.shared.send(HTTPRequest(method: "GET", endpoint: endpoint, target: "/metrics"))
        #expect(answer.head.status == 200)
        // The newest of them still has a whole deadline; it keeps sending, and is ended all the same.
        let last = try #require(clients.last)
        try await eventually {
            var byte: UInt8 = 0
            _ = send(last, "x", 1, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            return recv(last, &byte, 1, Int32(MSG_DONTWAIT)) == 0 || errno == ECONNRESET
        }
    }

    @Test("A page is served on loopback, to many and to rude clients")
    func listener() async throws {
        let listener = try MetricsListener(host: "127.0.0.1", port: 0) { "ailab_x 1\n# EOF\n" }
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: listener.port, tls: nil)
        func ask(_ method: String, _ target: String) async throws -> (Int, String, String?) {
            let answer = try await CurlHTTPClient.shared.send(HTTPRequest(method: method, endpoint: endpoint, target: target))
            let body = String(decoding: try await answer.body.collect(), as: UTF8.self)
            return (answer.head.status, body, answer.head.headers["Content-Type"])
        }
        let page = try await ask("GET", "/metrics?x=1")
        #expect(page.0 == 200 && page.1 == "ailab_x 1\n# EOF\n")
        #expect(page.2?.hasPrefix("application/openmetrics-text") == true)
        #expect(try await ask("GET", "/other").0 == 404)
        #expect(try await ask("DELETE", "/metrics").0 == 405)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<10 { group.addTask { try await ask("GET", "/metrics").0 } }
            for try await status in group { #expect(status == 200) }
        }
        for (host, status) in [
            ("localhost:9835", 200), ("127.0.0.1", 200), ("127.9.9.9:1", 200), ("[::1]:9835", 200), ("example.org", 421),
            ("127.0.0.1.example.org", 421), ("localhost.example.org:80", 421), ("192.168.0.1", 421),
        ] {
            let request = HTTPRequest(method: "GET", endpoint: endpoint, target: "/metrics", headers: ["Host": host])
            #expect(try await CurlHTTPClient.shared.send(request).head.status == status, "\(host)")
        }
        let taken = #expect(throws: LabError.self) { try MetricsListener(host: "127.0.0.1", port: listener.port) { "" } }
        #expect(taken?.code == .metricsPortTaken)
        #expect(#expect(throws: LabError.self) { try MetricsListener(host: "nowhere", port: 1) { "" } }?.code == .usageAddress)
    }
}
