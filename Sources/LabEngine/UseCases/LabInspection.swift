import HTTPTransport
package import LabFile
package import LabRunner

/// Looks at the tasks of a lab on this machine, without a run: nothing is recorded and nothing changed.
package struct LabInspection: Sendable {
    /// How a task stands.
    package enum Standing: String, Sendable {
        case done
        /// Done in another terminal: there is no record of it.
        case byHand
        /// It was done, and what it was made of has changed since.
        case outdated
        /// It was done, and what it left is no longer there.
        case lost
        case open
    }

    /// What a look at one task gave.
    package struct Verdict: Sendable {
        package var task: LabTask
        package var standing: Standing
        package var checks: [CheckResult]
        /// The run in which it was last brought to its end.
        package var run: Int?

        package var isDone: Bool { standing == .done || standing == .byHand }
    }

    private let context: RunContext
    private let history: RunHistory

    /// Prepares to look with the variables that `options` give. An engine that does not answer keeps from looking at what needs one.
    package init(
        _ raw: LabSpec, _ workspace: Workspace, history: RunHistory, options: RunOptions, environment: [String: String]
    ) async throws {
        let http = CurlHTTPClient.shared
        let engine = RunEngine(http: http, environment: environment)
        let device = try await DeviceChooser(engine: engine).choose(options.device)
        context = try RunContext(
            filling: raw, engine: engine, http: http, workspace: workspace, run: 0, options: options, device: device.device,
            environment: environment, journal: .discarding())
        self.history = history
    }

    /// The lab with its variables filled in, and the means to look.
    package var run: RunContext { context }

    /// Looks at all of them at once; the verdicts come in the order asked for. Throws why the engine does not answer where one of them
    /// cannot be looked at without it.
    package func verdicts(on ids: [TaskID]) async throws -> [Verdict] {
        if ids.contains(where: { context.spec.task($0)?.needsEngine == true }) { _ = try await context.docker }
        var fingerprints = Fingerprints(context, history: history)
        let prints = Dictionary(uniqueKeysWithValues: ids.map { ($0, fingerprints.of($0)) })
        return await withTaskGroup(of: (TaskID, Verdict?).self) { group in
            for id in ids {
                group.addTask { (id, await verdict(on: id, prints[id] ?? "")) }
            }
            var verdicts: [TaskID: Verdict] = [:]
            for await (id, verdict) in group { verdicts[id] = verdict }
            return ids.compactMap { verdicts[$0] }
        }
    }

    private func verdict(on id: TaskID, _ fingerprint: String) async -> Verdict? {
        guard let task = context.spec.task(id) else { return nil }
        let success = history.successes[id]
        if let success, success.fingerprint != fingerprint {
            var checks: [CheckResult] = []
            for check in task.checks { checks.append(await CheckEvaluator(run: context).evaluate(check)) }
            return Verdict(task: task, standing: .outdated, checks: checks, run: success.run)
        }
        let look = await TaskLooker(context, history).look(task, fingerprint: fingerprint, lenient: true)
        let missing: Standing = success == nil ? .open : .lost
        let standing: Standing = !look.isDone ? missing : look.isByHand ? .byHand : .done
        return Verdict(task: task, standing: standing, checks: look.checks, run: success?.run)
    }
}
