import Testing

@testable import Diagnosis
@testable import LabFile
@testable import LabReport
@testable import LabRunner
@testable import LabSupport

/// What containers, servers and strangers may put into journals, and what must not get out.
@Suite struct ReportHostileTests {
    private let a: TaskID = "1.1"
    private static let evil =
        "\u{1B}]0;owned\u{07}\u{1B}[2J<script>alert('x')</script> | `rm -rf` ``` **b** [l](http://evil.test) \u{202E}abc & \u{FFFD}"

    private func report(_ evil: String) throws -> LabReport {
        let text = Text(verbatim: evil)
        var options = RunOptions()
        options.set = ["word": evil, "api_key": "tops3cret"]
        options.cure = CarriedCure(cause: evil, text: text, commands: [evil])
        let error = LabError(codeText: "x.y", text, hint: text, cause: "first\n" + evil)
        let payloads: [EventPayload] = [
            .taskStarted(TaskStarted(title: text, expectedSeconds: 1, commands: [evil, "echo a"], fingerprint: evil)),
            .notice(Notice(level: .warning, code: evil, text: text)), .fact(Fact(name: evil, text: text)),
            .fact(Fact(name: "table", text: Text(verbatim: "a\n" + evil))),
            .sourceChosen(SourceChosen(what: evil, source: evil, standIn: true, text: text)),
            .sourceFailed(SourceFailed(what: evil, source: evil, error: error)), .created(Created(kind: .image, name: evil, id: evil)),
            .captured(Captured(name: evil, value: evil)),
            .prediction(
                Prediction(
                    model: evil, picture: evil, expected: [evil], top: [Prediction.Label(label: evil, probability: 1)], right: false,
                    seconds: 1)),
            .metric(Metric(name: evil, value: 1, epoch: 1)), .metric(Metric(name: "loss", value: 1, epoch: 1)),
            .metric(Metric(name: "loss", value: 0, epoch: 1e300)),
            .check(CheckResult(kind: evil, standing: .failed, wanted: text, found: text, nearest: text, advice: text)),
            .finding(
                Finding(
                    cause: evil, title: text, why: text, evidence: Finding.Evidence(line: 1, text: evil), detail: [],
                    remedies: [Remedy(text, commands: [evil])], strength: .sure, isConsequence: false)),
            .taskFinished(TaskFinished(outcome: .failed, seconds: 1e300, fingerprint: evil, error: error)),
        ]
        let ends = EventPayload.runFinished(RunFinished(outcome: .failed, exitCode: 1, seconds: 1, error: error))
        let run = try ReportScene.run(1, payloads.map { (a, $0) }, ends: ends, options: options, selection: evil)
        let again = try ReportScene.run(2, [(a, Mini.taskStarted()), (a, Mini.taskFinished(.succeeded))], options: options)
        return try #require(try ReportScene.report(Mini.spec([Mini.task(a)]), [run, again], author: evil))
    }

    @Test(arguments: ReportFormat.allCases) func noFormTellsATerminalOrABrowserWhatToDo(_ format: ReportFormat) throws {
        for language in Language.allCases {
            let text = ReportScene.text(try report(Self.evil), format, language)
            for scalar in text.unicodeScalars {
                #expect(scalar == "\n" || scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value), "\(scalar.value)")
                #expect(scalar.value != 0x202E)
            }
            #expect(!text.contains("owned"))
            #expect(!text.contains("tops3cret"))
            if format == .html {
                #expect(!text.contains("<script"))
                try Markup.expectWellFormed(text)
            }
            if format == .json { #expect(JSONValue(Array(text.utf8)) != nil) }
        }
    }

    /// Tables keep their columns, code its fences, and words start nothing.
    @Test func markdownKeepsItsForm() throws {
        let text = ReportScene.text(try report(Self.evil), .markdown)
        var columns = 0
        var fence: Substring?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = fence {
                if line == open { fence = nil }
                continue
            }
            if line.hasPrefix("```") {
                fence = line.prefix { $0 == "`" }
                continue
            }
            guard line.hasPrefix("|") else {
                columns = 0
                expectNoTags(line)
                continue
            }
            let count = Self.bars(line)
            if columns == 0 { columns = count }
            #expect(count == columns, "\(line)")
            expectNoTags(line)
        }
        #expect(fence == nil)
    }

    /// Bars that are not escaped.
    private static func bars(_ line: Substring) -> Int {
        var isEscaped = false
        return line.reduce(into: 0) { count, character in
            if character == "|", !isEscaped { count += 1 }
            isEscaped = character == "\\" && !isEscaped
        }
    }

