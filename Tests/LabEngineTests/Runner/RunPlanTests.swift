import Testing

@testable import LabFile
@testable import LabRunner

@Suite struct RunPlanTests {
    private let a = TaskID(step: 1, number: 1)
    private let b = TaskID(step: 1, number: 2)
    private let c = TaskID(step: 1, number: 3)
    private let d = TaskID(step: 1, number: 4)

    private static let live = TaskLook(checks: [], isLive: true, isDone: true, isByHand: false)
    private static let past = TaskLook(checks: [], isLive: false, isDone: true, isByHand: false)
    private static let open = TaskLook(checks: [], isLive: false, isDone: false, isByHand: false)

    /// a ← b ← c, and d needs c and a.
    private var graph: LabGraph {
        LabGraph([Mini.task(a), Mini.task(b, needs: [a]), Mini.task(c, needs: [b]), Mini.task(d, needs: [c, a])])
    }

    private func plan(_ requested: [TaskID], _ looks: [TaskID: TaskLook], force: Bool = false) -> RunPlan {
        RunPlan(requested: requested, graph: graph, looks: looks, force: force)
    }

    @Test func whatIsDoneIsNotDoneAgain() {
        let plan = plan([a, b, c, d], [a: Self.live, b: Self.live, c: Self.live, d: Self.past])
        #expect(plan == RunPlan(toRun: [], done: [a, b, c, d]))
    }

    @Test func needsThatHoldAreLeftAloneAndOthersAreBroughtBack() {
        let looks = [a: Self.live, b: Self.past, c: Self.live, d: Self.open]
        #expect(plan([d], looks).toRun == [d])
        #expect(plan([c], [a: Self.live, b: Self.past, c: Self.open]).toRun == [b, c])
        #expect(plan([d], [:]).toRun == [a, b, c, d])
    }

    @Test func forceDoesAgainWhatWasAskedForAndNoMore() {
        let looks = [a: Self.live, b: Self.live, c: Self.live, d: Self.live]
        #expect(plan([c], looks, force: true) == RunPlan(toRun: [c], done: []))
    }

    @Test func whatFollowsATaskThatIsDoneAgainIsLookedAtInItsTurn() {
        let looks = [a: Self.live, b: Self.open, c: Self.live, d: Self.live]
        #expect(plan([a, b, c, d], looks) == RunPlan(toRun: [b, c, d], done: [a]))
        #expect(plan([b, d], looks) == RunPlan(toRun: [b], done: [d]))
    }

    @Test func whatIsLookedAtAgainBringsItsOwnNeedsBack() {
        // d follows c, which is done again, and needs a too, which held only until something ended it.
        let looks = [a: Self.past, b: Self.live, c: Self.open, d: Self.past]
        #expect(plan([c, d], looks).toRun == [a, c, d])
    }
}
