import Foundation
import Testing

@testable import Diagnosis
@testable import LabFile
@testable import LabReport
@testable import LabRunner
@testable import LabSupport

/// What journals mean for a report.
@Suite struct ReportStateTests {
    private let a: TaskID = "1.1"
    private let b: TaskID = "1.2"
    private let work = LabAction.exec(LabExecAction(container: "c", command: ["true"]))

    private func spec(optional: Bool = false, _ action: LabAction? = nil) -> LabSpec {
        Mini.spec([Mini.task(a, action ?? work, checks: [.engine]), Mini.task(b, work, optional: optional)])
    }

    private func report(
        _ journals: [ReportJournal], notes: [(TaskID?, EventPayload)] = [], optional: Bool = false, living: Int? = nil
    ) throws -> LabReport {
        try #require(try ReportScene.report(spec(optional: optional), journals, notes: notes, living: living))
    }

    private func error(_ code: LabError.Code) -> LabError { LabError(code, Text(en: "It failed.", zh: "失败。"), cause: "because") }

    private func failed(_ task: TaskID, _ code: LabError.Code, fingerprint: String = "f") -> (TaskID?, EventPayload) {
        (task, .taskFinished(TaskFinished(outcome: .failed, seconds: 1, fingerprint: fingerprint, error: error(code))))
    }

    private func finding(_ cause: String) -> EventPayload {
        .finding(
            Finding(
                cause: cause, title: Text(en: "Port taken", zh: "端口被占用"), why: Text(en: "Somebody listens.", zh: "有程序在监听。"),
                evidence: Finding.Evidence(line: 1, text: "address already in use"), detail: [], remedies: [], strength: .sure,
                isConsequence: false))
    }

    @Test func everyStateIsTold() throws {
        let ends: [(TaskFinished.Outcome, TaskState)] = [
            (.succeeded, .done), (.satisfied, .done), (.failed, .failed), (.waiting, .waiting), (.cancelled, .cancelled),
            (.unavailable, .unavailable),
        ]
        for (outcome, state) in ends {
            let journal = try ReportScene.run(1, [(a, Mini.taskStarted()), (a, Mini.taskFinished(outcome))])
            #expect(try report([journal]).task(a).state == state, "\(outcome)")
        }
        let begun = try ReportScene.run(1, [(a, Mini.taskStarted())], ends: nil)
        #expect(try report([begun]).task(a).state == .interrupted)
        #expect(try report([begun]).runs[0].outcome == .interrupted)
        #expect(try report([begun]).caution("run.interrupted")?.runs == [1])
        #expect(try report([begun], living: 1).task(a).state == .running)
        #expect(try report([begun], living: 1).caution("run.living")?.runs == [1])
        #expect(try report([begun]).task(b).state == .open)
        let homework = try report([begun], optional: true).task(b)
        #expect(homework.state == .open && homework.isHomework)
        #expect(try report([begun], optional: true).caution("homework")?.tasks == [b])
    }

    @Test func aTaskBehindAFailedOneIsBlocked() throws {
        let end = EventPayload.taskFinished(TaskFinished(outcome: .blocked, seconds: 0, fingerprint: "", blockedBy: a))
        let first = try ReportScene.run(1, [(a, Mini.taskStarted()), failed(a, .containerExit), (b, end)])
        #expect(try report([first]).task(b).state == .blocked(by: a))
        let cured = try ReportScene.run(2, [(a, Mini.taskStarted()), (a, Mini.taskFinished(.succeeded))])
        #expect(try report([first, cured]).task(b).state == .open)
    }

