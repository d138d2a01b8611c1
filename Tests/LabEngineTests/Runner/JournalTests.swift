import Glibc
import TestSupport
import Testing

@testable import LabFile
@testable import LabRunner
@testable import LabSupport

@Suite struct JournalTests {
    private let home: TemporaryDirectory
    private let folder: RunFolder

    init() throws {
        home = try TemporaryDirectory()
        folder = RunFolder(path: home.path, number: 1)
    }

    /// A clock that stands until it is moved.
    private final class Clock: Sendable {
        private let value = Locked(1000.0)
        var now: Double { value.withLock { $0 } }
        func move(_ seconds: Double) { value.withLock { $0 += seconds } }
    }

    private func append(_ text: String) throws {
        let descriptor = open(folder.journal, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(descriptor) }
        #expect(Files.writeAll(Array(text.utf8), to: descriptor) == 0)
    }

    private func notice(_ code: String) -> EventPayload { .notice(Notice(level: .info, code: code, text: Text(verbatim: code))) }

    private func codes(_ events: [Event]) -> [String] {
        events.map { if case .notice(let notice) = $0.payload { notice.code } else { $0.payload.type } }
    }

    @Test func eventsAreNumberedFromOneWithTheirTime() throws {
        let clock = Clock()
        let journal = try JournalWriter(folder, clock: { clock.now })
        journal.append(notice("a"))
        clock.move(0.0004)
        journal.append(notice("b"), task: "1.1")
        let events = JournalReader.events(of: folder)
        #expect(events.map(\.sequence) == [1, 2])
        #expect(events.map(\.time) == [1000, 1000])
        #expect(events.map(\.task) == [nil, "1.1"])
    }

    @Test func smallPiecesOfOneStreamBecomeOneEvent() throws {
        let clock = Clock()
        let journal = try JournalWriter(folder, clock: { clock.now })
        for piece in ["one ", "two ", "three\n"] { journal.output(Array(piece.utf8), .stdout, task: "1.1") }
        #expect(JournalReader.events(of: folder).isEmpty)
        journal.flushDue()
        #expect(JournalReader.events(of: folder).isEmpty)
        clock.move(JournalWriter.coalescing)
        journal.flushDue()
        let events = JournalReader.events(of: folder)
        #expect(events.map(\.payload) == [.output(Output(stream: .stdout, offset: 0, length: 14))])
        #expect(events.first?.task == "1.1")
    }

    @Test func aLongSilentFloodIsNotHeldBackForEver() throws {
        let clock = Clock()
        let journal = try JournalWriter(folder, clock: { clock.now })
        journal.output([1], .stdout, task: "1.1")
        clock.move(JournalWriter.coalescing)
        journal.output([2], .stdout, task: "1.1")
        #expect(JournalReader.events(of: folder).map(\.payload) == [.output(Output(stream: .stdout, offset: 0, length: 2))])
    }

