import LabEngine
import LabRunner
import LabSupport

extension LiveServices {
    /// Saves settings, says what they made out of date, and fills the lab's texts and commands in again.
    func save(_ changed: SettingsChanged, _ send: @escaping Services.Send) async throws {
        let outdated = try await opened().change(changed)
        settings.withLock { $0 = RunSettings() }
        send(.said(SettingsWords.saved(outdated)))
        await prepare(send)
    }
}
