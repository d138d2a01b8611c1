import Foundation
import TestSupport
import Testing

@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// What happens outside of runs, and how it and the runs are read together.
@Suite struct WorkspaceJournalTests {
    private let a: TaskID = "1.1"

    @Test func allJournalsOfALabAreFoldedTogether() throws {
        let home = try TemporaryDirectory()
        let workspace = try Workspace(root: home.path)
        for _ in 0..<3 {
            let folder = try workspace.makeRun()
            let journal = try JournalWriter(folder)
            journal.append(Mini.started(run: folder.number))
            journal.append(Mini.taskStarted(), task: a)
            journal.output(Array("noise\n".utf8), .stdout, task: a)
            journal.append(Mini.taskFinished(.succeeded, "f\(folder.number)"), task: a)
            if folder.number == 1 { journal.append(Mini.runFinished) }
        }
        let spec = Mini.spec([Mini.task(a)])
        let before = LabProgress(workspace, spec, before: 3)
        #expect(before.success(of: a)?.fingerprint == "f2")
        #expect(before.interrupted == LabProgress.Interrupted(run: 2, tasks: []))
        #expect(LabProgress(workspace, lab: "other") == LabProgress())
        try WorkspaceJournal(workspace, lab: "mini").append(.looked(Looked(.gone)), task: a)
        #expect(LabProgress(workspace, spec).state(of: a) == .noLonger(.gone))
        let lock = try WorkspaceLock(workspace, run: 3)
        #expect(LabProgress(workspace, spec).run?.isAlive == true)
        withExtendedLifetime(lock) {}
    }

    @Test func journalsThatAreNotOursAreLeftOut() throws {
        let home = try TemporaryDirectory()
        let journals = LabJournals(try Workspace(root: home.path), lab: "mini")
        #expect(journals.isOurs(Mini.events([(nil, Mini.started(run: 1))])))
        #expect(!journals.isOurs(Mini.events([(nil, Mini.started(run: 1, lab: "other"))])))
        #expect(!journals.isOurs(Mini.events([(a, Mini.taskFinished(.succeeded))])))
        #expect(!journals.isOurs([]))
    }

    @Test func manyWriteAtOnceAndEveryLineHasItsNumber() async throws {
        let home = try TemporaryDirectory()
        let journal = WorkspaceJournal(try Workspace(root: home.path), lab: "mini")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    for _ in 0..<10 { try? journal.append([("1.1", .taskSkipped(TaskSkipped())), ("1.1", .looked(Looked(.open)))]) }
                }
            }
        }
        #expect(journal.events.map(\.sequence) == Array(1...400))
    }

    /// What a full disk or a crash left of a line is passed over, also if it is long.
    @Test func aTornLineSpoilsNoOther() throws {
        let home = try TemporaryDirectory()
        let workspace = try Workspace(root: home.path)
        let journal = WorkspaceJournal(workspace, lab: "mini")
        try journal.append(.taskSkipped(TaskSkipped()), task: a)
        for length in [10, 200_000] {
            let whole = try Files.read(workspace.events(lab: "mini"))
            try Files.write(whole + Array("{\"schema\":1,".utf8) + Array(repeating: 0x61, count: length), to: workspace.events(lab: "mini"))
            try journal.append(.taskUnskipped(TaskUnskipped()), task: a)
        }
        #expect(journal.events.map(\.sequence) == [1, 2, 3])
        let account = JournalAccount(path: workspace.events(lab: "mini"))
        #expect((account.unreadable, account.missing, account.events.count) == (2, 0, 3))
    }

    @Test func whatHappenedBesidesARunIsPutInByItsTime() {
        func events(_ times: [Double]) -> [Event] {
            times.enumerated().map { Event(sequence: $0 + 1, time: $1, payload: .unknown(type: "x")) }
        }
        let runs = [LabJournals.Portion(run: 1, events: events([1, 2, 3])), LabJournals.Portion(run: 2, events: events([5, 6]))]
        func merged(_ notes: [Double]) -> [[Double]] { LabJournals.merged(runs, events(notes)).map { $0.events.map(\.time) } }
        #expect(merged([]) == [[1, 2, 3], [5, 6]])
        #expect(merged([0.5, 0.7, 2.5, 4, 9, 10]) == [[0.5, 0.7], [1, 2], [2.5], [3], [4], [5, 6], [9, 10]])
        // A clock that was set back leaves each journal in its own order.
        #expect(merged([9, 2.5]) == [[1, 2, 3], [5, 6], [9, 2.5]])
        #expect(LabJournals.merged(runs, events([2.5])).map(\.run) == [1, nil, 1, 2])
    }

    @Test func theStudentsFilesAreToldOnceForEachChange() throws {
        let home = try TemporaryDirectory()
        let workspace = try Workspace(root: home.path)
        let spec = Mini.spec([Mini.task(a, .file(LabFileAction(path: "Dockerfile", template: Text(verbatim: "t"), reference: "r")))])
        var progress = LabProgress(spec)
        #expect(StudentFiles(spec, workspace).edits(since: progress).isEmpty)
        try Files.makeDirectory(workspace.files(lab: "mini"))
        for text in ["one", "two"] {
            try Files.write(Array(text.utf8), to: workspace.files(lab: "mini") + "/Dockerfile")
            let edits = StudentFiles(spec, workspace).edits(since: progress)
            #expect(edits == [FileEdited(path: "Dockerfile", sha256: SHA256.hex(of: text.utf8))])
            for edit in edits { progress.apply(Event(sequence: 1, time: 1, payload: .fileEdited(edit))) }
            #expect(StudentFiles(spec, workspace).edits(since: progress).isEmpty)
        }
    }

    // MARK: Journals of an earlier version

    private static let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/journals/states")

    /// A workspace as version 1 left it, whose skips and resets are runs of their own.
    @Test func journalsOfAnEarlierVersionStillOpen() throws {
        let home = try TemporaryDirectory()
        let workspace = try Workspace(root: home.path)
        for name in Files.names(in: Self.fixture.appending(path: "runs").path) {
            let folder = try workspace.makeRun()
            try Files.write(
                try Files.read(Self.fixture.appending(path: "runs/\(folder.number)/journal.jsonl").path), to: folder.journal)
            #expect(Int(name) != nil)
        }
        let spec = try LabSpecLoader.spec(path: Self.fixture.appending(path: "states.yaml").path)
        let progress = LabProgress(workspace, spec)
        let states: [TaskID: TaskState] = [
            "1.1": .done, "1.2": .done, "1.3": .waiting, "1.4": .failed, "1.5": .blocked(by: "1.4"), "1.6": .open, "2.1": .read,
            "2.2": .skipped,
        ]
        for (task, state) in states { #expect(progress.state(of: task) == state, "\(task)") }
        #expect(progress.run?.number == 5, "marks are no runs")
        #expect(progress.run?.start.selection == "2.1")
        var beforeUnskip = LabProgress(spec)
        for portion in LabJournals(workspace, lab: spec.id).portions(of: Array(workspace.runs.prefix(8))) {
            beforeUnskip.apply(portion.events, of: portion.run)
        }
        #expect(beforeUnskip.state(of: "1.6") == .skipped)
        let tally = progress.tally(spec.tasks)
        #expect((tally.done, tally.all, tally.skipped, tally.read) == (2, 7, 1, 1))
    }
}
