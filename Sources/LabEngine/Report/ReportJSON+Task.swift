import Diagnosis
import LabFile
import LabRunner
import LabSupport

extension ReportJSON {
    struct Task: Encodable {
        var task: TaskID
        var step: Int
        var title: Text
        var state: String
        var homework: Bool
        var byHand: Bool
        var reference: Bool
        var ownFile: Bool
        @OrNull var hints: Hints?
        @OrNull var expectation: Expected?
        var standIns: [String]
        @OrNull var run: Int?
        @OrNull var doneAt: Double?
        @OrNull var seconds: Double?
        @OrNull var counted: Int?
        var attempts: [Attempt]
        @OrNull var checkedIn: Int?
        var checks: [Check]

        init(_ subStep: LabReport.SubStep) {
            task = subStep.id
            step = subStep.id.step
            title = subStep.title
            state = subStep.state.code
            homework = subStep.isHomework
            byHand = subStep.isByHand
            reference = subStep.usesReference
            ownFile = subStep.hasOwnFile
            hints = subStep.hints.map { Hints(opened: $0.number, all: $0.all, level: $0.level.rawValue) }
            expectation = subStep.expectation.map { Expected($0) }
            standIns = subStep.standIns
            run = subStep.shown?.run ?? subStep.doneIn
            doneAt = subStep.doneAt
            seconds = subStep.shown?.seconds.map(rounded)
            counted = subStep.counted
            attempts = subStep.attempts.map { Attempt($0) }
            checkedIn = subStep.checkedIn
            checks = subStep.checks.map { Check($0) }
        }
    }

    struct Hints: Encodable {
        var opened: Int
        var all: Int
        var level: String
    }

    struct Expected: Encodable {
        var answer: String
        @OrNull var measured: String?
        @OrNull var outcome: String?
        @OrNull var asExpected: Bool?

        init(_ expectation: Expectation) {
            answer = expectation.given.answer.en
            measured = expectation.outcome?.measured?.en
            outcome = expectation.outcome?.choice?.text.en
            asExpected = expectation.isRight
        }
    }

    struct Check: Encodable {
        var kind: String
        var standing: String
        var wanted: String
        var found: String
        @OrNull var nearest: String?

        init(_ check: CheckResult) {
            kind = check.kind
            standing = check.standing.rawValue
            wanted = check.wanted.en
            found = check.found.en
            nearest = check.nearest?.en
        }
    }

    struct Attempt: Encodable {
        var run: Int
        var began: Double
        @OrNull var seconds: Double?
        var outcome: String
        var reset: Bool
        var commands: [String]
        var fingerprint: String
        var created: [Object]
        var notices: [NoticeCode]
        var facts: [NamedFact]
        var sources: [Source]
        var failedSources: [FailedSource]
        var captured: [String: String]
        var predictions: [Answer]
        @OrNull var training: Training?
        var shell: Bool
        @OrNull var tookOver: Int?
        @OrNull var error: Failure?
        var causes: [String]
        @OrNull var help: Help?

        init(_ attempt: LabReport.Attempt) {
            run = attempt.run
            began = attempt.began
            seconds = attempt.seconds.map(rounded)
            outcome = attempt.outcome.rawValue
            reset = attempt.isReset
            commands = attempt.commands
            fingerprint = attempt.fingerprint
            created = attempt.created.map { Object(kind: $0.kind.rawValue, name: $0.name, id: $0.id) }
            notices = attempt.notices.map { NoticeCode(code: $0.code, level: $0.level.rawValue) }
            facts = attempt.facts.map { NamedFact(name: $0.name, text: $0.text.en, table: $0.table) }
            sources = attempt.sources.map { Source(what: $0.what, source: $0.source, standIn: $0.standIn) }
            failedSources = attempt.failedSources.map {
                FailedSource(what: $0.what, source: $0.source, code: $0.error.codeText)
            }
            captured = Dictionary(attempt.captured.map { ($0.name, $0.value) }) { $1 }
            predictions = attempt.predictions.map { Answer($0) }
            training = attempt.training.isEmpty ? nil : Training(attempt.training)
            shell = attempt.hadShell
            tookOver = attempt.tookOver?.run
            error = attempt.error.map { Failure($0) }
            causes = attempt.findings.map(\.cause)
            help = attempt.help.map { Help($0) }
        }
    }

    struct Object: Encodable {
        var kind: String
        var name: String
        @OrNull var id: String?
    }

    struct NoticeCode: Encodable {
        var code: String
        var level: String
    }

    struct NamedFact: Encodable {
        var name: String
        var text: String
        var table: ResultTable?
    }

    struct Source: Encodable {
        var what: String
        var source: String
        var standIn: Bool
    }

    struct FailedSource: Encodable {
        var what: String
        var source: String
        var code: String
    }

    /// A model's answer about one picture.
    struct Answer: Encodable {
        var model: String
        var picture: String
        var expected: [String]
        var top: [Prediction.Label]
        var right: Bool
        var seconds: Double

        init(_ prediction: Prediction) {
            model = prediction.model
            picture = prediction.picture
            expected = prediction.expected
            top = prediction.top
            right = prediction.right
            seconds = rounded(prediction.seconds)
        }
    }

    struct Training: Encodable {
        struct Epoch: Encodable {
            var epoch: Double
            var last: [String: OrNull<Double>]
            var mean: [String: OrNull<Double>]
        }

        @OrNull var accuracy: Double?
        var epochs: [Epoch]
        var losses: Int

        init(_ training: LabReport.Training) {
            accuracy = training.accuracy
            // A training that diverges prints "nan".
            epochs = training.epochs.map { epoch in
                Epoch(
                    epoch: epoch.number, last: epoch.last.mapValues { OrNull(wrappedValue: $0) },
                    mean: epoch.mean.mapValues { OrNull(wrappedValue: rounded($0)) })
            }
            losses = training.losses.count
        }
    }

    /// Why a later attempt succeeded. `cause` and `details` exist only for the kinds that have them.
    struct Help: Encodable {
        var kind: String
        var run: Int
        var cause: String?
        var details: [String]?

        init(_ help: LabReport.Help) {
            run = help.run
            switch help {
            case .cure(let cure, _):
                kind = "cure"
                cause = cure.cause
                details = cure.commands
            case .options(let options, _):
                kind = "options"
                details = options
            case .inputs: kind = "inputs"
            case .unrecorded: kind = "unrecorded"
            }
        }
    }
}
