import Foundation
import LabRunner

/// An event from its line in a journal.
func event(_ line: String) -> Event? { try? JSONDecoder().decode(Event.self, from: Data(line.utf8)) }

extension Recorded {
    /// The engine of the recordings.
    static var engine: EngineConnected? {
        let line = #"{"endpoint":"unix:///var/run/docker.sock","kind":"docker","version":"20.10.24","apiVersion":"1.41","isPrivate":false}"#
        return try? JSONDecoder().decode(EngineConnected.self, from: Data(line.utf8))
    }
}
