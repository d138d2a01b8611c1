/// What is shown of a scheduler: its last answer, and, after a failure, what takes its place when it's too old.
struct SchedulerMemory {
    private let answer: SchedulerSample
    private var successor: (time: Double, sample: SchedulerSample)?

    init(_ answer: SchedulerSample) { self.answer = answer }

    /// From that time on, this sample is shown instead of the answer.
    mutating func replace(at time: Double, by sample: SchedulerSample) { successor = (time, sample) }

    func sample(at time: Double) -> SchedulerSample {
        if let successor, time >= successor.time { successor.sample } else { answer }
    }

    /// What the last attempt gave, even if it isn't shown yet.
    var newest: SchedulerSample { successor?.sample ?? answer }
}
