import Foundation
import TestSupport
import Testing

@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// Each line of a journal has the hash of the line before it.
@Suite struct JournalChainTests {
    private let home: TemporaryDirectory
    private let workspace: Workspace

    init() throws {
        home = try TemporaryDirectory()
        workspace = try Workspace(root: home.path)
    }

    /// A run whose journal has `count` notices.
    private func run(_ count: Int = 5) throws -> RunFolder {
        let folder = try workspace.makeRun()
        let journal = try JournalWriter(folder, clock: { 1000 })
        journal.append(Mini.started(run: folder.number))
        for index in 0..<count { journal.append(.notice(Notice(level: .info, code: "n\(index)", text: Text(verbatim: "text")))) }
        journal.output(Array("some output\n".utf8), .stdout, task: "1.1")
        journal.append(Mini.runFinished)
        return folder
    }

    private func lines(_ folder: RunFolder) throws -> [String] {
        try Files.text(folder.journal).split(separator: "\n").map(String.init)
    }

    private func chain(_ lines: [String]) throws -> ChainAccount {
        let file = "\(home.path)/changed.jsonl"
        try Files.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: file)
        return JournalAccount(path: file, skipping: ["output"]).chain
    }

    @Test func everyLineHasTheHashOfTheLineBefore() throws {
        let lines = try lines(try run())
        #expect(lines.count == 8)
        var before = JournalChain.origin
        for line in lines {
            #expect(line.hasPrefix("{\"chain\":\"\(before)\","))
            before = SHA256.hex(of: line.utf8)
        }
        let account = try chain(lines)
        #expect(account.isWhole)
        #expect((account.first, account.head, account.lines) == (JournalChain.origin, before, 8))
    }

    @Test func aRunFollowsTheEndOfTheRunBefore() throws {
        let first = JournalAccount(of: try run(), skipping: ["output"]).chain
        let second = JournalAccount(of: try run(), skipping: []).chain
        #expect(first.head == second.first)
        #expect(second.isWhole)
    }

    /// A killed runner leaves part of a line. The next run goes on from the last whole one.
    @Test func aRunAfterAKilledOneFollowsItsLastWholeLine() throws {
        let folder = try run()
        let whole = try Files.read(folder.journal)
        let account = JournalAccount(of: folder, skipping: [])
        for tail in ["{\"chain\":\"", #"{"schema":1,"seq":99,"time":1000,"type":"taskSkipped"}"#] {
            try Files.write(whole + Array(tail.utf8), to: folder.journal)
            let next = RunFolder(path: "\(Files.folder(of: folder.path))/2", number: 2)
            try Files.makeDirectory(next.path)
            unlink(next.journal)
            try JournalWriter(next).append(Mini.started(run: 2))
            #expect(JournalAccount(of: next, skipping: []).chain.first == account.chain.head)
        }
    }

    @Test func aChangedRemovedOrAddedLineShows() throws {
        let lines = try lines(try run())
        for index in lines.indices.dropLast() {
            var changed = lines
            changed[index] = changed[index].replacing("\"time\":1000", with: "\"time\":1001")
            #expect(try chain(changed).broken == 1, "line \(index + 1) changed")
        }
        for index in lines.indices.dropFirst().dropLast() {
            var changed = lines
            changed.remove(at: index)
            #expect(try chain(changed).broken == 1, "line \(index + 1) removed")
        }
        let added = lines[..<3] + [#"{"schema":1,"seq":4,"task":"1.1","time":1000,"type":"taskSkipped"}"#] + lines[4...]
        let account = try chain(Array(added))
        #expect((account.broken, account.unlinked) == (1, 1))
        let swapped = lines[..<2] + [lines[3], lines[2]] + lines[4...]
        #expect(try !chain(Array(swapped)).isWhole)
    }

    /// What nobody can see in one journal: its last line, and lines cut off at its end.
    @Test func theEndOfAJournalIsOpen() throws {
        let lines = try lines(try run())
        #expect(try chain(lines.dropLast()).isWhole)
        var changed = lines
        changed[7] = changed[7].replacing("\"time\":1000", with: "\"time\":1001")
        #expect(try chain(changed).isWhole)
        #expect(try chain(changed).head != chain(lines).head, "the next run's first line, or the report, has the other hash")
    }

    @Test func linesOfAFullDiskDoNotBreakIt() throws {
        let lines = try lines(try run())
        let torn = lines[..<3] + [String(lines[3].prefix(90))] + lines[3...]
        #expect(try chain(Array(torn)).isWhole)
        let twice = lines[..<4] + [lines[3]] + lines[4...]
        #expect(try chain(Array(twice)).isWhole)
    }

    @Test func journalsOfEarlierVersionsHaveNone() throws {
        let bare = try lines(try run()).map { "{" + $0.dropFirst(10 + 64 + 2) }
        #expect(bare.allSatisfy { $0.hasPrefix("{\"") && !$0.contains("chain") })
        let account = try chain(bare)
        #expect((account.first, account.broken, account.unlinked, account.lines) == (nil, 0, 0, 8))
        // A journal that goes on under this version links to what was there.
        let path = workspace.events(lab: "mini")
        try Files.write(Array((bare[1] + "\n").utf8), to: path)
        try WorkspaceJournal(workspace, lab: "mini").append(.taskSkipped(TaskSkipped()), task: "1.1")
        let grown = JournalAccount(path: path)
        #expect(grown.events.count == 2)
        #expect(grown.chain.isWhole)
    }

    @Test func manyWritersMakeOneChain() async throws {
        let journal = WorkspaceJournal(workspace, lab: "mini")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    for _ in 0..<5 { try? journal.append([("1.1", .taskSkipped(TaskSkipped())), ("1.1", .looked(Looked(.open)))]) }
                }
            }
        }
        let account = JournalAccount(path: workspace.events(lab: "mini"))
        #expect(account.chain.isWhole)
        #expect(account.chain.lines == 100)
    }

    @Test func aMetricWithALinkIsReadFast() throws {
        let folder = try workspace.makeRun()
        let journal = try JournalWriter(folder, clock: { 1000 })
        let metric = Metric(name: "loss", value: 0.5, epoch: 1)
        journal.append(.metric(metric), task: "1.1")
        let line = try #require(try lines(folder).first)
        let event = Array(line.utf8).withUnsafeBytes { MetricLine.event($0) }
        #expect(event?.payload == .metric(metric))
    }

    @Test func aClockThatIsSetBackIsMeasured() throws {
        let folder = try workspace.makeRun()
        let time = Locked(5000.0)
        let journal = try JournalWriter(folder, clock: { time.withLock { $0 } })
        for next in [5000.0, 5010, 4000, 4001] {
            time.withLock { $0 = next }
            journal.append(Mini.runFinished)
        }
        #expect(JournalAccount(of: folder, skipping: []).setBack == 1010)
    }
}
