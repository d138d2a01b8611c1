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

    /// A timer that fires when the test says so.
    private final class HandTimer: Sendable {
        let work = Locked<[(delay: Double, work: @Sendable () -> Void)]>([])
        var delays: [Double] { work.withLock { $0.map(\.delay) } }

        func start(_ delay: Double, _ work: @escaping @Sendable () -> Void) { self.work.withLock { $0.append((delay, work)) } }

        func fire() {
            let due = work.withLock { all -> [(delay: Double, work: @Sendable () -> Void)] in
                defer { all = [] }
                return all
            }
            for timer in due { timer.work() }
        }
    }

    private func lengths() -> [Int] {
        JournalReader.events(of: folder).compactMap { if case .output(let output) = $0.payload { output.length } else { nil } }
    }

    @Test func theFirstPieceIsWrittenAtOnceAndAFloodInBatches() throws {
        let clock = Clock()
        let timer = HandTimer()
        let journal = try JournalWriter(folder, clock: { clock.now }, timer: timer.start)
        journal.output(Array("one ".utf8), .stdout, task: "1.1")
        #expect(lengths() == [4])
        clock.move(0.01)
        for piece in ["two ", "three\n"] { journal.output(Array(piece.utf8), .stdout, task: "1.1") }
        #expect(lengths() == [4])
        // One timer for both, for the rest of the time.
        #expect(timer.delays.count == 1 && abs(timer.delays[0] - (JournalWriter.coalescing - 0.01)) < 0.001)
        clock.move(JournalWriter.coalescing)
        timer.fire()
        #expect(lengths() == [4, 10])
        #expect(JournalReader.events(of: folder).map(\.task) == ["1.1", "1.1"])
        // After a silence, the next piece doesn't wait, and no timer is left.
        clock.move(1)
        journal.output([7], .stdout, task: "1.1")
        #expect(lengths() == [4, 10, 1] && timer.delays.isEmpty)
    }

    @Test func aPieceThatComesWhenTheTimeIsUpTakesTheOthersAlong() throws {
        let clock = Clock()
        let timer = HandTimer()
        let journal = try JournalWriter(folder, clock: { clock.now }, timer: timer.start)
        for byte in UInt8(1)...2 { journal.output([byte], .stdout, task: "1.1") }
        clock.move(JournalWriter.coalescing)
        journal.output([3], .stdout, task: "1.1")
        #expect(lengths() == [1, 2])
        // The timer comes too late and finds nothing.
        timer.fire()
        #expect(lengths() == [1, 2])
    }

    @Test func aBatchHasALimitOfSize() throws {
        let journal = try JournalWriter(folder, clock: { 1000 }, timer: { _, _ in })
        journal.output([1], .stdout, task: "1.1")
        for _ in 0..<4 { journal.output([UInt8](repeating: 2, count: JournalWriter.sizeLimit / 4), .stdout, task: "1.1") }
        #expect(lengths() == [1, JournalWriter.sizeLimit])
    }

    @Test func theEndIsWrittenAlthoughItsTimeIsNotUp() throws {
        let journal = try JournalWriter(folder, clock: { 1000 }, timer: { _, _ in })
        for byte in UInt8(1)...3 { journal.output([byte], .stdout, task: "1.1") }
        journal.append(notice("end"))
        #expect(lengths() == [1, 2])
    }

    @Test func aClockThatIsSetBackDelaysNothing() throws {
        let clock = Clock()
        let journal = try JournalWriter(folder, clock: { clock.now }, timer: { _, _ in })
        journal.output([1], .stdout, task: "1.1")
        clock.move(-500)
        journal.output([2], .stdout, task: "1.1")
        #expect(lengths() == [1, 1])
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

    @Test("A copy that takes a journal's place isn't read twice, and another journal is read whole") func replaced() throws {
        let home = try TemporaryDirectory()
        let path = try home.write("", to: "journal.jsonl")
        func line(_ number: Int, _ time: Double) -> String {
            #"{"schema":1,"seq":\#(number),"time":\#(time),"type":"notice","level":"info","code":"c","text":{"en":"a","zh":"a"}}"# + "\n"
        }
        func replace(_ text: String) throws {
            try home.write(text, to: "other")
            #expect(rename(home.path + "/other", path) == 0)
        }
        try replace(line(1, 1) + line(2, 2))
        var reader = JournalReader(path: path)
        #expect(reader.readNew().map(\.sequence) == [1, 2])
        try replace(line(1, 1) + line(2, 2) + line(3, 3))
        #expect(reader.readNew().map(\.sequence) == [3])
        try replace(line(1, 7))
        #expect(reader.readNew().map(\.sequence) == [1])
    }
}
