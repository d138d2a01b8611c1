package import LabSupport

/// All values of one moment. On disk and for `--json`, it's one line: `{"schema":1,"time":1790000000.25,"host":{…},…}`.
///
/// Missing values have a reason. A source without values leaves an `Absence`, and `late` names a source that's late.
package struct TelemetrySample: Sendable, Equatable, Codable {
    /// The version of the line's format. It increases if a reader of the previous format would misunderstand the line.
    package static let schema = 1

    package var schema = TelemetrySample.schema
    /// Seconds since 1970 on the sampler's axis: the wall clock at its start, plus a monotonic clock since then. So it never jumps.
    package var time: Double
    package var host: HostSample?
    package var gpu = GPUReading()
    package var containers = ContainerReading()
    package var servers: [ServerSample] = []
    package var schedulers: [SchedulerSample] = []
    /// The requests that ailab itself sends.
    package var requests: [RequestSample] = []
    package var training: TrainingSample?
    /// What happened since the previous sample.
    package var marks: [TelemetryMark] = []
    /// The sources whose newest value is too old to show.
    package var late: [String] = []
    /// One sentence that interprets the numbers.
    package var insight: Text?

    package init(time: Double) { self.time = time }

    /// True while a source that was just asked may answer soon.
    package var isIncomplete: Bool { schedulers.contains { $0.absence?.code == SchedulerSample.waitingCode } }

    /// Fields that an earlier version didn't write are empty.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        schema = try fields.decode(Int.self, forKey: .schema)
        time = try fields.decode(Double.self, forKey: .time)
        host = try fields.decodeIfPresent(HostSample.self, forKey: .host)
        gpu = try fields.decode(GPUReading.self, forKey: .gpu)
        containers = try fields.decode(ContainerReading.self, forKey: .containers)
        servers = try fields.decode([ServerSample].self, forKey: .servers)
        schedulers = try fields.decodeIfPresent([SchedulerSample].self, forKey: .schedulers) ?? []
        requests = try fields.decodeIfPresent([RequestSample].self, forKey: .requests) ?? []
        training = try fields.decodeIfPresent(TrainingSample.self, forKey: .training)
        marks = try fields.decode([TelemetryMark].self, forKey: .marks)
        late = try fields.decode([String].self, forKey: .late)
        insight = try fields.decodeIfPresent(Text.self, forKey: .insight)
    }
}

/// Why there's nothing to measure.
package struct Absence: Sendable, Equatable, Codable {
    /// A permanent identifier with dots.
    package var code: String
    package var reason: Text
    /// What the student can do about it.
    package var hint: Text?

    package init(_ code: String, _ reason: Text, hint: Text? = nil) {
        self.code = code
        self.reason = reason
        self.hint = hint
    }
}

/// An event on the time axis.
package struct TelemetryMark: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable {
        case taskStarted
        case taskFinished
        case epoch
        case request
        case container
    }

    package var time: Double
    package var kind: Kind
    package var text: Text

    package init(time: Double, kind: Kind, text: Text) {
        self.time = time
        self.kind = kind
        self.text = text
    }
}

/// The progress of a training, from the journal.
package struct TrainingSample: Sendable, Equatable, Codable {
    package var task: String?
    package var epoch: Double?
    package var loss: Double?
    /// 0…1.
    package var accuracy: Double?
    package var samplesPerSecond: Double?

    package init() {}
}
