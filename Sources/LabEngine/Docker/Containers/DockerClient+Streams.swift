package import HTTPTransport

/// What to wait for.
package enum WaitCondition: String, Sendable {
    /// It does not run; at once for one that never did.
    case notRunning = "not-running"
    /// Its next end: to be asked before the start.
    case nextExit = "next-exit"
}

/// A wait that the engine has taken note of: what ends from now on is seen.
package struct ContainerWait: Sendable {
    fileprivate let body: HTTPBodyStream
    fileprivate let operation: DockerOperation

    /// The exit code, once there is one.
    package func exitCode() async throws -> Int {
        let bytes = try await body.collect(limit: 1 << 20)
        // An engine that shuts down ends its answers in good order, and says nothing.
        guard !bytes.isEmpty else { throw TransportError(kind: .reset, detail: "the engine ended the wait without an answer") }
        let answer = try DockerClient.decode(Answer.self, bytes, place: "wait")
        if let message = answer.problem?.message, !message.isEmpty { throw DockerError(operation: operation, message: message) }
        return answer.exitCode
    }

    private struct Answer: Decodable {
        var exitCode: Int
        var problem: Problem?

        struct Problem: Decodable {
            var message: String?

            private enum CodingKeys: String, CodingKey { case message = "Message" }
        }

        private enum CodingKeys: String, CodingKey {
            case exitCode = "StatusCode"
            case problem = "Error"
        }
    }
}

/// Which part of a container's output to read.
package struct LogOptions: Sendable, Equatable {
    /// Go on as long as the container runs.
    package var follows = false
    /// The last so many lines; nil for all.
    package var tail: Int?
    /// Begin every line with its time.
    package var hasTimestamps = false
    /// Only lines from then on: seconds since 1970, with a fraction if wanted, or RFC 3339.
    package var since: String?
    package var stdout = true
    package var stderr = true

    package init(follows: Bool = false, tail: Int? = nil) {
        self.follows = follows
        self.tail = tail
    }
}

extension DockerClient {
    /// What comes as it is said may be this late.
    private static let followPacing: Duration = .milliseconds(2)
    /// What lies ready fills a unix socket (some 280 lines) in a millisecond and a half; a longer pause would hold the engine up.
    private static let drainPacing: Duration = .milliseconds(1)

    /// Begins to wait; returns when the engine has taken note.
    package func beginWait(_ id: String, for condition: WaitCondition = .notRunning) async throws -> ContainerWait {
        var call = containerCall(id, "POST", "/wait", verb: "wait", query: ["condition": condition.rawValue])
        call.deadline = .stream
        return ContainerWait(body: try await open(call).body, operation: call.operation)
    }

    /// A container's output so far, and from now on where `follows` is set. `hasTerminal` nil asks the engine.
    ///
    /// The engine flushes every line, and many small wake-ups are what costs: reads are paced.
    package func logs(_ id: String, _ options: LogOptions = LogOptions(), hasTerminal: Bool? = nil) async throws -> ContainerOutput {
        let isRaw = if let hasTerminal { hasTerminal } else { try await inspectContainer(id).config.hasTerminal ?? false }
        var call = containerCall(id, "GET", "/logs", verb: "logs")
        call.query.append("follow", flag: options.follows)
        call.query.append("stdout", flag: options.stdout)
        call.query.append("stderr", flag: options.stderr)
        call.query.append("timestamps", flag: options.hasTimestamps)
        call.query.append("tail", options.tail.map(String.init))
        call.query.append("since", options.since)
        call.deadline = .stream
        call.readPacing = options.follows ? Self.followPacing : Self.drainPacing
        return ContainerOutput(try await open(call).body, isRaw: isRaw)
    }

    /// The container's input and output as a raw connection. `detachKeys` such as `ctrl-p,ctrl-q`: what the engine takes as the wish
    /// to leave.
    package func attach(
        _ id: String, input: Bool = true, replaysLogs: Bool = false, detachKeys: String? = nil
    ) async throws -> RawConnection {
        var call = containerCall(id, "POST", "/attach", verb: "attach", query: ["stream": "1", "stdout": "1", "stderr": "1"])
        call.query.append("stdin", flag: input)
        call.query.append("logs", flag: replaysLogs)
        call.query.append("detachKeys", detachKeys)
        return try await upgrade(call)
    }

    /// A container's use of the machine, a sample a second; the first one has no rate yet.
    package func stats(_ id: String) async throws -> JSONLines<ContainerStats> {
        var call = containerCall(id, "GET", "/stats", verb: "stats", query: ["stream": "1"])
        call.deadline = .stream
        return JSONLines(try await open(call).body)
    }
}
