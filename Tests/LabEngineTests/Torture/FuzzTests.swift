import Foundation
import TestSupport
import Testing

@testable import ContainerEngine
@testable import Diagnosis
@testable import HTTPTransport
@testable import LabFile
@testable import LabRunner
@testable import LabSupport
@testable import LoadTest
@testable import Telemetry

/// Whatever comes from outside is read without a crash, an endless loop or a write to the wrong place, however damaged it is.
@Suite("Torture: inputs that nobody wrote", .timeLimit(.minutes(5)))
struct FuzzTests {
    @Test("Lab files") func labFiles() {
        var mutations = Mutations(for: "labFiles")
        mutations.run(400, of: [Array(MiniLab.yaml.utf8)]) { bytes in
            let load = LabSpecLoader.load(text: String(decoding: bytes, as: UTF8.self), file: "x.yaml", directory: "/nonexistent")
            #expect((load.spec == nil) == !load.errors.isEmpty)
            for diagnostic in load.diagnostics { _ = diagnostic.rendered(.zh) }
            if let spec = load.spec {
                _ = try? LabGraph(spec).select("all")
                _ = LabDemands(spec).lines
            }
        }
    }

    @Test("Outputs to diagnose") func outputs() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/Fixtures/symptoms"
        let texts = try Files.names(in: folder).map { try Files.read("\(folder)/\($0)") }
        var mutations = Mutations(for: "outputs")
        mutations.run(150, of: texts) { bytes in
            let findings = Diagnosis.diagnose(output: String(decoding: bytes, as: UTF8.self))
            for finding in findings { #expect(finding.evidence.map { !$0.text.contains("\u{1B}") } ?? true) }
        }
    }

    @Test("Journals of somebody else") func journals() throws {
        let folder = try TemporaryDirectory()
        let run = RunFolder(path: folder.path, number: 1)
        try folder.write("some output\n", to: "output.log")
        let journal = EventSamples.all.enumerated().map { index, sample in
            sample.line.replacingOccurrences(of: "\"seq\":1,", with: "\"seq\":\(index + 1),")
        }.joined(separator: "\n")
        var mutations = Mutations(for: "journals")
        try mutations.run(300, of: [Array((journal + "\n").utf8)]) { bytes in
            try Files.write(bytes, to: run.journal, durably: false)
            var progress = LabProgress()
            var telemetry = JournalTelemetry()
            let events = JournalReader.events(of: run)
            telemetry.take(events)
            for event in events {
                progress.apply(event)
                if case .output(let output) = event.payload { #expect(output.bytes(in: run).count <= 12) }
                #expect(!JSONText.object(event).unicodeScalars.contains { $0.hazard != nil })
            }
            _ = JournalReader.events(of: run, types: ["runStarted", "taskFinished"])
        }
    }

    @Test("Recorded samples") func samples() throws {
        var sample = TelemetrySample(time: 12.5)
        sample.host = HostSample()
        sample.host?.cores = [1, 2]
        sample.marks = [TelemetryMark(time: 12, kind: .epoch, text: Text(en: "e", zh: "轮"))]
        let line = Array(try sample.line.utf8)
        var mutations = Mutations(for: "samples")
        mutations.run(3000, of: [line]) { bytes in
            guard let read = TelemetrySample(line: bytes) else { return }
            _ = OpenMetricsText(read)
            _ = try? read.line
        }
    }

    @Test("Archives of an engine") func archives() throws {
        let inner = try TemporaryDirectory()
        try inner.write(String(repeating: "x", count: 700), to: "d/file")
        try inner.link("d/link", to: "file")
        var archive: [UInt8] = []
        let writer = try BuildContext(directory: inner.path).archive()
        var buffer = [UInt8](repeating: 0, count: 8192)
        while case let count = try buffer.withUnsafeMutableBytes({ try writer.read(into: $0) }), count > 0 { archive += buffer[..<count] }
        let outer = try TemporaryDirectory()
        try outer.write("x", to: "kept")
        var mutations = Mutations(for: "archives")
        try mutations.run(400, of: [archive]) { bytes in
            try Files.makeDirectory(outer.path + "/in")
            if let extractor = try? TarExtractor(destination: outer.path + "/in") {
                try? extractor.feed(bytes)
                try? extractor.finish()
            }
            #expect(Files.names(in: outer.path) == ["in", "kept"])
            try PathBelow("in", in: outer.path).remove()
        }
    }

    @Test("Patterns of a .dockerignore") func patterns() {
        let rules = ["*.md\n!README.md\na/**/z\n[a-c]x\n\\*x", "**/cache\n?.txt\nnode_modules\r\n"].map { Array($0.utf8) }
        let paths = ["a/b/c/README.md", "a/b/z", "数.txt", String(repeating: "a", count: 200)].map { Array($0.utf8) }
        var mutations = Mutations(for: "patterns")
        var names = Mutations(for: "names")
        mutations.run(3000, of: rules) { bytes in
            let ignore = DockerIgnore(String(decoding: bytes, as: UTF8.self))
            _ = ignore.decide(names.next(paths), under: ignore.root)
        }
    }

    @Test("Heads and bodies of responses") func responses() {
        let answers = [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello",
            "HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1f;x=y\r\n0123456789012345678901234567890\r\n0\r\n\r\n",
        ].map { Array($0.utf8) }
        var mutations = Mutations(for: "responses")
        mutations.run(10_000, of: answers) { bytes in
            var heads = HeadParser()
            for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
                _ = Array(line).withUnsafeBytes { heads.take($0) }
            }
            _ = ChunkedBody(bytes)
            var parser = AnswerParser()
            var body = AnswerBody()
            bytes.withUnsafeBytes { raw in
                var start = 0
                while start < raw.count {
                    guard let used = try? parser.feed(UnsafeRawBufferPointer(rebasing: raw[start...]), body: &body), used > 0 else {
                        return
                    }
                    start += used
                    if parser.isDone { parser.reset(method: false) }
                }
            }
        }
    }

