import Foundation
import TestSupport
import Testing

@testable import ContainerEngine
@testable import Doctor
@testable import LabFile
@testable import LabReport
@testable import LabRunner
@testable import LabSupport
@testable import Telemetry

/// Numbers that a program can hold but not compute with, from journals, samples, engines, servers and labs.
@Suite("Torture: numbers of others", .timeLimit(.minutes(2)))
struct ForeignNumberTests {
    private let home: TemporaryDirectory

    init() throws { home = try TemporaryDirectory() }

    private func output(_ sequence: Int, length: Int) -> String {
        #"{"length":\#(length),"offset":0,"schema":1,"seq":\#(sequence),"stream":"stdout","task":"1.1","time":3,"type":"output"}"#
    }

    private func metric(_ sequence: Int, time: String = "3") -> String {
        #"{"name":"loss","schema":1,"seq":\#(sequence),"task":"1.1","time":\#(time),"type":"metric","value":1}"#
    }

    private func read(_ lines: [String]) throws -> [Event] {
        try home.write(lines.map { $0 + "\n" }.joined(), to: "journal.jsonl")
        return JournalReader.events(of: RunFolder(path: home.path, number: 1))
    }

    @Test("Lines of a journal with lengths, offsets, numbers and times that nobody wrote aren't events")
    func journal() throws {
        let lengths = try read((1...20).map { output($0, length: 999_999_999_999_999_999) } + [output(21, length: 5)])
        var progress = LabProgress()
        for event in lengths { progress.apply(event) }
        #expect(progress.records["1.1"]?.outputLength == 5)
        #expect(try read([output(1, length: -5), metric(2), metric(.max), metric(3, time: "1e300"), metric(4, time: "-5")]).count == 1)
        #expect(try read([metric(2).replacingOccurrences(of: "1}", with: "123456789012345678.5}")]).count == 1)
    }

    @Test("A journal goes on after a line with the largest number") func ends() throws {
        let workspace = try Workspace(root: home.path)
        let journal = WorkspaceJournal(workspace, lab: "mini")
        try home.write(metric(.max) + "\n", to: "events/mini.jsonl")
        try journal.append(.taskUnskipped(TaskUnskipped()), task: "1.1")
        #expect(journal.events.map(\.sequence) == [1])
        try home.write(metric(.max) + "\n" + metric(3) + "\n" + output(4, length: 1) + "\n", to: "events/mini.jsonl")
        let account = JournalAccount(path: workspace.events(lab: "mini"), skipping: ["output"])
        #expect(account.unreadable == 1 && account.events.count == 1)
    }

    @Test("A sample with impossible numbers is no sample") func samples() throws {
        var sample = TelemetrySample(time: 5)
        sample.host = HostSample()
        let line = try sample.line
        #expect(TelemetrySample(line: line.utf8) != nil)
        #expect(TelemetrySample(line: line.replacingOccurrences(of: "\"time\":5", with: "\"time\":1e300").utf8) == nil)
        #expect(
            TelemetrySample(line: line.replacingOccurrences(of: "\"processors\":0", with: "\"processors\":9223372036854775807").utf8) == nil
        )
    }

    @Test("Counters of a container that exceed every number when added up") func stats() throws {
        let text =
            #"{"networks":{"a":{"rx_bytes":18446744073709551615,"tx_bytes":1},"b":{"rx_bytes":5,"tx_bytes":2}},"#
            + #""blkio_stats":{"io_service_bytes_recursive":[{"op":"Read","value":18446744073709551615},{"op":"read","value":9}]}}"#
        let stats = try JSONDecoder().decode(ContainerStats.self, from: Data(text.utf8))
        #expect(stats.network.received == .max && stats.network.sent == 3 && stats.disk.read == .max)
        #expect([Int64.max, 5].clampedSum == .max && [Int64.min, -5].clampedSum == .min && [1, 2].clampedSum == 3)
    }

    @Test("A date of a server") func date() {
        #expect(HTTPDate.seconds("Sun, 22 Nov 2026 9999999999999999:0:0 GMT") == nil)
        #expect(HTTPDate.seconds("Sun, 22 Nov 2026 00:-1:00 GMT") == nil)
    }

    @Test("A folder of runs with the largest number makes neither a long report nor a run that nobody finds")
    func lastRun() throws {
        let spec = Mini.spec([Mini.task("1.1", .exec(LabExecAction(container: "c", command: ["true"])), checks: [.engine])])
        let report = try ReportScene.report(spec, [ReportScene.run(3, []), ReportScene.run(999_999_999, [])])
        let gone = try #require(report?.cautions.first { $0.code == "run.gone" })
        #expect(gone.runs.count == 1000 && gone.runs.last == 999_999_998)
        #expect(try ReportScene.report(spec, [ReportScene.run(3, [])])?.cautions.first { $0.code == "run.gone" }?.runs == [1, 2])
        let workspace = try Workspace(root: home.path)
        try Files.makeDirectory("\(home.path)/runs/999999999")
        #expect(throws: LabError.self) { try workspace.makeRun() }
    }

    @Test(
        "Rates, seconds and counts of a lab that no machine can do",
        arguments: ["rate: 1e300", "rate: nan", "canary: 900000000000000000", "canary: -3"])
    func lab(_ change: String) throws {
        let key = String(change.prefix { $0 != ":" })
        let text = try Files.text("\(Program.checkout)/labs/lab5.yaml")
        let changed = text.replacing(try Regex("(?m)^( +)\(key): .*$"), maxReplacements: 1) { "\($0.output[1].substring ?? "")\(change)" }
        #expect(changed != text)
        let load = LabSpecLoader.load(text: changed, file: "lab5.yaml", directory: "\(Program.checkout)/labs/lab5")
        #expect(load.spec == nil)
    }

    @Test("A value that the student set for a rate", arguments: ["1e300", "0", "-1", "nan", "x", "inf"]) func value(_ text: String) {
        #expect(throws: LabError.self) { try ModelLoad.number(text) }
        #expect((try? ModelLoad.number("2.5")) == 2.5)
    }
}
