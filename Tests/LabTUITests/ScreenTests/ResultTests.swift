import LabEngine
import LabFile
import LabRunner
import LabSupport
import TestSupport
import Testing

@testable import LabTUI

/// What a task brought out: pictures, figures, and nothing that isn't there.
@Suite struct ResultTests {
    private static func pictures(_ session: inout Session) {
        for case .readPicture(let file) in session.effects {
            session.take(.pictureRead(path: file.shown, (try? file.read()).flatMap { Picture(decoding: $0) }))
        }
    }

    @Test(arguments: [(120, 40), (80, 24), (100, 30), (200, 60)]) func allTenDigitsFit(columns: Int, rows: Int) throws {
        for language in Language.allCases {
            var session = try Session.started(columns, rows, language, runs: ["serve"])
            session.press("4nnnnnnnnnno")
            Self.pictures(&session)
            for digit in 0...9 { #expect(session.screen.contains("\(digit) 100%"), "\(digit) at \(columns)×\(rows)") }
            #expect(session.screen.contains("▀▀▀▀▀▀"), "with their pictures")
            #expect(!session.screen.contains(Text.noOutput[language]), "what is drawn is the output")
        }
    }

    @Test func thereIsNoOutputOnlyIfNothingIsDrawn() throws {
        var session = try Session.started(80, 24, runs: ["serve"])
        session.press("4nnnnnnno")
        Self.pictures(&session)
        #expect(session.screen.contains("Egyptian cat") && session.screen.contains("Counts as correct: "))
        #expect(!session.screen.contains(Text.noOutput.en))
    }

    @Test func figuresAreACardAndTheirTextIsOneKeyAway() throws {
        for language in Language.allCases {
            for (columns, rows) in [(200, 60), (120, 40), (80, 24), (60, 15)] {
                var session = try Session.started(columns, rows, language, runs: ["train"])
                session.press("3nnnnno")
                expectGolden(session.frame, "figures-\(columns)x\(rows)-\(language.rawValue)")
            }
        }
        var session = try Session.started(80, 24, runs: ["train"])
        session.press("3nnnnno")
        #expect(session.screen.contains("97.87%") && session.screen.contains("9,787 of 10,000 correct"))
        #expect(!session.screen.contains("{") && session.screen.contains("207,274"))
        session.press("<up>")
        #expect(session.screen.contains("\"accuracy\": 0.9787"))
        session.press("G")
        #expect(!session.screen.contains("\"accuracy\""))
    }

    @Test(arguments: [
        "", "{}\n", "{\n}\n", "text\n{\n\"a\": 1\n}\n", "{\n  \"a\": [1,\n 2]\n}\n", "{\n  \"a\": {\n  }\n}\n", "{\n  \"a\": 1\n",
        "{\n  \"a\": 1\n}", "{\n  a: 1\n}\n", "{\n  \"a\": \"x\\u001b\"\n}\n",
    ]) func onlyAFlatObjectIsACard(_ text: String) {
        var log = LogBuffer()
        log.take(Array(text.utf8)[...], .stdout, time: 1)
        let model = AppModel(size: Size(columns: 80, rows: 24), settings: Settings(language: .en, look: Look()), now: 0)
        #expect(ResultCard(log, model) == nil, "\(text)")
    }

    @Test func aTableOfResultsHasItsChartBelowIt() {
        let table = ResultTable(
            title: Text(en: "Limits", zh: "限制"),
            columns: [
                ResultTable.Column("cpus", Text(en: "CPUs", zh: "处理器")), ResultTable.Column("rate", Text(en: "per second", zh: "每秒")),
                ResultTable.Column("end", Text(en: "ended", zh: "结果"), .text),
            ],
            rows: [
                [.number(0.5), .number(100), .text(Text(en: "normally", zh: "正常"))],
                [.number(2), .number(400), .text(Text(en: "\u{1b}[31mkilled", zh: "被杀死"))],
            ], chart: ResultTable.Chart(column: 1, labels: [0]))
        for language in Language.allCases {
            for columns in [100, 40, 12] {
                let model = AppModel(
                    size: Size(columns: columns, rows: 24), settings: Settings(language: language, look: Look()), now: 0)
                let lines = FactLines([Fact(name: "t", text: table.text, table: table)], model).lines(columns: columns)
                #expect(lines.allSatisfy { $0.columns <= columns }, "\(columns)")
                let text = lines.map(\.text)
                #expect(text[0] == table.title[language] && !text.joined().contains("\u{1b}"))
                #expect(text.contains { $0.hasPrefix("0.50  100") })
                #expect(columns < 40 || text.contains { $0.hasPrefix("2     400 ") && !$0.contains("killed") && !$0.contains("被杀死") })
            }
        }
    }

    @Test func aLastColumnThatDoesNotFitGoesOnBelow() {
        let rows = [["option", "the engine or the container"], ["--gpus all", "could not select a device driver"], ["none", "ok"]]
        let table = Table(rows.map { $0.map { RichLine($0) } })
        #expect(
            table.lines(columns: 30, wrapsLast: true).map(\.text) == [
                "option      the engine or the", "            container", "--gpus all  could not select a", "            device driver",
                "none        ok",
            ])
        #expect(table.lines(columns: 30).map(\.text)[1] == "--gpus all  could not select …")
        #expect(table.lines(columns: 20, wrapsLast: true).map(\.text)[1] == "--gpus all  could n…", "there's no room for it")
    }

