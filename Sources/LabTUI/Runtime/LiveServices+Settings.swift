import LabEngine
import LabRunner

extension LiveServices {
    /// Saves settings, says what they made out of date, and fills the lab's texts and commands in again.
    func save(_ settings: SettingsChanged, _ send: @escaping Services.Send) async throws {
        let outdated = try await opened().change(settings)
        send(.said(SettingsWords.saved(outdated)))
        await prepare(send)
    }
}