    @Test("Pages of metrics") func metrics() {
        let page = """
            # HELP x A metric.
            # TYPE x counter
            x{model="mnist",level="a\\"b"} 12.5 1700000000000
            QueueTime{hostname="h"} NaN
            ts_inference_requests_total{model_name="m",} +Inf\r
            """
        var mutations = Mutations(for: "metrics")
        mutations.run(10_000, of: [Array(page.utf8)]) { bytes in
            let text = PrometheusText(String(decoding: bytes, as: UTF8.self))
            _ = ServerCounters.all(text, at: 1)
        }
    }

    @Test("JSON") func json() {
        let texts = [
            #"{"a":[1,2.5,-3e7,true,null,"x\u0041"],"b":{"c":{"d":[]}},"n":12345678901234567890}"#,
            #"[0.1,1e400,-0,{"":""}]"#,
        ].map { Array($0.utf8) }
        var mutations = Mutations(for: "json")
        mutations.run(10_000, of: texts) { bytes in
            _ = JSONText.changedNumber(in: bytes)
            _ = JSONValue(bytes)?.at("/b/c/d/0")?.scalar
        }
    }

    @Test("Output of programs") func output() {
        let pieces = ["\u{1B}[31mred\u{1B}[0m\n", "10%\r20%\r", "\u{1B}]0;t\u{7}x", "e\u{301}👩\u{200D}🔬\t汉\u{8}"].map { Array($0.utf8) }
        var mutations = Mutations(for: "output")
        mutations.run(20_000, of: pieces) { bytes in
            var lines = SafeLines()
            for line in lines.take(bytes) + [lines.finish() ?? ""] {
                let shown = line.unicodeScalars.filter { $0 != "\u{200C}" && $0 != "\u{200D}" }
                #expect(!shown.contains { $0.hazard != nil })
                #expect(!line.contains("\t"))
            }
        }
    }
}