    @Test func aDoneOneStaysDoneWhereALaterRunDidNotGetToIt() throws {
        let done = try ReportScene.run(1, [(a, Mini.taskStarted()), (a, Mini.check("engine")), (a, Mini.taskFinished(.succeeded))])
        for outcome in [TaskFinished.Outcome.blocked, .cancelled] {
            let later = try ReportScene.run(2, [(a, Mini.taskFinished(outcome))])
            let task = try report([done, later]).task(a)
            #expect(task.state == .done && task.doneIn == 1 && task.counted == 0, "\(outcome)")
        }
        let again = try ReportScene.run(2, [(a, Mini.taskStarted()), failed(a, .containerExit)])
        #expect(try report([done, again]).task(a).state == .failed)
        let found = try ReportScene.run(2, [(a, Mini.check("image")), (a, Mini.taskFinished(.satisfied))])
        let task = try report([done, found]).task(a)
        #expect((task.doneIn, task.checkedIn, task.attempts.count) == (1, 2, 1))
        #expect(task.checks.map(\.kind) == ["image"])
    }

    @Test func whatTheMachineCannotDoIsToldAndCountsNeitherAsDoneNorAsOpen() throws {
        let journal = try ReportScene.run(1, [(a, Mini.taskStarted()), (a, Mini.taskFinished(.unavailable))])
        let report = try report([journal])
        #expect(report.caution("unavailable")?.tasks == [a])
        #expect(report.tally.done == 0 && report.tally.all == 1)
    }

    @Test func aTableOfResultsIsATableInEveryFormat() throws {
        let table = ResultTable(
            title: Text(en: "Limits", zh: "限制"),
            columns: [ResultTable.Column("cpus", Text(en: "CPUs", zh: "处理器")), ResultTable.Column("rate", Text(en: "rate", zh: "速率"))],
            rows: [[.number(1), .number(120)], [.number(2), .number(240)]], chart: ResultTable.Chart(column: 1, labels: [0]))
        let fact = Fact(name: "limits.table", text: table.text, table: table)
        let journal = try ReportScene.run(1, [(a, Mini.taskStarted()), (a, .fact(fact)), (a, Mini.taskFinished(.succeeded))])
        let report = try report([journal])
        #expect(ReportScene.text(report, .markdown).contains("| 2 | 240 |"))
        let page = ReportScene.text(report, .html)
        #expect(page.contains("<td class=\"number\">240</td>") && page.contains("rate – 1: 120, 2: 240."), "\(page)")
        let value = try #require(JSONValue(Array(ReportScene.text(report, .json).utf8)))
        #expect(value.at("/tasks/0/attempts/0/facts/0/table/rows/1/1/number")?.scalar == "240")
    }

    /// A sub-step that trains under several limits comes after the one that trains the student's model.
    @Test func theAccuracyIsThatOfTheModelAndNotOfAComparison() throws {
        func accuracy(_ value: Double) -> EventPayload { .metric(Metric(name: "accuracy", value: value, epoch: 1)) }
        let table = ResultTable(
            title: Text(en: "Limits", zh: "限制"), columns: [ResultTable.Column("cpus", Text(en: "CPUs", zh: "处理器"))], rows: [[.number(1)]])
        let journal = try ReportScene.run(
            1,
            [
                (a, Mini.taskStarted()), (a, accuracy(0.98)), (a, Mini.taskFinished(.succeeded)), (b, Mini.taskStarted()),
                (b, accuracy(0.8)), (b, accuracy(0.84)), (b, .fact(Fact(name: "limits.table", text: table.text, table: table))),
                (b, Mini.taskFinished(.succeeded)),
            ])
        let report = try report([journal])
        #expect(try report.task(a).attempts[0].training.accuracy == 0.98)
        #expect(try report.task(b).attempts[0].training.isEmpty)
        let value = try #require(JSONValue(Array(ReportScene.text(report, .json).utf8)))
        #expect(value.at("/accuracy")?.scalar == "0.98")
        var progress = LabProgress(spec())
        progress.apply(journal.account.events, of: 1)
        #expect(progress.records[a]?.metrics["accuracy"]?.last?.value == 0.98 && progress.records[b]?.metrics.isEmpty == true)
    }

