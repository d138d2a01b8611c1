import TestSupport
import Testing

@testable import LabFile
@testable import LabRunner
@testable import LabSupport

@Suite struct RunMachineTests {
    private let a = TaskID(step: 1, number: 1)
    private let b = TaskID(step: 1, number: 2)
    private let c = TaskID(step: 1, number: 3)
    private let d = TaskID(step: 1, number: 4)
    private let error = LabError(codeText: "task.test", Text(verbatim: "it broke"))

    private func machine(_ needs: [TaskID: [TaskID]]) -> RunMachine {
        RunMachine(plan: [a, b, c, d], needs: needs, actsAtOnce: [a, b, c, d])
    }

    @Test func independentTasksBeginTogetherAndTheOthersAfterTheirNeeds() {
        var run = machine([c: [a, b], d: [c]])
        #expect(run.start() == [.init(task: a, command: .act), .init(task: b, command: .act)])
        #expect(run.handle(a, .acted) == [.init(task: a, command: .check)])
        #expect(run.handle(a, .checked(failure: nil)).map(\.task) == [a])
        _ = run.handle(b, .acted)
        let steps = run.handle(b, .checked(failure: nil))
        #expect(steps.last == .init(task: c, command: .act))
        #expect(run.machines[d]?.phase == .waiting)
    }

