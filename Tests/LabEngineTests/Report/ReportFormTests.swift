import TestSupport
import Testing

@testable import LabFile
@testable import LabReport
@testable import LabSupport
@testable import Telemetry

/// Names, times and files.
@Suite struct ReportFormTests {
    @Test func theEndingChoosesTheForm() {
        let forms: [(String, ReportFormat?)] = [
            ("a.md", .markdown), ("a.MARKDOWN", .markdown), ("x/a.html", .html), ("a.htm", .html), ("a.json", .json), ("a.pdf", nil),
            ("a", nil),
            (".html", nil), ("dir.html/a", nil),
        ]
        for (path, form) in forms { #expect(ReportFormat(path: path) == form, "\(path)") }
    }

    @Test func timesAreTheReaders() {
        let words = ReportWords(language: .en, utcOffset: 28800)
        #expect(words.moment(1_795_377_203.046) == "2026-11-23 03:53:23")
        #expect(words.zone == "UTC+08:00")
        #expect(ReportWords(language: .en, utcOffset: -12600).zone == "UTC-03:30")
        let utc = ReportWords(language: .zh, utcOffset: 0)
        #expect(utc.moment(951_782_400) == "2000-02-29 00:00:00")
        #expect(utc.moment(-1) == "1969-12-31 23:59:59")
        #expect([0.2, 59, 60, 3725].map { words.duration($0) } == ["under 1 s", "59 s", "1 min 0 s", "1 h 2 min"])
        #expect(utc.duration(3725) == "1 小时 2 分")
    }

    @Test func neighboursAreDrawnTogether() {
        let order: [TaskID] = ["1.1", "1.2", "1.3", "2.1", "2.2"]
        let words = ReportWords(language: .en, utcOffset: 0)
        #expect(words.tasks(["1.1", "1.2"], of: order) == "1.1, 1.2")
        #expect(words.tasks(["1.2", "1.3", "2.1", "9.9"], of: order) == "1.2–2.1, 9.9")
        #expect(words.tasks(order, of: order) == "all sub-steps")
    }

    @Test func aFolderIsNotOverwritten() throws {
        let home = try TemporaryDirectory()
        let run = try ReportScene.run(1, [("1.1", Mini.taskStarted())])
        let report = try #require(try ReportScene.report(Mini.spec([Mini.task("1.1")]), [run]))
        #expect(throws: LabError.self) { try report.write(to: home.path, .html, language: .en, utcOffset: 0) }
        try report.write(to: "\(home.path)/r.html", .html, language: .en, utcOffset: 0)
        #expect(try Files.text("\(home.path)/r.html").hasPrefix("<!DOCTYPE html>"))
        #expect(Files.names(in: home.path) == ["r.html"], "nothing is left beside it")
    }

    @Test func peaksAreOfTheLabsOwnContainers() {
        var sample = TelemetrySample(time: 1)
        sample.host = HostSample()
        sample.host?.cpu = 150
        var own = ContainerSample(id: "1", name: "lab-train", image: "i")
        (own.task, own.cpu, own.memory) = ("3.5", 90, 1e9)
        sample.containers.list = [own, ContainerSample(id: "2", name: "someone-else", image: "i")]
        var later = sample
        later.host?.cpu = .nan
        later.containers.list[0].memory = 2e9
        let peaks = ReportPeaks.fold([sample, later], ReportCensor(environment: [:], hosts: []))
        #expect(peaks.cpu == 150 && peaks.samples == 2)
        #expect(peaks.containers == [LabReport.Peaks.Container(name: "lab-train", task: "3.5", cpu: 90, memory: 2e9)])
    }

    @Test func theLabsDigestIsThatOfItsFilesAndNotOfItsDemo() throws {
        let home = try TemporaryDirectory()
        try home.write("schema: 1", to: "x.yaml")
        try home.write("FROM a", to: "x/Dockerfile")
        let digest = LabDigest.hex(of: "\(home.path)/x.yaml", "\(home.path)/x")
        try home.write("{}", to: "x/demo/journal.jsonl")
        try home.write("", to: "x/train/__pycache__/a.pyc")
        #expect(LabDigest.hex(of: "\(home.path)/x.yaml", "\(home.path)/x") == digest)
        try home.write("FROM b", to: "x/Dockerfile")
        #expect(LabDigest.hex(of: "\(home.path)/x.yaml", "\(home.path)/x") != digest)
    }
}
