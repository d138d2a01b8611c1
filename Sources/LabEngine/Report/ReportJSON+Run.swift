import Diagnosis
import LabFile
import LabRunner
import LabSupport

extension ReportJSON {
    struct Run: Encodable {
        var run: Int
        var selection: String
        var command: String
        var auto: Bool
        var quick: Bool
        var force: Bool
        var device: String
        var set: [String: String]
        var studentValues: [String: String]
        @OrNull var cured: String?
        var version: String
        @OrNull var labDigest: String?
        @OrNull var began: Double?
        @OrNull var ended: Double?
        var seconds: Double
        var outcome: String
        @OrNull var exitCode: Int32?
        @OrNull var engine: Engine?
        @OrNull var trainedOn: String?
        @OrNull var error: Failure?
        var causes: [String]
        var notices: [String]
        @OrNull var peaks: Peaks?
        var unreadable: Int
        var missing: Int
        @OrNull var chain: Chain?
        @OrNull var followsEarlier: Bool?
        var setBack: Double

        init(_ run: LabReport.Run) {
            self.run = run.number
            selection = run.selection
            command = run.command
            auto = run.options.auto
            quick = run.options.quick
            force = run.options.force
            device = run.options.device.rawValue
            set = run.options.set
            studentValues = run.studentValues
            cured = run.options.cure?.cause
            version = run.version
            labDigest = run.labDigest
            began = run.began
            ended = run.ended
            seconds = rounded(run.seconds)
            outcome = run.outcome.rawValue
            exitCode = run.exitCode
            engine = run.engine.map { Engine($0) }
            trainedOn = run.device?.device
            error = run.error.map { Failure($0) }
            causes = run.findings.map(\.cause)
            notices = run.notices.map(\.code)
            peaks = run.peaks.map { Peaks($0) }
            unreadable = run.unreadable
            missing = run.missing
            chain = Chain(run.chain)
            followsEarlier = run.followsEarlier
            setBack = rounded(run.setBack)
        }
    }

    /// How the lines of a journal follow each other.
    struct Chain: Encodable {
        @OrNull var first: String?
        @OrNull var head: String?
        var lines: Int
        var broken: Int
        var unlinked: Int

        /// Nil for a journal without a chain.
        init?(_ account: ChainAccount) {
            guard account.hasLinks else { return nil }
            first = account.first
            head = account.head
            lines = account.lines
            broken = account.broken
            unlinked = account.unlinked
        }
    }

    /// What happened outside of runs. Only the members of its kind exist.
    struct Deed: Encodable {
        var time: Double
        @OrNull var task: TaskID?
        var kind: String
        var removed: [String]?
        var verdict: String?
        var path: String?
        var settings: [String]?

        init(_ deed: LabReport.Deed) {
            time = deed.time
            task = deed.task
            switch deed.kind {
            case .skipped: kind = "skipped"
            case .unskipped: kind = "unskipped"
            case .reset(let objects):
                kind = "reset"
                removed = objects
            case .looked(let found):
                kind = "looked"
                verdict = found.rawValue
            case .settings(let words):
                kind = "settings"
                settings = words
            case .edited(let file):
                kind = "edited"
                path = file
            }
        }
    }

    struct Peaks: Encodable {
        struct Container: Encodable {
            var name: String
            @OrNull var task: TaskID?
            @OrNull var cpu: Double?
            @OrNull var memory: Double?
        }

        var samples: Int
        @OrNull var cpu: Double?
        @OrNull var memory: Double?
        @OrNull var gpuBusy: Double?
        @OrNull var gpuMemory: Double?
        @OrNull var gpuPower: Double?
        var containers: [Container]

        init(_ peaks: LabReport.Peaks) {
            samples = peaks.samples
            cpu = peaks.cpu.map(rounded)
            memory = peaks.memory
            gpuBusy = peaks.gpuBusy
            gpuMemory = peaks.gpuMemory
            gpuPower = peaks.gpuPower
            containers = peaks.containers.map {
                Container(name: $0.name, task: $0.task, cpu: $0.cpu.map(rounded), memory: $0.memory)
            }
        }
    }
}