    @Test func aFailureBlocksTheWholeChainBehindItAndNothingElse() {
        var run = machine([b: [a], c: [b]])
        _ = run.start()
        let steps = run.handle(a, .failed(error))
        #expect(
            steps == [
                .init(task: a, command: .finish(.failed, error: error, blockedBy: nil)),
                .init(task: b, command: .finish(.blocked, error: nil, blockedBy: a)),
                .init(task: c, command: .finish(.blocked, error: nil, blockedBy: b)),
            ])
        #expect(run.machines[d]?.phase == .acting)
        #expect(!run.isFinished)
    }

    @Test func aTaskThatWaitsForTheStudentBlocksWhatNeedsIt() {
        var run = machine([b: [a]])
        _ = run.start()
        _ = run.handle(a, .waitsForStudent(error))
        #expect(run.outcome(of: b) == .blocked)
        #expect(run.outcome(of: c) == nil)
    }

    @Test func whatThisMachineCannotDoBlocksWhatNeedsItAndNothingElse() {
        var run = machine([b: [a]])
        _ = run.start()
        let steps = run.handle(a, .unavailable(error))
        #expect(steps.first == .init(task: a, command: .finish(.unavailable, error: error, blockedBy: nil)))
        #expect(run.outcome(of: b) == .blocked)
        #expect(run.machines[c]?.phase == .acting)
    }

    @Test func aMeasurementWaitsUntilNobodyElseWorksAndNobodyStartsBesideIt() {
        let all: Set = [a, b, c, d]
        var run = RunMachine(plan: [a, b, c, d], needs: [d: [a]], actsAtOnce: all, alone: [b])
        #expect(run.start().map(\.task) == [a, c])
        _ = run.handle(a, .failed(error))
        #expect(run.machines[b]?.phase == .waiting, "c is at work")
        #expect(run.handle(c, .failed(error)).last == .init(task: b, command: .act))
        _ = run.handle(b, .acted)
        _ = run.handle(b, .checked(failure: nil))
        #expect(run.isFinished)
    }

    @Test func nothingStartsBesideAMeasurement() {
        var run = RunMachine(plan: [a, b, c], needs: [:], actsAtOnce: [a, b, c], alone: [a, b])
        #expect(run.start().map(\.task) == [a])
        let steps = run.handle(a, .failed(error))
        #expect(steps.map(\.task) == [a, b])
        #expect(run.stop(busy: [b]).map(\.task) == [c])
        #expect(run.handle(b, .cancelled).map(\.task) == [b])
        #expect(run.isFinished)
    }

    @Test func needsOutsideOfThePlanAreDone() {
        var run = RunMachine(plan: [b], needs: [b: [a]], actsAtOnce: [])
        #expect(run.start() == [.init(task: b, command: .look)])
    }

    @Test func stoppingEndsWhatNobodyWorksOnAndLeavesTheRestToItsAnswer() {
        var run = machine([c: [a], d: [c]])
        _ = run.start()
        let stopped = run.stop(busy: [a, b])
        #expect(Set(stopped.map(\.task)) == [c, d])
        #expect(run.outcome(of: a) == nil)
        #expect(run.handle(a, .cancelled).map(\.task) == [a])
        #expect(run.handle(b, .cancelled).map(\.task) == [b])
        #expect(run.isFinished)
    }

    @Test(arguments: [TaskMachine.Input.acted, .looked(satisfied: false)])
    func anAnswerUnderWayWhenTheRunIsStoppedBeginsNothing(answer: TaskMachine.Input) {
        var run = RunMachine(plan: [a, b], needs: [b: [a]], actsAtOnce: answer == .acted ? [a] : [])
        _ = run.start()
        _ = run.stop(busy: [a])
        #expect(run.handle(a, answer) == [.init(task: a, command: .finish(.cancelled, error: nil, blockedBy: nil))])
        #expect(run.isFinished)
    }

    @Test func anAnswerThatEndsATaskCountsAlsoAfterTheStop() {
        var run = machine([b: [a]])
        _ = run.start()
        _ = run.handle(a, .acted)
        _ = run.stop(busy: [a, c, d])
        _ = run.handle(a, .checked(failure: nil))
        #expect(run.outcome(of: a) == .succeeded)
        #expect(run.outcome(of: b) == .cancelled)
    }

    @Test func stoppingBeforeTheBeginningBeginsNothing() {
        var run = machine([:])
        _ = run.stop(busy: [])
        #expect(run.start() == [])
        #expect(run.isFinished)
    }

    // MARK: Random runs

    /// Plays a run on a random graph with random answers to its end; returns the graph and the machine.
    private func play(_ random: inout SplitMix, stops: Bool) -> (needs: [TaskID: [TaskID]], machine: RunMachine, begun: Int) {
        let count = Int.random(in: 1...12, using: &random)
        let tasks = (1...count).map { TaskID(step: 1, number: $0) }
        var needs: [TaskID: [TaskID]] = [:]
        for (index, task) in tasks.enumerated() { needs[task] = tasks[..<index].filter { _ in Int.random(in: 0..<4, using: &random) == 0 } }
        let atOnce = Set(tasks.filter { _ in Bool.random(using: &random) })
        var run = RunMachine(plan: tasks, needs: needs, actsAtOnce: atOnce)
        var jobs: [RunMachine.Step] = run.start()
        var begun = 0
        let stopAfter = stops ? Int.random(in: 0..<(2 * count), using: &random) : .max
        while let index = jobs.indices.randomElement(using: &random) {
            let job = jobs.remove(at: index)
            guard let input = answer(to: job.command, &random) else { continue }
            begun += 1
            if begun == stopAfter { jobs += run.stop(busy: Set(jobs.filter(\.isWork).map(\.task) + [job.task])) }
            jobs += run.handle(job.task, input)
        }
        return (needs, run, begun)
    }

    private func answer(to command: TaskMachine.Command, _ random: inout SplitMix) -> TaskMachine.Input? {
        let bad = Int.random(in: 0..<6, using: &random) == 0
        switch command {
        case .look: return bad ? .failed(error) : .looked(satisfied: Bool.random(using: &random))
        case .act: return bad ? [.failed(error), .waitsForStudent(error)].randomElement(using: &random) : .acted
        case .check: return .checked(failure: bad ? error : nil)
        case .finish: return nil
        }
    }

    @Test(arguments: 0..<300)
    func everyRunEndsAndEachTaskForAReason(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let (needs, run, _) = play(&random, stops: false)
        #expect(run.isFinished)
        for (task, before) in needs {
            let outcomes = before.map { run.outcome(of: $0) }
            let allWell = outcomes.allSatisfy { $0 == .succeeded || $0 == .satisfied }
            // Blocked exactly where something that it needs did not end well.
            #expect((run.outcome(of: task) == .blocked) == !allWell)
        }
    }

    @Test(arguments: 0..<300)
    func everyStoppedRunEnds(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        #expect(play(&random, stops: true).machine.isFinished)
    }
}

extension RunMachine.Step {
    fileprivate var isWork: Bool { if case .finish = command { false } else { true } }
}
