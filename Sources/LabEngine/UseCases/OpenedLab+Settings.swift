package import LabFile
package import LabRunner
import LabSupport

extension OpenedLab {
    /// The settings that the student saved in this workspace. Nil if they saved none.
    package var savedSettings: SettingsChanged? {
        let events = WorkspaceJournal(workspace, lab: spec.id).events
        return events.reversed().firstNonNil { event in
            if case .settingsChanged(let settings) = event.payload { settings } else { nil }
        }
    }

    /// The finished tasks whose results don't count under other settings.
    package func outdated(by settings: SettingsChanged) async throws -> [TaskID] {
        let progress = progress
        return try await inspection(progress, options: settings.applied(to: progress.options)).outdated
    }

    /// Saves settings, and records which results no longer count. Throws if a value isn't allowed, and while a run is active.
    package func change(_ settings: SettingsChanged) async throws -> [TaskID] {
        try refuseWhileBusy()
        let builtIns = BuiltIns.values(workspace, lab: spec, device: "cpu", environment: environment)
        _ = try LabVariables.resolve(spec: spec, set: settings.set, quick: settings.quick, builtIns: builtIns)
        try WorkspaceJournal(workspace, lab: spec.id).append(.settingsChanged(settings))
        let progress = progress
        let inspection = try await inspection(progress, options: progress.options)
        try await inspection.recordTouched()
        return inspection.outdated
    }
}
