package import LabFile

extension LabProgress {
    /// Folds all journals of the lab in a workspace. With `before`, only those of earlier runs. It skips events that only views need.
    package init(_ workspace: Workspace, _ spec: LabSpec, before run: Int? = nil) {
        self.init(spec)
        read(workspace, lab: spec.id, before: run)
    }

    /// The same for a lab of which only the name is known.
    package init(_ workspace: Workspace, lab: String) {
        self.init()
        read(workspace, lab: lab, before: nil)
    }

    private mutating func read(_ workspace: Workspace, lab: String, before end: Int?) {
        // A run can start or end in the meantime. One of the two looks sees it.
        let first = WorkspaceLock.holder(of: workspace)?.run
        let journals = LabJournals(workspace, lab: lab)
        for portion in journals.portions(of: workspace.runs.filter { end == nil || $0.number < end ?? 0 }, types: Self.types) {
            apply(portion.events, of: portion.run)
        }
        let last = WorkspaceLock.holder(of: workspace)?.run
        if let run, run.number != first, run.number != last { closeRun() }
    }
}

/// The journals of one lab in a workspace: those of its runs, and the workspace's own.
package struct LabJournals: Sendable {
    /// Consecutive events of one journal.
    package struct Portion: Sendable, Equatable {
        /// Nil for the workspace's own journal.
        package var run: Int?
        package var events: [Event]

        package init(run: Int?, events: [Event]) {
            self.run = run
            self.events = events
        }
    }

    private let workspace: Workspace
    private let lab: String

    package init(_ workspace: Workspace, lab: String) {
        self.workspace = workspace
        self.lab = lab
    }

    /// All events in the order in which they happened. `types` selects types of events. Nil for all.
    package func portions(of folders: [RunFolder], types: [String]? = nil) -> [Portion] {
        let notes = WorkspaceJournal(workspace, lab: lab).events
        let runs = folders.compactMap { folder -> Portion? in
            let events = types.map { JournalReader.events(of: folder, types: $0) } ?? JournalReader.events(of: folder)
            return isOurs(events) ? Portion(run: folder.number, events: events) : nil
        }
        return Self.merged(runs, notes)
    }

    /// True if these events are the start of a run of this lab.
    package func isOurs(_ events: [Event]) -> Bool {
        guard case .runStarted(let start)? = events.first?.payload else { return false }
        return start.lab == lab
    }

    /// Merges the events outside of runs into the runs by time. Each journal keeps its own order, even if the clock was changed.
    package static func merged(_ runs: [Portion], _ notes: [Event]) -> [Portion] {
        var portions: [Portion] = []
        var notes = notes[...]
        func tell(_ run: Int?, _ events: ArraySlice<Event>) {
            if !events.isEmpty { portions.append(Portion(run: run, events: Array(events))) }
        }
        for run in runs {
            var rest = run.events[...]
            while let note = notes.first, let last = rest.last, note.time < last.time {
                let before = rest.prefix { $0.time <= note.time }
                tell(run.run, before)
                rest = rest.dropFirst(before.count)
                let between = notes.prefix { $0.time < rest.first?.time ?? 0 }
                tell(nil, between.isEmpty ? notes.prefix(1) : between)
                notes = notes.dropFirst(max(1, between.count))
            }
            tell(run.run, rest)
        }
        tell(nil, notes)
        return portions
    }
}
