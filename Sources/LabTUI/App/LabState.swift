package import Diagnosis
package import LabEngine
package import LabFile
package import LabRunner
package import LabSupport

/// The lab and its progress.
package struct LabState: Sendable {
    package var spec: LabSpec?
    package var failure: LabError?
    package var progress = LabProgress()
    package var hasHistory = false
    package var engine = EngineStatus.unknown
    package var doctor = DoctorState()
    package var host: HostSummary?
    package var commands: [TaskID: [String]] = [:]
    /// The known causes of failures, by task, with the number of the failed run.
    package var findings: [TaskID: (run: Int, findings: [Finding])] = [:]
    /// The lab's files that tabs show, by their full paths.
    package var files: [String: String] = [:]
    /// The student's files as they are now, by their paths in the student's folder.
    package var studentFiles: [String: ExaminedFile] = [:]
    package var pictures: [String: Picture] = [:]
    /// The lab's terms, once somebody asked for them.
    package var glossary: LabGlossary?
    /// The words of the lab's commands, once somebody asked for them.
    package var commandWords: LabCommands?
    /// The folder of the student's files.
    package var filesFolder = ""
    /// A run has been requested, but its journal doesn't exist yet.
    package var isLaunching = false
    /// A run that was asked for while the one before it was ending.
    package var nextLaunch: LaunchRequest?
    /// The run that was asked to cancel.
    package var cancelling: Int?

    package init() {}

    package func state(of task: TaskID) -> TaskState { progress.state(of: task) }

    /// A text with the commands of the engine's own program.
    package func spoken(_ text: Text) -> Text {
        switch engine {
        case .reachable(let engine): engine.spoken(text)
        case .unknown, .unreachable: text
        }
    }

    /// No engine answered when the task failed, or kept its run from starting, and one answers now. What was found then no longer holds.
    package func hasEngineReturned(since task: TaskID) -> Bool {
        guard case .reachable = engine else { return false }
        let failure = state(of: task) == .failed ? progress.records[task]?.failure : progress.run?.end?.error
        guard let code = failure?.code else { return false }
        return code.showsNoEngine || [.engineNotInstalled, .enginePermission, .engineChosenMissing].contains(code)
    }

    /// The run that is active.
    package var livingRun: LabProgress.Run? { progress.run.flatMap { $0.isAlive ? $0 : nil } }

    /// No run is active or about to begin.
    package var isIdle: Bool { livingRun == nil && !isLaunching }

    /// The active run has done all that it planned. What is left takes a moment.
    package var isEnding: Bool {
        guard let run = livingRun, progress.working.isEmpty else { return false }
        let asked = run.start.tasks.filter { !$0.needed }
        return !asked.isEmpty && asked.allSatisfy { progress.records[$0.id]?.endedIn == run.number }
    }

    /// How many of the lab's tasks are done.
    package var tally: LabTally { progress.tally(spec?.tasks ?? []) }

    /// The command lines that a task equals: those of its last run, or those that a run would use.
    package func commands(of task: TaskID) -> [String] {
        let recorded = progress.records[task]?.commands ?? []
        return recorded.isEmpty ? commands[task] ?? [] : recorded
    }
}
