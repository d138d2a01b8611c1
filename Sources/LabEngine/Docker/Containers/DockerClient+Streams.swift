package import HTTPTransport

extension DockerClient {
    /// The delay that is acceptable for followed output after other output. A flood of more than ten lines a millisecond is read more often.
    static let followPacing: Duration = .milliseconds(19)
    /// The time between two deliveries of followed output: two reads, and a frame of a screen. Whoever passes the output on waits less than this,
    /// so that nothing needs a timer of its own: `JournalWriter.coalescing`, `FolderWakeups.Pace.screen`, the pace of `ScreenLoop`.
    static let followDelivery: Duration = .milliseconds(37)
    /// Output that is ready fills a unix socket (some 280 lines) in 1.5 milliseconds. A longer pause would slow the engine down.
    private static let drainPacing: Duration = .milliseconds(1)

    /// Begins to wait. Returns when the engine has registered the wait.
    package func beginWait(_ id: String, for condition: WaitCondition = .notRunning) async throws -> ContainerWait {
        var call = containerCall(id, "POST", "/wait", verb: "wait", query: ["condition": condition.rawValue])
        call.deadline = .stream
        return ContainerWait(body: try await open(call).body, operation: call.operation)
    }

    /// Waits and returns the exit code.
    package func wait(_ id: String, for condition: WaitCondition = .notRunning) async throws -> Int {
        try await beginWait(id, for: condition).exitCode()
    }

    /// A container's output so far. With `follows`, also its later output. If `hasTerminal` is nil, this asks the engine.
    ///
    /// The engine flushes every line, and many small wake-ups are expensive. So reads are paced.
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
        call.deliveryPacing = options.follows ? Self.followDelivery : nil
        return ContainerOutput(try await open(call).body, isRaw: isRaw)
    }

    /// The container's input and output as a raw connection. With `detachKeys`, such as `ctrl-p,ctrl-q`, the user can leave.
    package func attach(
        _ id: String, input: Bool = true, replaysLogs: Bool = false, detachKeys: String? = nil
    ) async throws -> RawConnection {
        var call = containerCall(id, "POST", "/attach", verb: "attach", query: ["stream": "1", "stdout": "1", "stderr": "1"])
        call.query.append("stdin", flag: input)
        call.query.append("logs", flag: replaysLogs)
        call.query.append("detachKeys", detachKeys)
        return try await upgrade(call)
    }

    /// A container's resource use, one sample a second. The first sample has no rate yet.
    package func stats(_ id: String) async throws -> JSONLines<ContainerStats> {
        var call = containerCall(id, "GET", "/stats", verb: "stats", query: ["stream": "1"])
        call.deadline = .stream
        return JSONLines(try await open(call).body)
    }
}
