import Foundation
import TestSupport
import Testing

@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// The bar and the time that is left, over a played recording and over invented runs.
@Suite struct LabForecastTests {
    private let train: TaskID = "1.1"
    private let serve: TaskID = "1.2"

    private func task(_ id: TaskID, _ seconds: Int, _ action: LabAction = .facts(LabFactsAction([]))) -> LabTask {
        var task = Mini.task(id, action)
        task.expectedSeconds = seconds
        return task
    }

    private func event(_ time: Double, _ task: TaskID?, _ payload: EventPayload) -> Event {
        Event(sequence: 1, time: time, task: task, payload: payload)
    }

    private func epochs(_ done: Double, of total: Double) -> EventPayload {
        .progress(Progress(label: Text(verbatim: "Epoch"), done: done, total: total, unit: .epochs))
    }

    /// The recording of the demo, at every quarter of a second.
    @Test func thePlayedRecordingNeverGoesBack() throws {
        let lab = try LabSpecLoader.spec(path: Program.checkout + "/labs/lab5.yaml")
        let events = JournalReader.events(of: RunFolder(path: lab.directory + "/demo", number: 1))
        let start = try #require(events.first?.time)
        let end = try #require(events.last?.time)
        let tasks = lab.tasks
        var progress = LabProgress(lab)
        var next = events[...]
        var shares: [Double] = []
        var minutes: [Int] = []
        for tick in 0...Int((end - start) * 4) + 1 {
            let now = start + Double(tick) / 4
            while let event = next.first, event.time <= now {
                progress.apply(event, of: 1)
                next = next.dropFirst()
            }
            let forecast = LabForecast(tasks, progress, now: now)
            shares.append(forecast.share)
            minutes.append(forecast.minutesLeft)
        }
        #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 <= $1 }, "it never goes back")
        #expect(shares.last == 1 && minutes.last == 0)
        // The longest that the bar stands still, in seconds. A build of a minute moves it all the time.
        let moved = shares.indices.dropFirst().filter { shares[$0] > shares[$0 - 1] }
        let longest = zip(moved, moved.dropFirst()).map { $1 - $0 }.max() ?? 0
        #expect(longest <= 8, "\(longest) quarters of a second without a step")
        // Minutes are only taken back one at a time while the machine's speed becomes known.
        #expect(zip(minutes, minutes.dropFirst()).allSatisfy { $1 <= $0 + 1 }, "\(minutes)")
        #expect(Set(minutes).count > 2, "\(minutes)")
    }

    @Test func aTaskThatTakesLongerMovesOnAndNeverArrives() {
        let tasks = [task(train, 180), task(serve, 60)]
        var progress = LabProgress(Mini.spec(tasks))
        progress.apply([event(0, nil, Mini.started(run: 1)), event(0, train, Mini.taskStarted())], of: 1)
        var before = -1.0
        for now in stride(from: 0.0, to: 3600, by: 10) {
            let forecast = LabForecast(tasks, progress, now: now)
            #expect(forecast.share > before && forecast.share < 0.75)
            #expect(forecast.secondsLeft > 60, "what comes after it is still to do")
            before = forecast.share
        }
    }

    @Test func itsOwnCountingDecides() {
        let tasks = [task(train, 100), task(serve, 100)]
        var progress = LabProgress(Mini.spec(tasks))
        progress.apply(
            [event(0, nil, Mini.started(run: 1)), event(0, train, Mini.taskStarted()), event(0, train, epochs(0, of: 4))], of: 1)
        // This machine needs 200 seconds for an epoch.
        progress.apply([event(200, train, epochs(1, of: 4))], of: 1)
        let first = LabForecast(tasks, progress, now: 200)
        #expect(abs(first.share - 0.125) < 0.001)
        #expect(abs(first.secondsLeft - 700) < 1, "three epochs, and the other task")
        let later = LabForecast(tasks, progress, now: 399)
        #expect(later.share > first.share && later.share < 0.25)
        progress.apply([event(400, train, epochs(2, of: 4))], of: 1)
        #expect(LabForecast(tasks, progress, now: 400).share == 0.25)
    }

