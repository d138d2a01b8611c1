import Testing

@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// Answers, hints and settings in the journals, and what is told from them.
@Suite struct StudentHelpTests {
    private static let task: TaskID = "3.5"
    private static let low = Text(en: "low", zh: "低")
    private static let high = Text(en: "high", zh: "高")

    private static func spec(_ measured: LabQuestion.Quantity?) -> LabSpec {
        var task = Mini.task(Self.task)
        let choices = [
            LabQuestion.Choice(text: low, isRight: true, below: 0.5), LabQuestion.Choice(text: high, atLeast: 0.5),
        ]
        task.question = LabQuestion(
            text: Text(en: "q", zh: "问"), choices: choices, measured: measured, isShare: true, because: Text(en: "Why.", zh: "原因。"))
        return Mini.spec([task])
    }

    private static func progress(_ spec: LabSpec, _ answer: Text, _ found: [EventPayload]) -> LabProgress {
        var progress = LabProgress(spec)
        progress.apply(
            Mini.events([(task, .questionAnswered(QuestionAnswered(question: Text(en: "q", zh: "问"), answer: answer)))]))
        var run: [(TaskID?, EventPayload)] = [(nil, Mini.started(run: 1)), (task, Mini.taskStarted())]
        run += found.map { (task, $0) }
        run.append((task, Mini.taskFinished(.succeeded)))
        progress.apply(Mini.events(run), of: 1)
        return progress
    }

    private static func expectation(_ spec: LabSpec, _ progress: LabProgress) throws -> LabRunner.Expectation {
        let task = try #require(spec.task(task))
        let found = LabRunner.Expectation(task, progress)
        return try #require(found)
    }

    @Test func anAnswerIsComparedWithWhatWasMeasured() throws {
        let spec = Self.spec(.captured("accuracy"))
        let captured = EventPayload.captured(Captured(name: "accuracy", value: "0.9849"))
        let right = try Self.expectation(spec, Self.progress(spec, Self.high, [captured]))
        #expect(right.isRight == true)
        #expect(right.lines.map(\.en) == ["You expected: high", "Measured: 98.5%, as you expected", "Why."])
        let wrong = try Self.expectation(spec, Self.progress(spec, Self.low, [captured]))
        #expect(wrong.isRight == false)
        #expect(wrong.lines[1].en == "Measured: 98.5%, so: high")
    }

    /// If nothing is measured, the right choice doesn't depend on the machine. It was promised before the run.
    @Test func whatIsRightIsToldWhereTheMachineCannotDoIt() throws {
        func lines(_ measured: LabQuestion.Quantity?) throws -> [String] {
            let spec = Self.spec(measured)
            var progress = LabProgress(spec)
            progress.apply(
                Mini.events([(Self.task, .questionAnswered(QuestionAnswered(question: Text(en: "q", zh: "问"), answer: Self.high)))]))
            progress.apply(
                Mini.events([(nil, Mini.started(run: 1)), (Self.task, Mini.taskStarted()), (Self.task, Mini.taskFinished(.unavailable))]),
                of: 1)
            return try Self.expectation(spec, progress).lines.map(\.en)
        }
        #expect(try lines(nil) == ["You expected: high", "It is: low", "Why."])
        #expect(try lines(.seconds) == ["You expected: high"])
    }

