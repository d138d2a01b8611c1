import Foundation
import TestSupport

@testable import LabFile
@testable import LabReport
@testable import LabRunner
@testable import LabSupport

/// A class of students: each has a workspace with two runs, and submits a report.
struct GradingScene: Sendable {
    let folder: TemporaryDirectory
    static let environment = ["HOME": "/home/student", "USER": "student"]
    static let made = 1_795_400_000.0

    init() throws { folder = try TemporaryDirectory() }

    static let seed = LabVariable(name: "seed", text: Text(verbatim: "Seed"), value: "1", perStudent: .between(1000, 999_999))
    static let spec = Mini.spec(
        [
            Mini.task("1.1"),
            Mini.task(
                "1.2", .run(LabRunAction(LabContainer(image: "a", name: "c", command: ["train", "${seed}"]))),
                checks: [.image(reference: "a")]),
        ], variables: [seed])

    /// The seed of a student.
    static func seed(of student: String) -> String {
        seed.perStudent?.value(of: student, lab: spec.id, variable: "seed") ?? ""
    }

    var submissions: String { "\(folder.path)/submissions" }

    /// Writes the journals of a student's workspace. `clock` are the seconds at which the runs begin. `student` is who says to be at work;
    /// nil for the student of that number. `early`: whoever the first run took for the student; it only did 1.1, and its last attempt counts.
    func workspace(
        _ number: Int, clock: [Double] = [0, 100], hints: Int = 0, student: String? = nil, early: String? = nil
    ) throws -> Workspace {
        let workspace = try Workspace(root: "\(folder.path)/home\(number)")
        for start in clock {
            let run = try workspace.makeRun()
            let time = Locked(Self.made - 10_000 + Double(number) + start)
            let journal = try JournalWriter(
                run,
                clock: {
                    time.withLock { time in
                        defer { time += 1 }
                        return time
                    }
                })
            let isEarly = early != nil && start == clock.first
            let name = (isEarly ? early : student) ?? "Student \(number)"
            journal.append(Mini.started(run: run.number, studentValues: ["seed": Self.seed(of: name)]))
            if isEarly {
                journal.append(Mini.taskStarted("e\(number)"), task: "1.1")
                journal.append(Mini.taskFinished(.succeeded, "e\(number)"), task: "1.1")
                journal.append(.runFinished(RunFinished(outcome: .succeeded, exitCode: 0, seconds: 3)))
                continue
            }
            journal.append(Mini.taskStarted("f\(number)"), task: "1.2")
            let id = SHA256.hex(of: "\(number) \(run.number)".utf8)
            journal.append(.created(Created(kind: .container, name: "c", id: id)), task: "1.2")
            let top = [Prediction.Label(label: "cat", probability: 0.9)]
            journal.append(
                .prediction(
                    Prediction(model: "m", picture: "cat.jpg", expected: ["cat"], top: top, right: true, seconds: 0.1)), task: "1.2")
            journal.append(.metric(Metric(name: "accuracy", value: 0.9 + Double(number) / 10_000)), task: "1.2")
            journal.append(Mini.taskFinished(.succeeded, "f\(number)"), task: "1.2")
            journal.append(.runFinished(RunFinished(outcome: .succeeded, exitCode: 0, seconds: 6)))
        }
        let notes = WorkspaceJournal(workspace, lab: "mini")
        for hint in 0..<hints {
            let opened = EventPayload.hintOpened(HintOpened(number: hint + 1, all: 3, level: .pointer))
            try notes.append([("1.2", opened)], at: Self.made - 9000 + Double(hint))
        }
        return workspace
    }

    /// The report of a workspace, on a machine with these names.
    func report(_ workspace: Workspace, _ author: String, machine: [String] = []) throws -> LabReport {
        let journals = workspace.runs.map { ReportJournal(number: $0.number, account: JournalAccount(of: $0, skipping: ["output"])) }
        let lab = LabReport.Lab(id: "mini", title: Text(verbatim: "Mini"), file: "/lab.yaml", sha256: nil, digest: "d1")
        let report = LabReport(
            Self.spec, lab: lab, journals: journals, notes: JournalAccount(path: workspace.events(lab: "mini")),
            censor: ReportCensor(environment: Self.environment, journals: journals, machine: machine), version: "1", made: Self.made,
            author: author, workspace: workspace.id, living: nil)
        guard let report else { preconditionFailure("the journals hold runs") }
        return report
    }

    /// Submits a text, in a folder of the student as course systems make them.
    func submit(_ text: String, _ name: String, _ format: ReportFormat = .json) throws {
        try submit(Array(text.utf8), name, "report.\(format.rawValue)")
    }

    func submit(_ bytes: [UInt8], _ name: String, _ file: String) throws {
        try Files.makeDirectory("\(submissions)/\(name)")
        try Files.write(bytes, to: "\(submissions)/\(name)/\(file)", durably: false)
    }

    /// Rewrites a journal line by line.
    static func change(_ path: String, _ work: (inout [String]) -> Void) throws {
        var lines = try Files.text(path).split(separator: "\n").map(String.init)
        work(&lines)
        try Files.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: path)
    }

    /// Gives every line a new link, as a student with a program of their own could.
    static func chainAgain(_ lines: inout [String], from first: String = JournalChain.origin) -> String {
        var link = first
        for index in lines.indices {
            let rest = lines[index].hasPrefix("{\"chain\"") ? "{" + lines[index].dropFirst(10 + 64 + 2) : lines[index]
            lines[index] = String(decoding: JournalChain.linked(rest.utf8, to: link), as: UTF8.self)
            link = SHA256.hex(of: lines[index].utf8)
        }
        return link
    }
}
