import LabFile
import LabRunner
import LabSupport

/// A report as one JSON object, for programs that compare many reports. It has kinds and codes instead of sentences. docs/report.md
/// describes its fields.
struct ReportJSON: Encodable {
    /// The version of the format. It's raised if a reader of the previous format would misunderstand.
    static let schema = 1

    private var type = "report"
    private var author: String
    private var version: String
    private var made: Double
    private var lab: Lab
    private var done: Int
    private var all: Int
    private var skipped: Int
    private var read: Int
    private var readings: Int
    private var states: [String: Int]
    @OrNull private var began: Double?
    @OrNull private var ended: Double?
    private var seconds: Double
    @OrNull private var runAtWork: Int?
    /// The accuracy of the last training that counts.
    @OrNull private var accuracy: Double?
    private var predictions: Predictions
    private var machine: Machine
    private var cautions: [Caution]
    private var steps: [Step]
    private var tasks: [Task]
    private var runs: [Run]
    private var besides: [Deed]
    private var workspace: String
    @OrNull private var besidesChain: Chain?

    init(_ report: LabReport) {
        author = report.author
        version = report.version
        made = report.made
        lab = Lab(report.lab)
        done = report.tally.done
        all = report.tally.all
        skipped = report.tally.skipped
        read = report.tally.read
        readings = report.tally.readings
        states = Dictionary(grouping: report.tasks, by: \.state.code).mapValues(\.count)
        began = report.began
        ended = report.ended
        seconds = Self.rounded(report.seconds)
        runAtWork = report.living
        accuracy = report.tasks.compactMap { $0.shown?.training.accuracy }.last
        let asked = report.tasks.flatMap { $0.shown?.predictions ?? [] }
        predictions = Predictions(all: asked.count, right: asked.count(where: \.right))
        machine = Machine(report.runs)
        cautions = report.cautions.map { Caution($0) }
        steps = report.steps.map { Step($0) }
        tasks = report.tasks.map { Task($0) }
        runs = report.runs.map { Run($0) }
        besides = report.deeds.map { Deed($0) }
        workspace = report.workspace
        besidesChain = Chain(report.deedChain)
    }

    /// The object on one line, with its seal. It can be put into a page as it is.
    var text: String { ReportSeal.sealed(ReportSeal.forMarkup(JSONText.line(self, schema: Self.schema))) }

    /// Rounded to a thousandth.
    static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

extension ReportJSON {
    struct Lab: Encodable {
        var id: String
        var title: Text
        var file: String
        @OrNull var sha256: String?
        var digest: String
        var studentVariables: [StudentVariable]

        init(_ lab: LabReport.Lab) {
            id = lab.id
            title = lab.title
            file = lab.file
            sha256 = lab.sha256
            digest = lab.digest
            studentVariables = lab.studentVariables.map { StudentVariable($0) }
        }
    }

    /// A variable that differs from student to student: a program that knows the student's name finds the value again.
    struct StudentVariable: Encodable {
        var name: String
        @OrNull var between: [Int]?
        @OrNull var among: [String]?
        /// The tasks that depend on it.
        var tasks: [TaskID]

        init(_ variable: LabReport.StudentVariable) {
            (name, tasks) = (variable.name, variable.tasks)
            switch variable.values {
            case .between(let first, let last): (between, among) = ([first, last], nil)
            case .among(let texts): (between, among) = (nil, texts)
            }
        }
    }

    /// What a step shows and what not.
    struct Step: Encodable {
        struct Line: Encodable {
            var text: String
            var proved: Bool
            var evidence: [String]
        }

        var step: Int
        var proved: [Line]
        var notProved: [String]

        init(_ step: LabReport.Step) {
            self.step = step.number
            proved = step.account?.lines.map { Line(text: $0.text.en, proved: $0.isProved, evidence: $0.evidence.map(\.en)) } ?? []
            notProved = step.account?.limits.map(\.en) ?? []
        }
    }

    struct Predictions: Encodable {
        var all: Int
        var right: Int
    }

    /// The machine from the last run that recorded it.
    struct Machine: Encodable {
        @OrNull var engine: Engine?
        @OrNull var device: String?
        @OrNull var processors: Int?
        @OrNull var memory: Double?

        init(_ runs: [LabReport.Run]) {
            engine = runs.compactMap(\.engine).last.map { Engine($0) }
            device = runs.compactMap(\.device).last?.device
            processors = runs.compactMap { $0.peaks?.processors }.max()
            memory = runs.compactMap { $0.peaks?.memoryTotal }.max()
        }
    }

    struct Engine: Encodable {
        var kind: String
        var version: String
        var api: String
        var endpoint: String
        var `private`: Bool

        init(_ engine: EngineConnected) {
            kind = engine.kind
            version = engine.version
            api = engine.apiVersion
            endpoint = engine.endpoint
            `private` = engine.isPrivate
        }
    }

    struct Caution: Encodable {
        var code: String
        var tasks: [TaskID]
        var runs: [Int]
        var details: [String]

        init(_ caution: LabReport.Caution) {
            code = caution.code
            tasks = caution.tasks
            runs = caution.runs
            details = caution.details
        }
    }

    struct Failure: Encodable {
        var code: String
        @OrNull var errno: Int32?
        @OrNull var httpStatus: Int?
        @OrNull var exitCode: Int?

        init(_ error: LabError) {
            code = error.codeText
            errno = error.errno
            httpStatus = error.httpStatus
            exitCode = error.exitCode
        }
    }
}