    /// Outside of code spans no `<` stands bare.
    private func expectNoTags(_ line: Substring) {
        var rest = line
        while let character = rest.first {
            if character == "\\" {
                rest = rest.dropFirst(2)
            } else if character == "`" {
                let marks = rest.prefix { $0 == "`" }
                rest = rest.dropFirst(marks.count)
                guard let end = closing(rest, marks.count) else { return }
                rest = end
            } else {
                #expect(character != "<", "\(line)")
                rest = rest.dropFirst()
            }
        }
    }

    /// Behind the run of backquotes that is as long as the one that began.
    private func closing(_ text: Substring, _ count: Int) -> Substring? {
        var rest = text
        while let start = rest.firstIndex(of: "`") {
            let marks = rest[start...].prefix { $0 == "`" }
            rest = rest[marks.endIndex...]
            if marks.count == count { return rest }
        }
        Issue.record("an open code span: \(text)")
        return nil
    }

    @Test func longWordsAreCut() throws {
        let long = String(repeating: "x", count: 100_000)
        for format in ReportFormat.allCases {
            let text = ReportScene.text(try report(long), format)
            #expect(text.utf8.count < 120_000, "\(format)")
            #expect(text.contains("… (+99500)"), "\(format)")
        }
    }

    @Test func invalidBytesInAJournalAreNoReasonToFail() throws {
        var account = try ReportScene.account(Mini.events([(nil, Mini.started(run: 1))]), torn: "\u{0}\u{1}nonsense\n\n[1,2]\n")
        #expect((account.unreadable, account.missing) == (2, 0))
        // A line that would be an event but for a byte that is no UTF-8.
        let broken = Array("{\"pid\":1,\"schema\":1,\"seq\":2,\"time\":2,\"type\":\"".utf8) + [0xFF, 0xC3] + Array("\"}\n".utf8)
        account = try ReportScene.account(Mini.events([(nil, Mini.started(run: 1))]), torn: broken)
        #expect((account.unreadable, account.events.count) == (1, 1))
        account = try ReportScene.account([], torn: "")
        #expect(account.events.isEmpty && account.unreadable == 0)
    }

    @Test func secretsHostsAndHomesStayHere() throws {
        let censor = ReportCensor(environment: ReportScene.environment, hosts: ["lab-pc-07.uni.example", "docker", "vm"])
        let kept: [(String, String)] = [
            ("at /home/student/x and /home/students", "at ~/x and /home/students"),
            ("hostname lab-pc-07 lab-pc-07.uni.example lab-pc-070 docker vm", "hostname *** *** lab-pc-070 docker vm"),
            ("http://joe:pw@proxy:3128 said hunter2hunter2", "http://***@proxy:3128 said ***"), ("password=abc", "password=***"),
        ]
        for (text, expected) in kept { #expect(censor.words(text) == expected) }
        let commands: [(String, String)] = [
            (
                "curl -T cat.jpg -H 'Authorization: Bearer $INFERENCE_KEY' http://127.0.0.1:8080/predictions/x",
                "curl -T cat.jpg -H 'Authorization: Bearer $INFERENCE_KEY' http://127.0.0.1:8080/predictions/x"
            ),
            ("curl -H 'Authorization: Bearer abcdef' http://x/", "curl -H 'Authorization: Bearer ***' http://x/"),
            ("docker run -e API_KEY=abc -v /home/student/w:/w img", "docker run -e API_KEY=*** -v ~/w:/w img"),
            ("docker login --password hunter2 -u joe", "docker login --password *** -u joe"),
            ("echo 'a  b' \"c d\"", "echo 'a  b' \"c d\""),
        ]
        for (command, expected) in commands { #expect(censor.command(command) == expected) }
        #expect(censor.endpoint("unix:///home/student/d.sock") == "unix://~/d.sock")
        #expect(censor.endpoint("tcp://lab-pc-07:2375") == "tcp://…")
        #expect(ReportCensor.host(of: "ssh://joe@big.uni.example:22") == "big.uni.example")
        #expect(ReportCensor.host(of: "tcp://10.0.0.1:2375") == nil)
    }

    @Test(arguments: ["lab-pc-07", "vm", "docker"]) func theMachinesOwnNameIsTakenOutOfWhatWasCompared(_ name: String) throws {
        let table = "              INSIDE   OUTSIDE\nhostname      b4ef71   \(name)   different\nkernel        6.1      6.1   same"
        let run = try ReportScene.run(
            1,
            [
                (a, Mini.taskStarted()), (a, .fact(Fact(name: "compare.table", text: Text(verbatim: table)))),
                (a, Mini.taskFinished(.succeeded)),
            ])
        let report = try #require(try ReportScene.report(Mini.spec([Mini.task(a)]), [run]))
        for format in ReportFormat.allCases {
            let text = ReportScene.text(report, format)
            #expect(!text.contains(name + "  ") && text.contains("b4ef71   ***"), "\(format): \(text)")
        }
    }
}
