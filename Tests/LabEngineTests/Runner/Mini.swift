@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// Parts of labs, built without a file.
enum Mini {
    static func task(
        _ id: TaskID, _ action: LabAction = .facts(LabFactsAction([])), needs: [TaskID] = [], checks: [LabCheckSubject] = [],
        optional: Bool = false
    ) -> LabTask {
        LabTask(
            id: id, title: Text(verbatim: "Task \(id)"), text: Text(verbatim: ""), needs: needs, action: action,
            checks: checks.map { LabCheck(subject: $0) }, expectedSeconds: 1, optional: optional)
    }

    static func spec(
        _ tasks: [LabTask], directory: String = "/nonexistent", variables: [LabVariable] = [], images: [LabImage] = [],
        servers: [LabServer] = []
    ) -> LabSpec {
        let steps = Dictionary(grouping: tasks, by: \.id.step).sorted { $0.key < $1.key }
            .map { LabStep(number: $0.key, title: Text(verbatim: "Step \($0.key)"), tasks: $0.value) }
        return LabSpec(
            id: "mini", title: Text(verbatim: "Mini"), summary: Text(verbatim: ""), variables: variables, images: images, servers: servers,
            steps: steps, directory: directory)
    }

    static func started(
        run: Int, lab: String = "mini", options: RunOptions = RunOptions(), studentValues: [String: String]? = nil
    ) -> EventPayload {
        .runStarted(
            RunStarted(
                run: run, lab: lab, labFile: "/lab.yaml", version: "1", pid: 1, selection: "all", options: options, tasks: [],
                studentValues: studentValues))
    }

    static func taskStarted(_ fingerprint: String = "f") -> EventPayload {
        .taskStarted(TaskStarted(title: Text(verbatim: "T"), expectedSeconds: 1, commands: [], fingerprint: fingerprint))
    }

    static func taskFinished(_ outcome: TaskFinished.Outcome, _ fingerprint: String = "f", seconds: Double = 2) -> EventPayload {
        .taskFinished(TaskFinished(outcome: outcome, seconds: seconds, fingerprint: fingerprint))
    }

    static let runFinished = EventPayload.runFinished(RunFinished(outcome: .succeeded, exitCode: 0, seconds: 3))

    static func check(_ kind: String, _ standing: CheckResult.Standing = .passed, found: String = "found") -> EventPayload {
        .check(CheckResult(kind: kind, standing: standing, wanted: Text(verbatim: "wanted"), found: Text(verbatim: found)))
    }

    /// A journal's events, numbered and a second apart.
    static func events(_ payloads: [(TaskID?, EventPayload)], from time: Double = 1000) -> [Event] {
        payloads.enumerated().map { Event(sequence: $0 + 1, time: time + Double($0), task: $1.0, payload: $1.1) }
    }
}

extension TaskID: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        guard let id = TaskID(text) else { preconditionFailure("not a task id: \(text)") }
        self = id
    }
}
