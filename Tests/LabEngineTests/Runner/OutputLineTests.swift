import FoundationEssentials
import LabFile
import TestSupport
import Testing

@testable import LabRunner

@Suite struct OutputLineTests {
    private func event(
        _ sequence: Int = 7, _ time: Double = 1_795_901_195.212, _ task: TaskID? = TaskID("3.10"), _ stream: Output.Stream = .stdout,
        offset: Int = 0, length: Int = 100
    ) -> Event {
        Event(sequence: sequence, time: time, task: task, payload: .output(Output(stream: stream, offset: offset, length: length)))
    }

    private func encoded(_ event: Event) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(event), as: UTF8.self)
    }

    private func read(_ line: String) -> Event? {
        Array(line.utf8).withUnsafeBytes { OutputLine.event($0[...]) }
    }

    @Test("An output event is written as JSONEncoder writes it, and read again, with and without a link")
    func bothWays() throws {
        var random = SplitMix(seed: 1)
        for _ in 0..<500 {
            let event = event(
                Int.random(in: 1...1_000_000, using: &random), (Double.random(in: 0...4e9, using: &random) * 1000).rounded() / 1000,
                TaskID("\(Int.random(in: 1...9, using: &random)).\(Int.random(in: 1...12, using: &random))"),
                [.stdout, .stderr, .engine].randomElement(using: &random)!, offset: Int.random(in: 0...1 << 40, using: &random),
                length: Int.random(in: 0...1 << 20, using: &random))
            let line = String(decoding: try #require(OutputLine.bytes(of: event)), as: UTF8.self)
            let expected = try encoded(event)
            #expect(line == expected)
            #expect(read(line) == event)
            let linked = String(decoding: JournalChain.linked(Array(line.utf8), to: JournalChain.origin), as: UTF8.self)
            #expect(read(linked) == event)
        }
        for time in [0, 1, 1_795_901_195, 0.001] {
            let event = event(1, time)
            #expect(try OutputLine.bytes(of: event).map { String(decoding: $0, as: UTF8.self) } == encoded(event))
        }
    }

    @Test("A line of any other form is left to JSONDecoder")
    func otherForms() throws {
        let line = try encoded(event())
        #expect(OutputLine.bytes(of: event(1, 2, nil)) == nil)
        #expect(OutputLine.bytes(of: Event(sequence: 1, time: 1, payload: .unknown(type: "output"))) == nil)
        for other in [
            line.replacing("\"offset\":0,", with: ""), line.replacing("stdout", with: "nowhere"), line.replacing("3.10", with: "x"),
            line.replacing("\"schema\":1", with: "\"schema\":2"), line.replacing("\"seq\":7", with: "\"seq\":-7"),
            line.replacing("\"seq\":7", with: "\"seq\":99999999999999999999"),
            line.replacing("\"seq\":7", with: "\"seq\":1234567890123456"), line.replacing("\"seq\":7", with: "\"seq\":7.5"),
            line.replacing("3.10", with: "3\\u002e10"), line.replacing("1795901195.212", with: "1e999"), line + " ", "{" + line,
            String(line.dropLast()), ",\"type\":\"output\"}", "{,\"type\":\"output\"}",
        ] {
            #expect(read(other) == nil, "\(other)")
        }
    }
}