    @Test func whatHappenedOutsideOfRunsIsTold() throws {
        let skip = (a as TaskID?, EventPayload.taskSkipped(TaskSkipped()))
        #expect(try report([], notes: [skip]).task(a).state == .skipped)
        #expect(try report([], notes: [skip]).caution("skipped")?.tasks == [a])
        #expect(try report([], notes: [skip, (a, .taskUnskipped(TaskUnskipped()))]).task(a).state == .open)
        let done = try ReportScene.run(2, [(a, Mini.taskStarted()), (a, Mini.taskFinished(.succeeded))])
        let gone = try report([done], notes: [(a, .looked(Looked(.gone)))])
        #expect(try gone.task(a).state == .noLonger(.gone))
        #expect(gone.caution("lost")?.tasks == [a] && gone.tally.done == 0)
        let after = try report(
            [done], notes: [(a, .taskReset(TaskReset(removed: ["c"]))), (nil, .fileEdited(FileEdited(path: "Dockerfile", sha256: "s")))])
        #expect(try after.task(a).state == .open)
        #expect(try after.task(a).attempts.map(\.isReset) == [true])
        #expect(try after.task(a).counted == nil)
        #expect(after.runs.count == 1)
        #expect(after.deeds.map(\.kind) == [.reset(removed: ["c"]), .edited("Dockerfile")])
        let page = ReportScene.text(after, .markdown)
        #expect(page.contains("Outside of runs") && page.contains("reset; removed: `c`"), "\(page)")
    }

    /// An earlier version recorded a skip or a reset as a run of its own.
    @Test func marksOfAnEarlierVersionAreNoRuns() throws {
        func mark(_ number: Int, _ payload: EventPayload) throws -> ReportJournal {
            let start = EventPayload.runStarted(
                RunStarted(run: number, lab: "mini", labFile: "", version: "", pid: 1, selection: "1.1", options: RunOptions(), tasks: []))
            return ReportJournal(
                number: number,
                account: try ReportScene.account(
                    Mini.events([(nil, start), (a, payload), (nil, Mini.runFinished)], from: Double(number) * 1000)))
        }
        let skip = try mark(1, .fact(Fact(name: "task.skipped", text: Text(verbatim: "s"))))
        let done = try ReportScene.run(2, [(a, Mini.taskStarted()), (a, Mini.taskFinished(.succeeded))])
        let reset = try mark(3, .taskReset(TaskReset(removed: ["c"])))
        #expect(try report([skip]).task(a).state == .skipped)
        #expect(try report([skip, done]).task(a).state == .done)
        let after = try report([skip, done, reset])
        #expect(try after.task(a).state == .open && after.runs.map(\.number) == [2])
        #expect(after.deeds.map(\.kind) == [.skipped, .reset(removed: ["c"])])
        #expect(after.caution("run.gone") == nil)
    }

