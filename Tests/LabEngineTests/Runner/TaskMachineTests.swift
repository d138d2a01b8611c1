import Testing

@testable import LabFile
@testable import LabRunner
@testable import LabSupport

@Suite struct TaskMachineTests {
    private static let error = LabError(codeText: "task.test", Text(verbatim: "it broke"))
    private static let other = TaskID(step: 1, number: 1)

    /// How a machine gets into each phase.
    private static let ways: [(name: String, inputs: [TaskMachine.Input])] = [
        ("waiting", []), ("looking", [.needsEnded]), ("acting", [.needsEnded, .looked(satisfied: false)]),
        ("checking", [.needsEnded, .looked(satisfied: false), .acted]), ("ended", [.cancelled]),
    ]

    private static let inputs: [(name: String, input: TaskMachine.Input)] = [
        ("needsEnded", .needsEnded), ("needFailed", .needFailed(other)), ("satisfied", .looked(satisfied: true)),
        ("unsatisfied", .looked(satisfied: false)), ("acted", .acted), ("waits", .waitsForStudent(error)), ("failed", .failed(error)),
        ("passed", .checked(failure: nil)), ("broken", .checked(failure: error)), ("cancelled", .cancelled),
    ]

    /// What follows; every pair that is not here changes nothing.
    private static let table: [String: TaskMachine.Command] = [
        "waiting needsEnded": .look,
        "waiting needFailed": .finish(.blocked, error: nil, blockedBy: other),
        "waiting failed": .finish(.failed, error: error, blockedBy: nil),
        "waiting cancelled": .finish(.cancelled, error: nil, blockedBy: nil),
        "looking satisfied": .finish(.satisfied, error: nil, blockedBy: nil),
        "looking unsatisfied": .act,
        "looking failed": .finish(.failed, error: error, blockedBy: nil),
        "looking cancelled": .finish(.cancelled, error: nil, blockedBy: nil),
        "acting acted": .check,
        "acting waits": .finish(.waiting, error: error, blockedBy: nil),
        "acting failed": .finish(.failed, error: error, blockedBy: nil),
        "acting cancelled": .finish(.cancelled, error: nil, blockedBy: nil),
        "checking passed": .finish(.succeeded, error: nil, blockedBy: nil),
        "checking broken": .finish(.failed, error: error, blockedBy: nil),
        "checking failed": .finish(.failed, error: error, blockedBy: nil),
        "checking cancelled": .finish(.cancelled, error: nil, blockedBy: nil),
    ]

    @Test(arguments: ways.map(\.name), inputs.map(\.name))
    func everyInputInEveryPhase(phase: String, input: String) throws {
        let way = try #require(Self.ways.first { $0.name == phase })
        let given = try #require(Self.inputs.first { $0.name == input })
        var machine = TaskMachine(actsAtOnce: false)
        for step in way.inputs { _ = machine.handle(step) }
        let before = machine
        let command = machine.handle(given.input)
        #expect(command == Self.table["\(phase) \(input)"])
        if command == nil { #expect(machine == before) }
        if case .finish(let outcome, _, _) = command { #expect(machine.phase == .ended(outcome)) }
    }

    @Test func aForcedTaskActsWithoutALook() {
        var machine = TaskMachine(actsAtOnce: true)
        #expect(machine.handle(.needsEnded) == .act)
        #expect(machine.phase == .acting)
    }
}
