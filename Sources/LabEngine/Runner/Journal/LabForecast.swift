package import LabFile
import LabSupport

/// How far the work of a lab is, and how long the rest takes on this machine.
///
/// It's a pure function of the fold and the clock, so every view shows the same figures. The share never goes back while tasks run and
/// succeed: the weights are those of the lab file, and the part of a running task depends only on its own time and its own counting.
package struct LabForecast: Sendable, Equatable {
    /// The part of the work that is done, 0…1.
    package private(set) var share = 0.0
    /// How long the machine still works. The time for writing and reading isn't in it, because nobody can know that.
    package private(set) var secondsLeft = 0.0

    /// The weight of a task in which a person works, in seconds of machine time. With its real time, writing a file would be half of the lab.
    private static let maximumHandSeconds = 60.0

    package init(_ tasks: [LabTask], _ progress: LabProgress, now: Double) {
        var all = 0.0
        var done = 0.0
        let pace = MachinePace(tasks, progress)
        for task in tasks where !task.action.isReading && progress.state(of: task.id) != .skipped {
            let weight = task.isWorkByHand ? min(Self.maximumHandSeconds, Double(task.expectedSeconds)) : Double(task.expectedSeconds)
            let part = TaskPart(task, progress, pace, now: now)
            all += weight
            done += weight * part.share
            if !task.isWorkByHand { secondsLeft += part.secondsLeft }
        }
        share = all > 0 ? min(1, done / all) : 0
    }

    /// The time that is left, as a person would say it: whole minutes, and rounder the more there are.
    package var minutesLeft: Int {
        let minutes = (secondsLeft / 60).rounded()
        let step = minutes >= 60 ? 10.0 : minutes >= 20 ? 5 : 1
        return Int(shown: (minutes / step).rounded() * step)
    }
}

/// How much of one task is done, and how long the rest takes.
private struct TaskPart {
    var share = 0.0
    var secondsLeft = 0.0

    init(_ task: LabTask, _ progress: LabProgress, _ pace: MachinePace, now: Double) {
        let record = progress.records[task.id]
        let state = progress.state(of: task.id)
        guard state == .running, let record, let began = record.began else {
            // Nothing is left of what this machine can't do. If it counted no longer, the share could go back.
            share = state.isSettled ? 1 : 0
            secondsLeft = state.isSettled ? 0 : pace.seconds(task, at: now)
            return
        }
        let passed = max(0, now - began)
        let expected = max(1, pace.seconds(task, at: began))
        if let pace = record.pace, pace.total > pace.first.done {
            // The time before the first count keeps its part, and the counts share the rest. Between two counts, time moves the share on, but
            // it can't pass the next count.
            let start = Self.approach((pace.first.time - began) / expected)
            let counted = pace.done - pace.first.done
            let total = pace.total - pace.first.done
            let unit = max(0.1, counted > 0 ? (pace.time - pace.first.time) / counted : expected * (1 - start) / total)
            let within = counted < total ? Self.approach((now - pace.time) / unit) : 0
            share = min(1, start + (1 - start) * (counted + within) / total)
            secondsLeft = max(0, total - counted - within) * unit
        } else {
            share = Self.approach(passed / expected)
            // A task that takes longer than usual goes on for a while.
            secondsLeft = max(expected * (1 - share), passed * 0.1)
        }
        // The result of a task that runs again still counts.
        if record.standing == .done { share = 1 }
    }

    /// 0.9 when the expected time has passed. After that it goes on ever more slowly, and never reaches 1.
    private static func approach(_ ratio: Double) -> Double { ratio <= 1 ? 0.9 * max(0, ratio) : 1 - 0.1 / ratio }
}

/// How fast this machine is, compared with the times in the lab file.
private struct MachinePace {
    /// How many seconds of a usual machine count as known before anything has run.
    private static let prior = 60.0

    private let finished: [(time: Double, seconds: Double, expected: Double)]
    private let planned: [TaskID: Double]

    init(_ tasks: [LabTask], _ progress: LabProgress) {
        finished = tasks.compactMap { task in
            guard !task.isWorkByHand, let success = progress.success(of: task.id), success.seconds > 0 else { return nil }
            let expected = Double(task.expectedSeconds(isQuick: success.options.quick))
            // A result from a cache says little about the machine, and neither does a task that waited for the network.
            return (success.time, min(max(success.seconds, expected / 4), expected * 6), expected)
        }
        planned = Dictionary(
            tasks.map { ($0.id, Double($0.expectedSeconds(isQuick: progress.options.quick))) }, uniquingKeysWith: { first, _ in first })
    }

    /// The expected seconds of a task, from what this machine had finished at a time.
    func seconds(_ task: LabTask, at time: Double) -> Double {
        let known = finished.filter { $0.time <= time }
        let ratio = (known.reduce(Self.prior) { $0 + $1.seconds }) / (known.reduce(Self.prior) { $0 + $1.expected })
        return (planned[task.id] ?? 0) * ratio
    }
}

extension LabTask {
    /// The usual time, in seconds.
    package func expectedSeconds(isQuick: Bool) -> Int { isQuick ? expectedQuickSeconds ?? expectedSeconds : expectedSeconds }

    /// A person works here: writes a file, or uses a shell.
    var isWorkByHand: Bool {
        if case .file = action { return true }
        return action.isInteractive
    }
}

extension Progress {
    /// The number to show. A training says "epoch 1" while it's in the first one, and so does everything that shows its progress.
    package var current: Double { unit == .epochs ? min(done + 1, max(done, total ?? .infinity)) : done }
}