    @Test func whatHelpedIsTheCureElseTheOptionsElseTheFiles() throws {
        let start = (a as TaskID?, Mini.taskStarted("f"))
        let first = try ReportScene.run(1, [start, (a, finding("port-taken")), failed(a, .portTaken)])
        #expect(try report([first]).task(a).attempts[0].help == nil)
        var cured = RunOptions()
        cured.cure = CarriedCure(cause: "port-taken", text: Text(en: "Another port", zh: "换端口"), commands: ["ailab step 1.1 --set port=9"])
        cured.set = ["port": "9"]
        func succeeds(_ fingerprint: String, _ options: RunOptions) throws -> ReportJournal {
            try ReportScene.run(2, [(a, Mini.taskStarted(fingerprint)), (a, Mini.taskFinished(.succeeded, fingerprint))], options: options)
        }
        let cure = try #require(cured.cure)
        #expect(try report([first, succeeds("g", cured)]).task(a).attempts[0].help == .cure(cure, run: 2))
        cured.cure = nil
        #expect(try report([first, succeeds("g", cured)]).task(a).attempts[0].help == .options(["--set port=9"], run: 2))
        #expect(try report([first, succeeds("g", RunOptions())]).task(a).attempts[0].help == .inputs(run: 2))
        #expect(try report([first, succeeds("f", RunOptions())]).task(a).attempts[0].help == .unrecorded(run: 2))
        let byHand = try ReportScene.run(2, [(a, Mini.taskFinished(.satisfied))])
        #expect(try report([first, byHand]).task(a).attempts[0].help == .unrecorded(run: 2))
        let page = ReportScene.text(try report([first, succeeds("f", RunOptions())]), .markdown)
        #expect(
            page.contains("Cause: **Port taken** `port-taken`. Somebody listens. The line that says so: `address already in use`"),
            "\(page)")
    }

    @Test func whatIsNotTheStudentsOwnWorkStandsOnTop() throws {
        var options = RunOptions()
        options.auto = true
        options.quick = true
        options.set = ["epochs": "1", "same": "x"]
        options.device = .cpu
        let notice = EventPayload.notice(Notice(level: .warning, code: "copy.skipped", text: Text(verbatim: "left out")))
        let source = EventPayload.sourceChosen(SourceChosen(what: "base", source: "ailab/standin", standIn: true, text: Text(verbatim: "")))
        let run = try ReportScene.run(
            1, [(a, Mini.taskStarted()), (a, notice), (a, source), (a, Mini.check("image", .past)), (a, Mini.taskFinished(.succeeded))],
            options: options)
        var lab = spec()
        lab.variables = [
            LabVariable(name: "epochs", text: Text(verbatim: ""), value: "5", quick: "2"),
            LabVariable(name: "same", text: Text(verbatim: ""), value: "x"),
            LabVariable(name: "slice", text: Text(verbatim: ""), value: "no", quick: "yes"),
        ]
        let report = try #require(try ReportScene.report(lab, [run]))
        #expect(report.cautions.map(\.code) == ["auto", "quick", "variables", "device", "standIn", "check.past", "copy.skipped"])
        #expect(report.caution("quick")?.details == ["slice=yes (no)"], "a value that was given goes before")
        #expect(report.caution("variables")?.details == ["epochs=1 (5)"])
        #expect(report.caution("standIn")?.details == ["base ← ailab/standin"])
        let own = try ReportScene.run(1, [(a, Mini.taskStarted()), (a, Mini.check("engine")), (a, Mini.taskFinished(.succeeded))])
        #expect(try self.report([own]).cautions.isEmpty)
        #expect(ReportScene.text(try self.report([own]), .markdown).contains("Nothing: the lab was done as it is meant"))
    }

    @Test func theReferenceInPlaceOfTheStudentsFileIsSaid() throws {
        let file = LabAction.file(LabFileAction(path: "Dockerfile", template: Text(verbatim: "t"), reference: "r"))
        var auto = RunOptions()
        auto.auto = true
        let waits = try ReportScene.run(1, [(a, Mini.taskStarted()), (a, Mini.taskFinished(.waiting))])
        let byReference = try ReportScene.run(2, [(a, Mini.taskFinished(.satisfied))], options: auto)
        let byOwn = try ReportScene.run(3, [(a, Mini.taskFinished(.satisfied))])
        let lab = spec(file)
        let first = try #require(try ReportScene.report(lab, [waits, byReference]))
        #expect(try first.task(a).usesReference && first.caution("reference")?.tasks == [a])
        let then = try #require(try ReportScene.report(lab, [waits, byReference, byOwn]))
        #expect(try !then.task(a).usesReference && then.task(a).hasOwnFile && then.caution("reference") == nil)
    }

    /// One that was on the engine already leaves no event; what it is called says it.
    @Test func aStandInThatWasThereAlreadyIsSaid() throws {
        var lab = spec()
        lab.images = [
            LabImage(
                name: "alpine", tag: "alpine:latest", text: Text(verbatim: ""),
                sources: [.pull(reference: "alpine:latest"), .busybox(tag: "ailab/standin-alpine:latest", command: [], files: [])])
        ]
        let found = EventPayload.check(
            CheckResult(
                kind: "image", standing: .passed, wanted: Text(verbatim: "alpine"),
                found: Text(verbatim: "ailab/standin-alpine:latest is there")))
        let use = EventPayload.taskStarted(
            TaskStarted(
                title: Text(verbatim: "T"), expectedSeconds: 1, commands: ["docker run ailab/standin-alpine:latest ls"], fingerprint: "f"))
        let run = try ReportScene.run(
            1, [(a, found), (a, Mini.taskFinished(.satisfied)), (b, use), (b, Mini.taskFinished(.succeeded))])
        let caution = try #require(try ReportScene.report(lab, [run])?.caution("standIn"))
        #expect(caution.tasks == [a, b] && caution.details == ["alpine ← ailab/standin-alpine:latest"])
    }

    @Test func waitingForTheStudentIsNoFailure() throws {
        let end = EventPayload.taskFinished(
            TaskFinished(outcome: .waiting, seconds: 1, fingerprint: "f", error: error(.studentFile)))
        let run = try ReportScene.run(
            1, [(a, Mini.taskStarted()), (a, end)],
            ends: .runFinished(RunFinished(outcome: .failed, exitCode: 1, seconds: 1, error: error(.studentFile))))
        let text = ReportScene.text(try report([run]), .markdown)
        #expect(text.contains("student's turn") && !text.contains("What failed"), "\(text)")
    }

    @Test func whatWasDoneByHandHasNoRecord() throws {
        let run = try ReportScene.run(1, [(a, Mini.check("engine")), (a, Mini.taskFinished(.satisfied))])
        let task = try report([run]).task(a)
        #expect(task.isByHand && task.attempts.isEmpty && task.doneIn == 1)
        #expect(try report([run]).caution("byHand")?.tasks == [a])
    }

    @Test func otherLabsGoneRunsAndAChangedLabAreNotPassedOver() throws {
        let done = [(a as TaskID?, Mini.taskStarted()), (a, Mini.check("engine")), (a, Mini.taskFinished(.succeeded))]
        let other = try ReportScene.account(Mini.events([(nil, Mini.started(run: 2, lab: "other"))]))
        let strange = try ReportScene.run(5, [("9.9", Mini.taskStarted()), ("9.9", Mini.taskFinished(.succeeded))], digest: "d0")
        let report = try report([
            ReportScene.run(1, done, digest: "d0"), ReportJournal(number: 2, account: other),
            ReportJournal(number: 4, account: ReportScene.account([], torn: "{\"schema")), strange,
        ])
        #expect(report.runs.map(\.number) == [1, 5])
        #expect(report.caution("lab.changed")?.runs == [1])
        #expect(report.caution("lab.otherTasks")?.tasks == ["9.9"])
        #expect(report.caution("journal.unreadable")?.runs == [4])
        #expect(report.caution("run.gone")?.runs == [3])
        // Somebody made a folder with a high number. Nobody reads a list of all before it.
        let high = try ReportScene.run(999_999_999, done, digest: "d0")
        #expect(try ReportScene.report(spec(), [ReportScene.run(1, done, digest: "d0"), high])?.caution("run.gone")?.runs.count == 1000)
        #expect(try ReportScene.report(spec(), [ReportJournal(number: 2, account: other)]) == nil)
    }

    @Test func tornAndMissingLinesAreCounted() throws {
        let events = Mini.events([
            (nil, Mini.started(run: 1)), (a, Mini.taskStarted()), (a, Mini.taskFinished(.succeeded)), (nil, Mini.runFinished),
        ])
        #expect(try ReportScene.account(events).missing == 0)
        var gap = events
        gap.remove(at: 1)
        #expect(try ReportScene.account(gap).missing == 1)
        let torn = try ReportScene.account(events, torn: "{\"schema\":1,\"seq\":5,\"ti")
        #expect((torn.unreadable, torn.missing) == (1, 0))
        // A line whose end did not get onto a full disk is written again.
        let again = try ReportScene.account(Array(events[..<2]), torn: "{\"schema\":1,\"seq\":3,\"ti\n" + line(events[2]) + line(events[3]))
        #expect((again.unreadable, again.missing, again.events.count) == (1, 0, 4))
        let newer = try ReportScene.account([events[0]], torn: "{\"schema\":1,\"seq\":2,\"time\":1,\"type\":\"someday\"}\n")
        #expect(newer.unknown == 1)
        let report = try report([ReportJournal(number: 1, account: torn)])
        #expect(report.caution("journal.torn")?.runs == [1])
    }

    /// The quick reader of metrics says what the decoder says, or leaves the line to it.
    @Test func metricsAreReadAsTheDecoderReadsThem() throws {
        let metrics = [
            Metric(name: "loss", value: 2.335473, epoch: 1, step: 19, more: nil), Metric(name: "accuracy", value: 1, epoch: nil, step: nil),
            Metric(name: "a b", value: -1e-7, epoch: 0.5, step: nil, more: ["of": 10000, "value": 7]),
            Metric(name: "quote\"", value: 3, epoch: 1, step: nil), Metric(name: "x", value: 4, more: ["a}b": 1]),
            Metric(name: "x", value: 5, more: ["\"name\":\"y\",": 1]), Metric(name: "损失", value: 1e300, epoch: 1e300),
        ]
        let events = metrics.enumerated().map { Event(sequence: $0 + 1, time: 1000.25, task: $0 == 1 ? nil : a, payload: .metric($1)) }
        let read = try ReportScene.account(events).events
        #expect(read.count == events.count)
        for (event, original) in zip(read, events) {
            guard case .metric(var metric) = event.payload, case .metric(var expected) = original.payload else {
                Issue.record("\(event)")
                continue
            }
            (metric.more, expected.more) = (nil, nil)
            #expect(metric == expected && event.sequence == original.sequence && event.task == original.task && event.time == 1000.25)
        }
        let lines = [
            "{\"name\":\"x\",\"schema\":2,\"seq\":1,\"time\":1,\"type\":\"metric\",\"value\":1}", "{}", "{\"epoch\":1", "",
            "{\"name\":\"x\",\"schema\":1,\"seq\":1.5,\"time\":1,\"type\":\"metric\",\"value\":1}",
            "{\"name\":\"x\",\"schema\":1,\"seq\":1,\"time\":1,\"type\":\"metric\",\"value\":1} ",
        ]
        for line in lines {
            let event = Array(line.utf8).withUnsafeBytes { MetricLine.event($0) }
            #expect(event == nil, "\(line)")
        }
    }

    private func line(_ event: Event) throws -> String {
        String(decoding: try JSONEncoder().encode(event), as: UTF8.self) + "\n"
    }

    @Test func aTrainingIsToldByEpoch() throws {
        func metric(_ name: String, _ value: Double, _ epoch: Double?) -> (TaskID?, EventPayload) {
            (a, .metric(Metric(name: name, value: value, epoch: epoch)))
        }
        let losses = (0..<1000).map { metric("loss", 2 - Double($0) / 1000, Double(1 + $0 / 500)) }
        let run = try ReportScene.run(
            1,
            [(a, Mini.taskStarted())] + losses + [metric("accuracy", 0.9, 1), metric("accuracy", 0.95, 2)]
                + [(a, Mini.taskFinished(.succeeded))])
        let training = try report([run]).task(a).attempts[0].training
        #expect(training.accuracy == 0.95)
        #expect(training.epochs.map(\.number) == [1, 2])
        #expect(abs((training.epochs[0].mean["loss"] ?? 0) - 1.7505) < 1e-9)
        #expect(training.epochs[1].last["loss"] == 1.001)
        let chart = try #require(ReportChart(training, ReportWords(language: .en, utcOffset: 0)))
        #expect(chart.points.count <= 260 && chart.points.count > 100)
        #expect(chart.marks.map(\.label) == ["1", "2"])
        #expect(chart.points.first?.y == 1 && chart.points.last?.y == 0)
    }
}
