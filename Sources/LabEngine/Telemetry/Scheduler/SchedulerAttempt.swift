/// How the attempts to ask a scheduler went, and when the next one is due.
struct SchedulerAttempt {
    private static var maximumPause: Duration { .seconds(60) }

    private let pace: Duration
    private let failuresBeforeSlower: Int
    private let share: Int
    private(set) var pause: Duration
    /// How many failed since the last success.
    private(set) var failures = 0
    /// On the sampler's axis.
    private(set) var lastSuccess: Double?

    /// So many failures as `failuresBeforeSlower` don't make the pauses longer. The scheduler works for at most one part in `share` of the time.
    init(_ pace: Duration, failuresBeforeSlower: Int, share: Int) {
        self.pace = pace
        self.failuresBeforeSlower = failuresBeforeSlower
        self.share = share
        pause = pace
    }

    /// The slower the scheduler, the longer the pause. Without jobs, little can change.
    mutating func succeeded(at time: Double, after duration: Duration, isQuiet: Bool) {
        failures = 0
        lastSuccess = time
        pause = min(Self.maximumPause, max(isQuiet ? pace * 2 : pace, duration * share))
    }

    /// After `failuresBeforeSlower`, each failure doubles the pause.
    mutating func failed() {
        failures += 1
        guard failures > failuresBeforeSlower else { return }
        pause = min(Self.maximumPause, max(pace, pause) * 2)
    }
}
