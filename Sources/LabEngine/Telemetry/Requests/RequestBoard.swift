import FoundationEssentials
import Glibc
import LabSupport

/// Lets ailab processes that run at the same time share what they send. Each replaces its own file every second.
///
/// So `ailab top` shows the requests of a run or a load test in another window.
package struct RequestBoard: Sendable {
    /// Seconds after which a note is out of date.
    private static let life = 3.0
    private static let sizeLimit = 1 << 20
    /// Limits for the servers of one process and for the length of a name. Only a note that isn't ours exceeds them.
    private static let maximumServers = 32
    private static let maximumNameLength = 200

    private let home: String
    private var folder: String { "\(home)/requests" }

    /// `home` is the workspace that contains the board.
    package init(home: String) { self.home = home }

    private struct Note: Codable {
        var time: Double
        var requests: [RequestSample]
    }

    private func path(of process: Int32) -> String { "\(folder)/\(process).json" }

    /// Replaces this process's note. Ignores failures, and doesn't create a workspace.
    package func post(_ requests: [RequestSample]) {
        guard Files.isDirectory("\(home)/runs"), let bytes = try? JSONEncoder().encode(Note(time: wallClock(), requests: requests)) else {
            return
        }
        if !Files.isDirectory(folder) { try? Files.makeDirectory(folder, mode: 0o700) }
        try? Files.write(bytes, to: path(of: getpid()), mode: 0o600, durably: false)
    }

    /// Deletes this process's note, and those of processes that ended without deleting theirs.
    package func withdraw() {
        unlink(path(of: getpid()))
        for name in Files.names(in: folder) {
            guard let process = Int32(name.prefix { $0 != "." }), kill(process, 0) != 0, errno == ESRCH else { continue }
            unlink("\(folder)/\(name)")
        }
    }

    /// The current notes of the other processes.
    package func read() -> [RequestSample] {
        let own = "\(getpid()).json"
        let now = wallClock()
        return Files.names(in: folder).filter { $0.hasSuffix(".json") && $0 != own }.sorted().flatMap { name -> [RequestSample] in
            guard let bytes = try? Files.readUntrusted("\(folder)/\(name)", limit: Self.sizeLimit),
                let note = try? JSONDecoder().decode(Note.self, from: Data(bytes)), abs(now - note.time) <= Self.life
            else { return [] }
            return note.requests.prefix(Self.maximumServers).map(Self.harmless)
        }
    }

    /// Cleans a note. Anybody may have put a file into the student's folder, and the names appear on terminals.
    private static func harmless(_ request: RequestSample) -> RequestSample {
        func name(_ text: String) -> String { String(SafeLines.clean(text: text).prefix(maximumNameLength)) }
        func names(_ counts: [String: Int]) -> [String: Int] {
            Dictionary(counts.map { (name($0.key), RequestTotal.limited($0.value)) }, uniquingKeysWith: { first, _ in first })
        }
        var request = request
        request.sender = name(request.sender)
        request.server = name(request.server)
        request.inFlight = RequestTotal.limited(request.inFlight)
        request.ended = request.ended.map(RequestTotal.limited)
        request.failed = request.failed.map(names)
        request.total.statuses = names(request.total.statuses)
        request.total.failures = names(request.total.failures)
        return request
    }
}