    @Test func whatThisMachineCannotDoIsNotLeft() {
        let tasks = [task(train, 100), task(serve, 100)]
        var progress = LabProgress(Mini.spec(tasks))
        progress.apply(
            [
                event(0, nil, Mini.started(run: 1)), event(0, train, Mini.taskStarted()),
                event(9, train, Mini.taskFinished(.succeeded, seconds: 9)),
                event(9, serve, Mini.taskStarted()), event(10, serve, Mini.taskFinished(.unavailable, seconds: 1)),
            ], of: 1)
        let forecast = LabForecast(tasks, progress, now: 10)
        #expect(forecast.share == 1 && forecast.minutesLeft == 0)
    }

    /// A script can print any number as its total.
    @Test func aTotalBeyondAllMeasureIsShownAsSuch() {
        let tasks = [task(train, 100)]
        var progress = LabProgress(Mini.spec(tasks))
        progress.apply(
            [event(0, nil, Mini.started(run: 1)), event(0, train, Mini.taskStarted()), event(9, train, epochs(1, of: 1e300))], of: 1)
        #expect(LabForecast(tasks, progress, now: 10).minutesLeft > 1_000_000)
    }

    @Test func theSpeedOfThisMachineCounts() {
        let tasks = [task(train, 600), task(serve, 600)]
        for (seconds, range) in [(600.0, 590.0...610.0), (1800, 1600...1800), (300, 300...350)] {
            var progress = LabProgress(Mini.spec(tasks))
            progress.apply(
                [
                    event(0, nil, Mini.started(run: 1)), event(0, train, Mini.taskStarted()),
                    event(seconds, train, Mini.taskFinished(.succeeded, seconds: seconds)),
                ], of: 1)
            let forecast = LabForecast(tasks, progress, now: seconds)
            #expect(forecast.share == 0.5, "the share is one of work, not of this machine's time")
            #expect(range.contains(forecast.secondsLeft), "\(seconds): \(forecast.secondsLeft)")
        }
    }

    @Test func runningAgainTakesNothingBack() {
        let tasks = [task(train, 100), task(serve, 100)]
        var progress = LabProgress(Mini.spec(tasks))
        progress.apply(
            [
                event(0, nil, Mini.started(run: 1)), event(0, train, Mini.taskStarted()),
                event(90, train, Mini.taskFinished(.succeeded, seconds: 90)), event(90, nil, Mini.runFinished),
            ], of: 1)
        progress.apply([event(200, nil, Mini.started(run: 2)), event(200, train, Mini.taskStarted())], of: 2)
        #expect(LabForecast(tasks, progress, now: 201).share == 0.5)
    }

    @Test func writingIsNotHalfOfTheLab() {
        let file = LabFileAction(path: "Dockerfile", template: Text(verbatim: "t"), reference: "r")
        let tasks = [task(train, 900, .file(file)), task(serve, 180)]
        let progress = LabProgress(Mini.spec(tasks))
        let forecast = LabForecast(tasks, progress, now: 0)
        #expect(forecast.secondsLeft == 180, "nobody knows how long a person writes")
        #expect(forecast.minutesLeft == 3)
    }

    @Test func everybodyCountsEpochsFromOne() {
        func number(_ done: Double, _ total: Double?) -> Double {
            Progress(label: Text(verbatim: "Epoch"), done: done, total: total, unit: .epochs).current
        }
        #expect([number(0, 5), number(1, 5), number(4, 5), number(5, 5), number(3, nil)] == [1, 2, 5, 5, 4])
        #expect(Progress(label: Text(verbatim: "x"), done: 0, total: 9, unit: .steps).current == 0)
    }

    @Test func smallNumbersKeepTheirDigits() {
        let shown = [2.335473, 0.178, 0.0012, 0.10, 0, 12.34, 123.4, 1e-12, -0.0056].map { ShownNumber.significant($0) }
        #expect(shown == ["2.34", "0.178", "0.0012", "0.10", "0.00", "12.3", "123", "0.00", "-0.0056"])
    }
}
