import Foundation
import TestSupport
import Testing

@testable import LabFile
@testable import LabReport
@testable import LabRunner
@testable import LabSupport
@testable import Telemetry

/// Reports of journals that a test writes, and of recorded ones.
enum ReportScene {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
    static let golden = tests.appending(path: "LabEngineTests/Fixtures/report")
    static let environment = ["HOME": "/home/student", "USER": "student", "CI_JOB_TOKEN": "hunter2hunter2"]

    static func expectGolden(_ actual: String, _ name: String, at location: SourceLocation = #_sourceLocation) {
        guard let difference = GoldenFile.difference(actual, golden.appending(path: name)) else { return }
        Issue.record("\(difference)", sourceLocation: location)
    }

    /// The runs recorded for the screens, as those of one workspace.
    static func recorded() throws -> LabReport {
        let fixtures = tests.appending(path: "LabTUITests/Fixtures")
        let text = try String(contentsOf: fixtures.appending(path: "lab5.yaml"), encoding: .utf8)
        let directory = tests.appending(path: "../labs/lab5").standardizedFileURL.path
        let spec = try #require(LabSpecLoader.load(text: text, file: "lab5.yaml", directory: directory).spec)
        let names = ["unreachable", "first", "refused", "train", "serve"]
        let journals = names.enumerated().map { index, name in
            let folder = RunFolder(path: fixtures.appending(path: name).path, number: index + 1)
            return ReportJournal(number: index + 1, account: JournalAccount(of: folder, skipping: ["output", "progress"]))
        }
        var report = try #require(try Self.report(spec, journals))
        var host = TelemetrySample(time: 1)
        host.host = HostSample()
        host.host?.cpu = 187.4
        host.host?.processors = 2
        host.host?.memory = HostMemory(total: 8e9, used: 3.21e9, swapTotal: 0, swapUsed: 0)
        var container = ContainerSample(id: "ac6221", name: "lab5-student-training", image: "train_dl:latest")
        (container.task, container.cpu, container.memory) = ("3.5", 183, 6.3e8)
        host.containers.list = [container]
        report.runs[3].peaks = ReportPeaks.fold([host], ReportCensor(environment: environment, hosts: []))
        return report
    }

    static func report(
        _ spec: LabSpec, _ journals: [ReportJournal], notes: [(TaskID?, EventPayload)] = [], at time: Double = 9000, living: Int? = nil,
        author: String = "Ada", digest: String = "d1"
    ) throws -> LabReport? {
        let lab = LabReport.Lab(
            id: spec.id, title: spec.title, file: "/home/student/labs/lab.yaml", sha256: String(repeating: "5", count: 64), digest: digest)
        return LabReport(
            spec, lab: lab, journals: journals, notes: try account(Mini.events(notes, from: time)),
            censor: ReportCensor(environment: environment, journals: journals, machine: []),
            version: "1",
            made: 1_795_400_000, author: author, living: living)
    }

    /// A run of the lab `mini` as its journal would have it.
    static func run(
        _ number: Int, _ payloads: [(TaskID?, EventPayload)], ends: EventPayload? = Mini.runFinished, options: RunOptions = RunOptions(),
        selection: String = "all", digest: String? = "d1"
    ) throws -> ReportJournal {
        let start = EventPayload.runStarted(
            RunStarted(
                run: number, lab: "mini", labFile: "/lab.yaml", version: "1", pid: 1, selection: selection, options: options, tasks: [],
                labDigest: digest))
        let all = [(nil, start)] + payloads + (ends.map { [(nil, $0)] } ?? [])
        return ReportJournal(number: number, account: try account(Mini.events(all, from: Double(number) * 1000)))
    }

    /// The account of a journal that holds these events.
    static func account(_ events: [Event], torn: String = "") throws -> JournalAccount {
        try account(events, torn: Array(torn.utf8))
    }

    static func account(_ events: [Event], torn: [UInt8]) throws -> JournalAccount {
        let folder = try TemporaryDirectory()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try events.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
        let run = RunFolder(path: folder.path, number: 1)
        try Files.write(Array(lines.joined().utf8) + torn, to: run.journal)
        return JournalAccount(of: run, skipping: ["output", "progress"])
    }

    static func text(_ report: LabReport, _ format: ReportFormat, _ language: Language = .en) -> String {
        report.text(format, language: language, utcOffset: 28800)
    }
}

extension LabReport {
    func task(_ id: TaskID) throws -> SubStep { try #require(tasks.first { $0.id == id }) }
    func caution(_ code: String) -> Caution? { cautions.first { $0.code == code } }
}
