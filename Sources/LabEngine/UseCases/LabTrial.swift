import HTTPTransport
package import LabFile
package import LabRunner

/// Tries a lab for its author, in a workspace of its own: nothing is done before the first run, everything after it, a second run has nothing
/// left to do, and cleaning leaves nothing on the engine.
///
/// The phases are called in this order: `before`, `run`, `again`, `clean`.
package struct LabTrial: Sendable {
    /// What is wrong with a sub-step, or with the whole lab.
    package enum Fault: Sendable, Equatable {
        /// Its checks pass although nothing has been done.
        case doneBefore
        /// The run didn't bring it to its end.
        case notDone(TaskState)
        /// It was done, and a later sub-step took its result away.
        case undone(TaskState)
        /// A second run performed it again.
        case repeated
        /// These stay on the engine after `clean`.
        case left([String])
    }

    /// A fault, and the sub-step that has it. Nil for the whole lab.
    package struct Found: Sendable, Equatable {
        package var task: TaskID?
        package var fault: Fault
    }

    package let lab: OpenedLab
    private let options: RunOptions

    /// `lab` is opened in an empty workspace. Its files are the lab's own reference solutions.
    package init(_ lab: OpenedLab, options: RunOptions) {
        self.lab = lab
        var options = options
        options.auto = true
        self.options = options
    }

    /// Looks before anything was done.
    package func before() async throws -> [Found] {
        let (verdicts, failure) = try await lab.inspection(lab.progress, options: options).verdicts(on: lab.spec.tasks.map(\.id))
        if let failure { throw failure }
        return verdicts.filter { $0.state.isDone && Self.mustBeOpen($0.task) }.map { Found(task: $0.task.id, fault: .doneBefore) }
    }

    /// A look at the machine changes nothing, so its checks pass before. An image may be there because another lab uses it, too.
    private static func mustBeOpen(_ task: LabTask) -> Bool {
        if case .image = task.action { return false }
        return task.action.hasResult && !task.checks.isEmpty
    }

    /// Starts the run of all sub-steps, the first time and the second. The caller follows it to its end, and then calls `ended`.
    package func launch() throws -> LaunchedRun { try lab.launch("all", options) }

    /// Waits until the runner's process has left the workspace: it lives a moment longer than its journal.
    package func ended(_ run: LaunchedRun) async throws {
        while RunnerProcess.exitCode(of: run.pid) == nil { try await Task.sleep(for: .milliseconds(10)) }
    }

    /// What the first run left undone, and what later sub-steps undid.
    package func afterRun() async throws -> [Found] {
        let progress = lab.progress
        let open = wanted.filter { !progress.state(of: $0).isSettled }
        let failed = open.map { Found(task: $0, fault: .notDone(progress.state(of: $0))) }
        let (verdicts, failure) = try await lab.inspection(progress, options: options).verdicts(on: wanted.filter { !open.contains($0) })
        if let failure { throw failure }
        let undone = verdicts.filter { !$0.isReading && !$0.state.isSettled }.map { Found(task: $0.task.id, fault: .undone($0.state)) }
        return failed + undone
    }

    /// Sub-steps that must be done. An optional one may fail.
    private var wanted: [TaskID] { lab.spec.tasks.filter { !$0.optional }.map(\.id) }

    /// What the second run performed again, although the first had done it.
    package func afterSecondRun(_ run: LaunchedRun, first: [Found]) -> [Found] {
        let known = Set(first.compactMap(\.task))
        return JournalReader.events(of: run.folder, types: ["taskFinished"]).compactMap { event in
            guard case .taskFinished(let end) = event.payload, end.outcome != .satisfied, let id = event.task, !known.contains(id),
                lab.spec.task(id)?.action.hasResult == true
            else { return nil }
            return Found(task: id, fault: .repeated)
        }
    }

    /// Removes what the lab made, and looks for what is left of it on the engine.
    package func clean() async throws -> [Found] {
        let cleaning = try await WorkspaceCleaning(lab.workspace, environment: lab.environment, onlyLooks: false)
        if let failure = cleaning.engineFailure { throw failure }
        _ = try await cleaning.perform()
        let docker = try await EngineFinder.reach(nil, http: CurlHTTPClient.shared, environment: lab.environment)
        let left = try await WorkspaceObjects(docker, lab.workspace, environment: lab.environment).list()
        return left.isEmpty ? [] : [Found(task: nil, fault: .left(left.map(\.name)))]
    }
}
