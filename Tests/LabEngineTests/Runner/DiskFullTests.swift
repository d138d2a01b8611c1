import Glibc
import TestSupport
import Testing

@testable import LabRunner
@testable import LabSupport

@Suite struct DiskFullTests {
    private func notice(_ code: String) -> EventPayload { .notice(Notice(level: .info, code: code, text: Text(verbatim: code))) }

    @Test(.tags(.root), .needsOfTags) func theLastWordsStillFitOnAFullDisk() throws {
        let disk = try SmallDisk(kilobytes: 256)
        let folder = RunFolder(path: disk.path, number: 1)
        let journal = try JournalWriter(folder)
        journal.append(notice("before"))
        try disk.fill()
        // More than a page of words, so that the page that is open already cannot hold them.
        let long = String(repeating: "x", count: 5000)
        journal.append(notice(long))
        #expect(journal.failure?.code == .diskFull)
        journal.append(Mini.runFinished)
        let events = JournalReader.events(of: folder)
        #expect(events.map(\.sequence) == [1, 2, 3])
        #expect(events.map(\.payload) == [notice("before"), notice(long), Mini.runFinished])
    }

    @Test(.tags(.root), .needsOfTags) func rawOutputStopsAtAFullDiskAndTheJournalGoesOn() throws {
        let disk = try SmallDisk(kilobytes: 256)
        let folder = RunFolder(path: disk.path, number: 1)
        let journal = try JournalWriter(folder)
        try disk.fill()
        journal.output([UInt8](repeating: 65, count: 200 << 10), .stdout, task: "1.1")
        #expect(journal.failure?.code == .diskFull)
        journal.output([66], .stdout, task: "1.1")
        journal.append(Mini.runFinished)
        #expect(JournalReader.events(of: folder).map(\.payload) == [Mini.runFinished])
    }

    @Test(.tags(.root), .needsOfTags) func linesAfterATornOneAreWhole() throws {
        let disk = try SmallDisk(kilobytes: 256)
        let folder = RunFolder(path: disk.path, number: 1)
        let journal = try JournalWriter(folder)
        try disk.fill()
        // Neither of these finds room, the second not even in what was kept back.
        journal.append(notice(String(repeating: "y", count: 100 << 10)))
        journal.append(notice(String(repeating: "z", count: 100 << 10)))
        disk.free()
        journal.append(notice("after"))
        #expect(JournalReader.events(of: folder).map(\.payload) == [notice("after")])
        #expect(JournalReader.events(of: folder).map(\.sequence) == [1])
    }

    @Test(.tags(.root), .needsOfTags) func aFullDiskIsToldBeforeARunBegins() throws {
        let disk = try SmallDisk(kilobytes: 64)
        try disk.fill()
        let error = #expect(throws: LabError.self) { try JournalWriter(RunFolder(path: disk.path, number: 1)) }
        #expect(error?.code == .diskFull)
        #expect(error?.exitStatus == 3)
    }

    @Test func theReserveLeavesNoFileBehind() throws {
        let home = try TemporaryDirectory()
        let journal = try JournalWriter(RunFolder(path: home.path, number: 1))
        #expect(Files.names(in: home.path) == ["journal.jsonl", "output.log"])
        _ = journal
    }
}