    @Test func factsAndMetricsAndPredictionsAnswerToo() throws {
        let fact = Self.spec(.fact("table", pattern: #"share (\S+)"#))
        let table = EventPayload.fact(Fact(name: "table", text: Text(en: "share 0.2 of it", zh: "0.2")))
        #expect(try Self.expectation(fact, Self.progress(fact, Self.low, [table])).isRight == true)
        let metric = Self.spec(.metric("accuracy"))
        let values = [0.1, 0.9].map { EventPayload.metric(Metric(name: "accuracy", value: $0, epoch: nil, step: nil, more: nil)) }
        #expect(try Self.expectation(metric, Self.progress(metric, Self.high, values)).isRight == true)
        let prediction = Self.spec(.prediction(.probability))
        let cat = EventPayload.prediction(
            Prediction(
                model: "m", picture: "cat.jpg", expected: ["cat"], top: [Prediction.Label(label: "cat", probability: 0.4)], right: true,
                seconds: 1))
        #expect(try Self.expectation(prediction, Self.progress(prediction, Self.low, [cat])).isRight == true)
    }

    @Test func aMeasuredWordIsShownAsTheChoiceThatItMeans() throws {
        var task = Mini.task(Self.task)
        let choices = [LabQuestion.Choice(text: Self.low, pattern: "^little$"), LabQuestion.Choice(text: Self.high, pattern: "^much$")]
        task.question = LabQuestion(
            text: Text(en: "q", zh: "问"), choices: choices, measured: .fact("table", pattern: #"is (\S+)"#), isShare: false,
            because: Text(en: "Why.", zh: "原因。"))
        let spec = Mini.spec([task])
        let table = EventPayload.fact(Fact(name: "table", text: Text(verbatim: "it is little")))
        let lines = { (answer: Text) in try Self.expectation(spec, Self.progress(spec, answer, [table])).lines.map(\.en)[1] }
        #expect(try lines(Self.high) == "Measured: low")
        #expect(try lines(Self.low) == "Measured: low, as you expected")
    }

    @Test func withoutAMeasurementTheLabSaysWhatIsRight() throws {
        let spec = Self.spec(nil)
        let expectation = try Self.expectation(spec, Self.progress(spec, Self.high, []))
        #expect(expectation.isRight == false)
        #expect(expectation.lines.map(\.en) == ["You expected: high", "It is: low", "Why."])
    }

    @Test func nothingIsComparedBeforeThereIsAResult() throws {
        let spec = Self.spec(.captured("accuracy"))
        var progress = LabProgress(spec)
        #expect(LabRunner.Expectation(try #require(spec.task(Self.task)), progress) == nil)
        progress.apply(
            Mini.events([(Self.task, .questionAnswered(QuestionAnswered(question: Text(en: "q", zh: "问"), answer: Self.high)))]))
        #expect(try Self.expectation(spec, progress).lines.map(\.en) == ["You expected: high"])
        progress.apply(Mini.events([(nil, Mini.started(run: 1)), (Self.task, Mini.taskStarted())]), of: 1)
        #expect(try Self.expectation(spec, progress).outcome == nil, "an answer outlives the next attempt")
    }

    @Test func theHighestHintCounts() {
        var progress = LabProgress()
        for number in [1, 3, 2] {
            progress.apply(Mini.events([(Self.task, .hintOpened(HintOpened(number: number, all: 4, level: .pointer)))]))
        }
        progress.apply(Mini.events([(Self.task, .taskReset(TaskReset(removed: [])))]))
        #expect(progress.help.hints[Self.task]?.number == 3, "a reset takes no hint back")
    }

    @Test func theNewerOfARunAndTheSavedSettingsCounts() {
        var progress = LabProgress()
        var options = RunOptions()
        options.auto = true
        options.set = ["epochs": "5"]
        progress.apply(Mini.events([(nil, Mini.started(run: 1, options: options)), (nil, Mini.runFinished)]), of: 1)
        #expect(progress.options.set == ["epochs": "5"])
        progress.apply(Mini.events([(nil, .settingsChanged(SettingsChanged(quick: true, device: .cpu, set: [:])))]))
        #expect(progress.options.quick && progress.options.device == .cpu && progress.options.set.isEmpty)
        #expect(progress.options.auto, "other options of the last run stay")
        progress.apply(Mini.events([(nil, Mini.started(run: 2, options: options)), (nil, Mini.runFinished)]), of: 2)
        #expect(!progress.options.quick && progress.options.set == ["epochs": "5"])
        #expect(progress.help.settings?.quick == true)
    }

    @Test func aStepTellsWhatItShowedAndWhatNot() {
        var spec = Mini.spec([Mini.task("3.5"), Mini.task("3.6")])
        spec.steps[0].proofs = [
            LabProof(text: Text(verbatim: "It learns."), by: ["3.5"]), LabProof(text: Text(verbatim: "It stays."), by: ["3.5", "3.6"]),
        ]
        spec.steps[0].limits = [Text(verbatim: "Handwriting.")]
        let progress = Self.progress(spec, Self.high, [.captured(Captured(name: "accuracy", value: "0.98"))])
        let account = StepAccount(spec.steps[0], progress)
        #expect(account.lines.map(\.isProved) == [true, false])
        #expect(account.lines.map { $0.evidence.map(\.en) } == [["3.5: accuracy 98.0%"], []])
        #expect(account.limits.map(\.en) == ["Handwriting."] && !account.isEmpty)
    }
}
