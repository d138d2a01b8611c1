import FoundationEssentials

/// Reads the stream of a build by BuildKit: lines with `moby.buildkit.trace` and a protobuf message in Base64, the image's id, and the error.
package struct BuildKitInterpreter: LineInterpreter {
    private let operation: DockerOperation
    private var steps: [String: Step] = [:]
    /// The step that made the build fail, and BuildKit's words.
    private var failed: (step: BuildKitStep, words: String)?

    private struct Step {
        var step: BuildKitStep
        var hasBegun = false
        var hasEnded = false
    }

    /// The number of steps beyond which further ones are ignored. An image can't have so many layers.
    private static let stepLimit = 10_000

    init(_ operation: DockerOperation) { self.operation = operation }

    package mutating func read(_ line: ProgressLine) throws -> [BuildKitEvent] {
        if var failure = line.failure(operation) {
            if let failed, failure.message.contains(failed.words.trimmingWhitespace()) {
                failure.instruction = failed.step.instruction
                failure.exitCode = failure.exitCode ?? Self.exitCode(in: failed.words)
            }
            throw failure
        }
        if let trace = line.aux?.trace {
            // A trace is only shown. One that can't be read doesn't end the build, which the engine goes on with.
            guard let bytes = Data(base64Encoded: trace), let status = try? BuildKitStatus([UInt8](bytes)) else { return [] }
            return read(status)
        }
        if let id = line.aux?.id { return [.image(id: id)] }
        if let text = line.stream?.trimmingWhitespace(), !text.isEmpty { return [.notice(text)] }
        return line.pullEvent.map { [.pull($0)] } ?? []
    }

    package mutating func read(unreadable line: [UInt8]) -> [BuildKitEvent] { [.notice(String(decoding: line, as: UTF8.self))] }

    private mutating func read(_ status: BuildKitStatus) -> [BuildKitEvent] {
        // A message tells a step's begin and its end in either order, and repeats itself.
        let begun = status.vertexes.flatMap { begin($0) }
        let printed = status.logs.compactMap { output($0) }
        let ended = status.vertexes.flatMap { end($0) }
        return begun + status.statuses.compactMap { pull($0) } + printed + ended + status.warnings.map { warning($0) }
    }

    private mutating func begin(_ vertex: BuildKitStatus.Vertex) -> [BuildKitEvent] {
        guard steps[vertex.digest] != nil || steps.count < Self.stepLimit else { return [] }
        var known = steps[vertex.digest] ?? Step(step: BuildKitStep(id: vertex.digest, name: vertex.name))
        defer { steps[vertex.digest] = known }
        guard !known.hasBegun, vertex.started != nil || vertex.isCached || !vertex.error.isEmpty else { return [] }
        known.hasBegun = true
        return [.began(known.step)]
    }

    private mutating func end(_ vertex: BuildKitStatus.Vertex) -> [BuildKitEvent] {
        guard var known = steps[vertex.digest], !known.hasEnded else { return [] }
        let end: BuildKitEnd
        if !vertex.error.isEmpty {
            end = .failed(vertex.error)
            failed = failed ?? (known.step, vertex.error)
        } else if vertex.isCached {
            end = .cached
        } else if let completed = vertex.completed {
            end = .done(seconds: max(0, completed - (vertex.started ?? completed)))
        } else {
            return []
        }
        known.hasEnded = true
        steps[vertex.digest] = known
        return [.ended(known.step, end)]
    }

    private func output(_ log: BuildKitStatus.Log) -> BuildKitEvent? {
        guard let known = steps[log.vertex], !log.message.isEmpty else { return nil }
        return .output(known.step, log.stream == 2 ? .stderr : .stdout, log.message, time: log.time ?? 0)
    }

    /// A layer of a base image. Other things that BuildKit counts, such as files of the context, take no time here.
    private func pull(_ status: BuildKitStatus.Status) -> BuildKitEvent? {
        let digest = "sha256:"
        guard status.id.hasPrefix(digest) else { return nil }
        return .pull(
            .layer(
                id: String(status.id.dropFirst(digest.count).prefix(12)), phase: status.isComplete ? .complete : .downloading,
                current: Self.bytes(status.current), total: status.total > 0 ? Self.bytes(status.total) : nil))
    }

    /// A number of bytes from outside, small enough to be added up.
    private static func bytes(_ count: Int64) -> Int64 { min(max(0, count), 1 << 50) }

    private func warning(_ warning: BuildKitStatus.Warning) -> BuildKitEvent {
        .warning(BuildKitWarning(text: warning.short, detail: warning.detail.joined(separator: " "), line: warning.line))
    }

    /// The number after the last `exit code: `. BuildKit's stream has it nowhere else.
    private static func exitCode(in words: String) -> Int? {
        guard let colon = words.lastIndex(of: ":"), words[..<colon].hasSuffix("exit code") else { return nil }
        let code = words[words.index(after: colon)...].drop { $0 == " " }.prefix { $0.isNumber }
        return Int(code).flatMap { (1...255).contains($0) ? $0 : nil }
    }
}

extension BuildKitStep {
    /// The instruction. Looking up a base image belongs to its `FROM`.
    fileprivate var instruction: String? {
        let lookUp = "[internal] load metadata for "
        return place != nil ? words : words.hasPrefix(lookUp) ? "FROM \(words.dropFirst(lookUp.count))" : nil
    }
}
