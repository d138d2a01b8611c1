import ContainerEngine
import HTTPTransport
package import LabFile
package import LabRunner
package import LabSupport

/// Looks at the tasks of a lab on this machine, without a run. Nothing on the machine changes; what is found may be recorded, so that every
/// view tells it.
package struct LabInspection: Sendable {
    /// What a look at one task gave.
    package struct Verdict: Sendable {
        package var task: LabTask
        /// How it stands with what was found.
        package var state: TaskState
        /// Done without a record of how.
        package var isByHand: Bool
        package var checks: [CheckResult]
        /// The run in which it was last brought to its end.
        package var run: Int?
        /// Nil if there was nothing to look at.
        fileprivate var found: Looked?

        /// It only has to be read, which no look can tell.
        package var isReading: Bool { task.action.isReading }
    }

    private let context: RunContext
    private let progress: LabProgress

    /// Prepares to look with the variables that `options` give.
    package init(
        _ raw: LabSpec, _ workspace: Workspace, progress: LabProgress, options: RunOptions, environment: [String: String]
    ) async throws {
        // A look replaces nothing: the student's own file is what is looked at.
        var options = options
        options.useReference = nil
        let http = CurlHTTPClient.shared
        let engine = RunEngine(http: http, environment: environment)
        // A look at earlier results doesn't need the device that they were made on.
        let chosen = try? await DeviceChooser(engine: engine).choose(options.device)
        let device = chosen?.device ?? (options.device == .gpu ? "gpu" : "cpu")
        context = try RunContext(
            filling: raw, engine: engine, http: http, workspace: workspace, run: 0, options: options, device: device,
            gpus: chosen?.gpus ?? .all, environment: environment, journal: .discarding())
        self.progress = progress
    }

    /// The lab with its variables filled in, and the means to look.
    package var run: RunContext { context }

    /// Looks at all of them at once. The verdicts come in the order asked for. If the engine doesn't answer, the tasks that need it have no
    /// verdict, and the failure says why.
    package func verdicts(on ids: [TaskID]) async -> (verdicts: [Verdict], failure: LabError?) {
        do {
            if context.spec.needsEngine(ids) { _ = try await context.docker }
            return (await looks(at: ids), nil)
        } catch {
            return (await looks(at: ids.filter { context.spec.task($0)?.needsEngine != true }), LabError(describing: error))
        }
    }

    private func looks(at ids: [TaskID]) async -> [Verdict] {
        var fingerprints = Fingerprints(context, progress: progress)
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

    /// Writes into the workspace's journal what was found that the journals did not say, and which of the student's files changed. A file
    /// that changed may have brought what is made from it out of date, or back: those tasks are looked at, too.
    ///
    /// A look under other settings than the last run's says nothing about its results, so it isn't recorded.
    package func record(_ verdicts: [Verdict]) async throws {
        guard context.options.hasSameSettings(as: progress.options) else { return }
        let edits = StudentFiles(context.spec, context.workspace).edits(since: progress)
        let others = edits.isEmpty ? [] : await self.verdicts(on: touched.filter { id in !verdicts.contains { $0.task.id == id } }).verdicts
        // A run may have done a task since the look began. What it found counts more than what was seen before.
        let now = LabProgress(context.workspace, context.spec)
        let found = (verdicts + others).compactMap { verdict -> (task: TaskID?, payload: EventPayload)? in
            let id = verdict.task.id
            guard let found = verdict.found, isNews(verdict), now.records[id] == progress.records[id] else { return nil }
            return (verdict.task.id, .looked(found))
        }
        let news = edits.map { (task: nil as TaskID?, payload: EventPayload.fileEdited($0)) } + found
        try WorkspaceJournal(context.workspace, lab: context.spec.id).append(news)
    }

    /// Tasks whose result was made from other inputs than there are now, and those of which the journals say so.
    private var touched: [TaskID] {
        var fingerprints = Fingerprints(context, progress: progress)
        return context.spec.tasks.map(\.id).filter { id in
            guard let success = progress.success(of: id) else { return false }
            let isChanged = success.fingerprint != fingerprints.of(id)
            switch progress.state(of: id) {
            case .done: return isChanged
            case .noLonger(.changed): return !isChanged
            case .open, .blocked, .waiting, .running, .noLonger(.gone), .failed, .cancelled, .interrupted, .skipped, .read,
                .unavailable:
                return false
            }
        }
    }

    /// The tasks that were done, and whose result was made from other inputs than these. It looks at no result.
    package var outdated: [TaskID] {
        var fingerprints = Fingerprints(context, progress: progress)
        return context.spec.tasks.map(\.id).filter { id in
            progress.success(of: id).map { $0.fingerprint != fingerprints.of(id) } ?? false
        }
    }

    /// Looks at the tasks whose inputs are no longer those of their results, or are again, and records what it finds.
    package func recordTouched() async throws { try await record(await verdicts(on: touched).verdicts) }

    private func isNews(_ verdict: Verdict) -> Bool {
        let id = verdict.task.id
        return verdict.state != progress.state(of: id) || verdict.checks != progress.checks(of: id)
            || verdict.isByHand != progress.records[id]?.isByHand ?? false
    }

    private func verdict(on id: TaskID, _ fingerprint: String) async -> Verdict? {
        guard let task = context.spec.task(id) else { return nil }
        let found = await look(at: task, fingerprint)
        var after = progress
        if let found { after.apply(Event(sequence: 0, time: 0, task: id, payload: .looked(found))) }
        return Verdict(
            task: task, state: after.state(of: id), isByHand: after.records[id]?.isByHand ?? false, checks: after.checks(of: id),
            run: progress.success(of: id)?.run, found: found)
    }

    private func look(at task: LabTask, _ fingerprint: String) async -> Looked? {
        if task.action.isReading { return nil }
        var look = await TaskLooker(context, progress).look(task, fingerprint: fingerprint, lenient: true)
        if look.isOutdated {
            for check in task.checks { look.checks.append(await CheckEvaluator(run: context).evaluate(check)) }
        }
        guard let verdict = look.verdict(progress.records[task.id]) else { return nil }
        return Looked(verdict, checks: look.checks.isEmpty ? nil : look.checks)
    }
}