    @Test func outputStandsBeforeWhateverComesAfterIt() throws {
        let journal = try JournalWriter(folder, clock: { 1000 })
        journal.output(Array("abc".utf8), .stdout, task: "1.1")
        journal.output(Array("E".utf8), .stderr, task: "1.1")
        journal.output(Array("xy".utf8), .stderr, task: "1.2")
        journal.append(notice("end"), task: "1.1")
        let events = JournalReader.events(of: folder)
        #expect(
            events.map(\.payload) == [
                .output(Output(stream: .stdout, offset: 0, length: 3)), .output(Output(stream: .stderr, offset: 3, length: 1)),
                .output(Output(stream: .stderr, offset: 4, length: 2)), notice("end"),
            ])
        let texts = events.compactMap { event -> String? in
            guard case .output(let output) = event.payload else { return nil }
            return String(decoding: output.bytes(in: folder), as: UTF8.self)
        }
        #expect(texts == ["abc", "E", "xy"])
    }

    @Test func outputOfNoBytesIsNoEvent() throws {
        let journal = try JournalWriter(folder, clock: { 1000 })
        journal.output([], .stdout, task: "1.1")
        journal.append(notice("end"))
        #expect(codes(JournalReader.events(of: folder)) == ["end"])
    }

    @Test func outputPastTheEndOfTheFileIsWhatThereIs() {
        #expect(Output(stream: .stdout, offset: 5, length: 10).bytes(in: folder).isEmpty)
    }

    @Test func aTornLastLineWaitsForItsEnd() throws {
        var reader = JournalReader(folder)
        #expect(reader.readNew().isEmpty)
        let line = EventSamples.all[3].line
        try append(String(line.prefix(40)))
        #expect(reader.readNew().isEmpty)
        try append(String(line.dropFirst(40)))
        #expect(reader.readNew().isEmpty)
        try append("\n")
        #expect(reader.readNew().map(\.payload) == [EventSamples.all[3].payload])
        #expect(reader.readNew().isEmpty)
    }

    @Test func garbageIsPassedOver() throws {
        let journal = try JournalWriter(folder)
        journal.append(notice("a"))
        try append("\u{0}\u{1}{\"half\n\n[]\n")
        journal.append(notice("b"))
        #expect(codes(JournalReader.events(of: folder)) == ["a", "b"])
        #expect(codes(JournalReader.events(of: folder, types: ["notice"])) == ["a", "b"])
    }

    @Test func aLineThatWasWrittenTwiceCountsOnce() throws {
        try append(EventSamples.all[0].line + "\n" + EventSamples.all[0].line + "\n")
        #expect(JournalReader.events(of: folder).count == 1)
        #expect(JournalReader.events(of: folder, types: ["runStarted"]).count == 1)
    }

    @Test func theFastWayFindsTheSameEvents() throws {
        let journal = try JournalWriter(folder)
        for sample in EventSamples.all { journal.append(sample.payload, task: sample.task) }
        // Texts that look like a type must not be taken for one.
        journal.append(notice(#""type":"check""#))
        let all = JournalReader.events(of: folder)
        for types in [["check"], ["runStarted", "taskFinished", "captured"], LabProgress.types, []] {
            #expect(JournalReader.events(of: folder, types: types) == all.filter { types.contains($0.payload.type) })
        }
        // A type is its whole word.
        #expect(JournalReader.events(of: folder, types: ["run", "task"]).isEmpty)
    }

    @Test func readersOfAJournalThatGrowsSeeEveryEventOnce() async throws {
        let journal = try JournalWriter(folder)
        let total = 2000
        let writing = Task {
            for number in 1...total { journal.append(notice(String(number))) }
        }
        let seen = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var reader = JournalReader(folder)
                    var seen: [String] = []
                    try await eventually {
                        seen += codes(reader.readNew())
                        return seen.count >= total
                    }
                    return seen
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        await writing.value
        for codes in seen { #expect(codes == (1...total).map(String.init)) }
    }

    @Test func writersOfManyThreadsTearNoLine() async throws {
        let journal = try JournalWriter(folder)
        await withTaskGroup(of: Void.self) { group in
            for writer in 1...8 {
                group.addTask {
                    let task = TaskID(step: 1, number: writer)
                    for number in 0..<100 {
                        journal.output(Array("\(writer) \(number)\n".utf8), .stdout, task: task)
                        journal.append(notice("\(writer)"), task: task)
                    }
                }
            }
        }
        let events = JournalReader.events(of: folder)
        #expect(events.map(\.sequence) == Array(1...events.count))
        var offsets = 0
        for event in events {
            guard case .output(let output) = event.payload else { continue }
            #expect(output.offset == offsets)
            offsets += output.length
            let lines = String(decoding: output.bytes(in: folder), as: UTF8.self).split(separator: "\n")
            #expect(lines.allSatisfy { $0.hasPrefix("\(event.task?.number ?? 0) ") })
        }
        #expect(offsets == Files.size(folder.output))
        #expect(codes(events).count { $0 != "output" } == 800)
    }

    @Test func whatCannotBeOpenedSaysWhy() throws {
        let error = #expect(throws: LabError.self) { try JournalWriter(RunFolder(path: "/nonexistent/1", number: 1)) }
        #expect(error?.code == .fileMissing)
    }
}
