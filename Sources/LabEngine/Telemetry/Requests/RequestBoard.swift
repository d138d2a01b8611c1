import FoundationEssentials
import Glibc
import LabSupport

/// Where the programs of ailab that are at work at the same time tell each other what they send: a file each, replaced every second. So
/// `ailab top` shows what a run or a load test in another window asks of a server, and how it fares.
package struct RequestBoard: Sendable {
    /// Seconds after which a note says nothing about the present.
    private static let life = 3.0
    private static let sizeLimit = 1 << 20
    /// Servers of one program, and the length of a name, beyond which a note is none of ours.
    private static let most = 32
    private static let longest = 200

    private let home: String
    private var folder: String { "\(home)/requests" }

    /// `home` is the workspace; the board lies within it.
    package init(home: String) { self.home = home }

    private struct Note: Codable {
        var time: Double
        var requests: [RequestSample]
    }

    private func path(of process: Int32) -> String { "\(folder)/\(process).json" }

    /// Replaces what this program said before. That it cannot be written is nobody's failure, and where no workspace is, none is made.
    package func post(_ requests: [RequestSample]) {
        guard Files.isDirectory("\(home)/runs"), let bytes = try? JSONEncoder().encode(Note(time: wallClock(), requests: requests)) else {
            return
        }
        if !Files.isDirectory(folder) { try? Files.makeDirectory(folder, mode: 0o700) }
        try? Files.write(bytes, to: path(of: getpid()), mode: 0o600, durably: false)
    }

    /// Takes down what this program said, and what those said that ended without doing so.
    package func withdraw() {
        unlink(path(of: getpid()))
        for name in Files.names(in: folder) {
            guard let process = Int32(name.prefix { $0 != "." }), kill(process, 0) != 0, errno == ESRCH else { continue }
            unlink("\(folder)/\(name)")
        }
    }

    /// What the others say now.
    package func read() -> [RequestSample] {
        let own = "\(getpid()).json"
        let now = wallClock()
        return Files.names(in: folder).filter { $0.hasSuffix(".json") && $0 != own }.sorted().flatMap { name -> [RequestSample] in
            guard let bytes = try? Files.readUntrusted("\(folder)/\(name)", limit: Self.sizeLimit),
                let note = try? JSONDecoder().decode(Note.self, from: Data(bytes)), abs(now - note.time) <= Self.life
            else { return [] }
            return note.requests.prefix(Self.most).map(Self.harmless)
        }
    }

    /// The folder is the student's, and so may be what somebody put into it: names are shown on terminals.
    private static func harmless(_ request: RequestSample) -> RequestSample {
        func name(_ text: String) -> String { String(SafeLines.clean(text: text).prefix(longest)) }
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
