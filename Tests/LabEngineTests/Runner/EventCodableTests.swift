import Foundation
import Testing

@testable import LabRunner

@Suite struct EventCodableTests {
    private static func line(_ event: Event) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(event), as: UTF8.self)
    }

    @Test(arguments: EventSamples.all.indices)
    func everyPayloadHasItsFlatLineAndComesBackFromIt(index: Int) throws {
        let sample = EventSamples.all[index]
        let event = Event(sequence: 1, time: 1_790_000_000.25, task: sample.task, payload: sample.payload)
        #expect(try Self.line(event) == sample.line)
        #expect(try JSONDecoder().decode(Event.self, from: Data(sample.line.utf8)) == event)
    }

    @Test func noTypeIsWithoutASample() {
        // Keeps the list of samples whole: a new case does not compile here until it has a line of its own.
        for sample in EventSamples.all {
            switch sample.payload {
            case .runStarted, .runFinished, .engineConnected, .deviceChosen, .notice, .fact, .taskStarted, .taskFinished, .reattached,
                .progress,
                .output, .metric, .sourceChosen, .sourceFailed, .created, .check, .captured, .prediction, .shellReady, .shellEnded,
                .taskReset, .taskSkipped, .taskUnskipped, .looked, .fileEdited, .questionAnswered, .hintOpened, .settingsChanged, .finding,
                .unknown:
                break
            }
        }
        #expect(Set(EventSamples.all.map(\.payload.type)).count == 29)
    }

    @Test func aTypeOfALaterVersionIsKeptAsUnknown() throws {
        let line = #"{"brandNew":true,"schema":1,"seq":9,"task":"1.1","time":5,"type":"hologram"}"#
        let event = try JSONDecoder().decode(Event.self, from: Data(line.utf8))
        #expect(event == Event(sequence: 9, time: 5, task: "1.1", payload: .unknown(type: "hologram")))
        #expect(try Self.line(event) == #"{"schema":1,"seq":9,"task":"1.1","time":5,"type":"hologram"}"#)
    }

    @Test func fieldsOfALaterVersionAreNoError() throws {
        let line = #"{"exitCode":0,"mood":"good","schema":1,"seq":2,"task":"2.4","time":5,"type":"shellEnded"}"#
        #expect(try JSONDecoder().decode(Event.self, from: Data(line.utf8)).payload == .shellEnded(ShellEnded(exitCode: 0)))
    }

    @Test(arguments: [
        #"{"schema":1,"seq":2,"time":5,"type":"shellEnded"}"#, #"{"schema":1,"seq":2,"time":5}"#, #"{"seq":"2"}"#,
        #"{"schema":1,"seq":2,"task":"x","time":5,"type":"runFinished"}"#,
    ])
    func whatIsNoEventIsRefused(line: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Event.self, from: Data(line.utf8)) }
    }
}
