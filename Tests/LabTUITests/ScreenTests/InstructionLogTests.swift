import LabFile
import LabSupport
import LabTUI
import Testing

@testable import LabRunner

/// A build's log, folded by instruction.
@Suite struct InstructionLogTests {
    private static let build = TaskID(step: 3, number: 3)

    @Test func aHeadingIsReadAsItIsWritten() {
        let heading = BuildHeading(number: 3, count: 7, words: "RUN echo a : b")
        #expect(BuildHeading(line: heading.line.utf8.map { $0 }) == heading)
        for line in ["", "Step", "Step 3 : RUN", "Step x/7 : RUN", "Step 3/7: RUN", " Step 3/7 : RUN", "Stepping 3/7 : RUN"] {
            #expect(BuildHeading(line: Array(line.utf8)) == nil, "\(line)")
        }
    }

    private func folded(_ events: [(Double, EventPayload)]) -> TaskRecord? {
        var progress = LabProgress()
        let start = TaskStarted(title: Text(verbatim: ""), expectedSeconds: 1, commands: [], fingerprint: "")
        for (index, event) in ([(0, .taskStarted(start))] + events).enumerated() {
            progress.apply(Event(sequence: index + 1, time: event.0, task: Self.build, payload: event.1))
        }
        return progress.records[Self.build]
    }

    private func step(_ number: Double, _ step: BuildStep? = nil) -> EventPayload {
        .progress(Progress(label: Text(verbatim: "RUN \(Int(number))"), done: number, total: 4, unit: .steps, step: step))
    }

    @Test func instructionsFollowOneAnother() throws {
        let end = TaskFinished(outcome: .failed, seconds: 9, fingerprint: "", error: nil, blockedBy: nil)
        let record = try #require(folded([(1, step(1)), (2, step(2)), (7, step(3)), (9, .taskFinished(end))]))
        #expect(record.instructions.map(\.state) == [.done, .done, .failed])
        #expect(record.instructions.map(\.seconds) == [1, 5, 2])
    }

    @Test func instructionsRunSideBySide() throws {
        let record = try #require(
            folded([
                (1, step(2, BuildStep(id: "a", state: .running))), (1, step(4, BuildStep(id: "b", state: .running, line: 9))),
                (3, step(2, BuildStep(id: "a", state: .cached))),
            ]))
        #expect(record.instructions.map(\.state) == [.cached, .running])
        #expect(record.instructions.map(\.line) == [nil, 9])
    }

    /// Only ailab's own lines are headings: a program may print the same.
    @Test func aProgramCannotPrintAHeading() {
        var log = LogBuffer()
        log.take(Array("Step 1/2 : FROM a\n".utf8)[...], .engine, time: 1)
        log.take(Array("Step 2/2 : RUN b\n".utf8)[...], .stdout, time: 1)
        #expect(log.headings.map(\.line) == [0] && log.headings.map(\.number) == [1])
    }

    /// A build of the student's file whose third instruction runs, and whose first one came from the cache.
    private static var running: [Event] {
        let head = #""schema":1,"time":\#(StudentScene.begun)"#
        let start = #"\#(head),"seq":1,"type":"runStarted","run":1,"lab":"lab5","labFile":"lab5.yaml","version":"0","pid":1"#
        let options = #""options":{"auto":false,"quick":false,"force":false,"device":"auto","set":{},"terminal":true}"#
        let title = #""title":{"en":"Build the training image","zh":"构建训练镜像"}"#
        let steps = ["ARG BASE=debian:trixie-slim", "FROM ${BASE}", "RUN apt-get update"].enumerated().map { index, words in
            let step = #""step":{"id":"\#(index)","state":"\#(["cached", "done", "running"][index])","seconds":\#(index * 4)}"#
            let label = #""label":{"en":"\#(words)","zh":"\#(words)"}"#
            return
                #"{\#(head),"seq":\#(index + 3),"task":"3.3","type":"progress",\#(label),"done":\#(index + 1),"total":9,"unit":"steps",\#(step)}"#
        }
        let lines = [
            #"{\#(start),"selection":"3.3","tasks":[],\#(options)}"#,
            #"{\#(head),"seq":2,"task":"3.3","type":"taskStarted","expectedSeconds":180,"fingerprint":"x","commands":[],\#(title)}"#,
        ]
        return (lines + steps).compactMap(event)
    }

    @Test(arguments: [(160, 50), (120, 40), (80, 24), (60, 15)]) func aBuildIsFoldedAndUnfolds(columns: Int, rows: Int) throws {
        for language in Language.allCases {
            var session = try Session.started(columns, rows, language)
            try session.saved(StudentScene.right)
            session.press("3nn")
            session.take(.journal(run: 1, Self.running))
            session.press("o")
            expectGolden(session.frame, "build-log-\(columns)x\(rows)-\(language.rawValue)")
            #expect(session.screen.contains(language == .en ? "cached" : "缓存"))
            session.press("b")
            #expect(!session.screen.contains(language == .en ? "cached" : "缓存"))
        }
    }
}