    @Test func aTaskThatTakesLongerSaysWhatIsUsual() {
        #expect(Phrase.time(42, usually: 180).en == "0:42/~3:00")
        #expect(Phrase.time(315, usually: 180).en == "5:15 (usually 3:00)")
        #expect(Phrase.time(315, usually: 180).zh == "5:15（通常 3:00）")
    }

    @Test func aPaletteWithoutAMatchSaysSo() throws {
        var session = try Session.started(80, 24)
        session.press(":qqq")
        #expect(session.screen.contains("No command matches."))
        session.press("<enter>")
        #expect(session.screen.contains("No command matches."), "the text can still be corrected")
        session.press("<bs><bs><bs>3.4")
        #expect(session.screen.contains("Enter goes to 3.4."))
        session.press("<enter>")
        #expect(session.model.walkthrough.selected == TaskID(step: 3, number: 4))
    }

    /// Beside a box there is nothing of what it covers.
    @Test(arguments: ["?", ":", "l"]) func boxesHaveCleanEdges(_ keys: String) throws {
        for language in Language.allCases {
            for (columns, rows) in [(80, 24), (60, 15), (76, 20), (100, 30), (120, 40)] {
                var session = try Session.started(columns, rows, language, runs: ["train"])
                session.press(keys)
                let frame = session.frame
                for row in 0..<rows {
                    let cells = Array(frame.row(row))
                    let edges = cells.indices.filter { [0x250C, 0x2514].contains(cells[$0].base) }
                    guard let left = edges.first(where: { cells[$0].style == session.model.look[.borderFocused] && $0 < columns / 2 })
                    else { continue }
                    let beside = left > 3 ? [left - 1] : Array(0..<left)
                    #expect(beside.allSatisfy { cells[$0].base == 0x20 }, "\(keys) \(columns)×\(rows), row \(row)")
                }
            }
        }
    }

    /// A stand-in and what a task found are shown where its output is.
    @Test func whatWasDoneOtherwiseIsSaidAboveTheOutput() throws {
        var session = try Session.started(120, 40)
        let head = #""schema":1,"time":1795368430"#
        let options = #""options":{"auto":false,"quick":false,"force":false,"device":"auto","set":{},"terminal":true}"#
        let start = #"{\#(head),"seq":1,"type":"runStarted","run":9,"lab":"lab5","labFile":"l","version":"0","pid":1"#
        let text = #""text":{"en":"A stand-in: busybox.","zh":"替代镜像：busybox。"}"#
        let fact = #""text":{"en":"kernel 6.1 6.1 same","zh":"内核 6.1 6.1 相同"}"#
        let lines = [
            start + #","selection":"1.3","tasks":[],\#(options)}"#,
            #"{\#(head),"seq":2,"task":"1.3","type":"sourceChosen","what":"hello","source":"ailab/standin","standIn":true,\#(text)}"#,
            #"{\#(head),"seq":3,"task":"1.3","type":"fact","name":"compare.table",\#(fact)}"#,
        ]
        let end = TaskFinished(outcome: .succeeded, seconds: 1, fingerprint: "x", error: nil, blockedBy: nil)
        let over = RunFinished(outcome: .succeeded, exitCode: 0, seconds: 1)
        let ended = [
            Event(sequence: 4, time: 1_795_368_431, task: TaskID(step: 1, number: 3), payload: .taskFinished(end)),
            Event(sequence: 5, time: 1_795_368_431, payload: .runFinished(over)),
        ]
        session.take(.journal(run: 9, lines.compactMap(event) + ended))
        session.press("1nno")
        #expect(session.screen.contains("! A stand-in: busybox.") && session.screen.contains("kernel 6.1 6.1 same"))
    }
}
