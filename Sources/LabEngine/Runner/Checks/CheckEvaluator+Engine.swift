import ContainerEngine
import LabFile
import LabSupport

extension CheckEvaluator {
    func engine() async throws -> Finding {
        let ping = try await DockerClient.ping(http: run.http, endpoint: try await run.docker.endpoint)
        let version = ping.apiVersion?.description ?? "?"
        return Finding(
            passed: true, wanted: Text(en: "an engine that answers", zh: "能响应的容器引擎"),
            found: Text(en: "it answers (API \(version))", zh: "引擎响应正常（API \(version)）"))
    }

    func container(_ name: String, _ state: LabContainerState, _ exitCode: Int?) async throws -> Finding {
        let state = state.rawValue
        let code = exitCode.map { Text(en: " (\($0))", zh: "（\($0)）") } ?? Text(en: "", zh: " ")
        let wanted = Text(en: "the container \(name) \(state)\(code.en)", zh: "容器 \(name) 处于 \(state)\(code.zh)状态")
        guard let details = try await run.docker.containerIfPresent(name) else {
            let names = try await run.docker.listContainers(all: true).flatMap(\.names)
            return Finding(
                passed: false, wanted: wanted, found: Text(en: "no such container", zh: "没有这个容器"),
                nearest: Self.nearest(name, in: names).map { Text(en: "there is `\($0)`", zh: "有一个相近的 `\($0)`") })
        }
        let right = details.state.status.rawValue == state && (exitCode == nil || details.state.exitCode == exitCode)
        let found = (status: details.state.status.rawValue, code: details.state.exitCode)
        return Finding(
            passed: right, wanted: wanted,
            found: Text(en: "it is \(found.status) (\(found.code))", zh: "它的状态是 \(found.status)（\(found.code)）"),
            advice: Text(en: "`docker logs \(name)` says why.", zh: "`docker logs \(name)` 会说明原因。"))
    }

    func absent(_ name: String) async throws -> Finding {
        let details = try await run.docker.containerIfPresent(name)
        return Finding(
            passed: details == nil, wanted: Text(en: "no container \(name)", zh: "不存在容器 \(name)"),
            found: details.map { Text(en: "it is \($0.state.status.rawValue)", zh: "它仍在（\($0.state.status.rawValue)）") }
                ?? Text(en: "there is none", zh: "确实没有"))
    }

    func logs(_ container: String, _ match: LabMatch) async throws -> Finding {
        guard try await run.docker.containerIfPresent(container) != nil else {
            return Finding(
                passed: false, wanted: Self.wanted(match), found: Text(en: "no container \(container)", zh: "没有容器 \(container)"))
        }
        var text = Transcript()
        for try await chunk in try await run.docker.logs(container) {
            _ = text.take(chunk.bytes, chunk.channel == .stderr ? .stderr : .stdout)
        }
        return try await found(match, in: text.text)
    }

    func output(_ match: LabMatch) async throws -> Finding {
        guard let transcript else {
            return Finding(
                passed: false, wanted: Self.wanted(match),
                found: Text(en: "the output is gone: it can be checked only right after the task", zh: "输出已不存在：只有任务刚结束时才能检查"))
        }
        return try await found(match, in: transcript)
    }

    func inside(_ container: String, _ path: String, _ minimum: Int) async throws -> Finding {
        let wanted = Text(en: "\(path) in \(container)", zh: "容器 \(container) 中的 \(path)")
        let status: ContainerPath
        do {
            status = try await run.docker.stat(path, in: container)
        } catch let error as DockerError where error.status == 404 {
            return Finding(passed: false, wanted: wanted, found: Text(en: "no such file", zh: "没有这个文件"))
        }
        return Finding(
            passed: status.size >= Int64(minimum), wanted: wanted,
            found: Text(verbatim: ByteSize.shown(Double(status.size))))
    }

    /// What a pattern finds in a text.
    enum Found: Sendable {
        case invalid
        case nothing
        case match(shown: String, value: String?)
    }

    /// How long one pattern may take, in seconds.
    private static let patternTimeout = 5

    /// Applies a pattern to a text. Throws if it takes too long, at once if an earlier attempt still does.
    static func apply(_ pattern: String, to text: String) async throws -> Found {
        guard (try? ForeignPattern.compile(pattern)) != nil else { return .invalid }
        // The attempt blocks its thread and has the limit. Whoever is cancelled doesn't wait for it.
        let outcome = try await Deadline.thread(.seconds(patternTimeout + 1)) {
            ForeignPattern.attempt(pattern, timeout: Double(patternTimeout)) { regex -> Found? in
                // The last match counts, because a training prints its accuracy after each epoch.
                guard let last = text.matches(of: regex.anchorsMatchLineEndings()).last else { return nil }
                let value = last.output.count > 1 ? last.output[1].substring.map(String.init) : nil
                return .match(shown: String(text[last.range].prefix(120)), value: value)
            }
        }
        guard case .found(let found)? = outcome else { throw slow(pattern) }
        return found ?? .nothing
    }

    private static func slow(_ pattern: String) -> LabError {
        LabError(
            .labPatternSlow,
            Text(
                en: "The pattern `\(pattern)` of this check takes more than \(patternTimeout) seconds.",
                zh: "这项检查的正则表达式 `\(pattern)` 耗时超过 \(patternTimeout) 秒。"),
            hint: Text(
                en: "The lab's author has to write it without a repetition inside a repetition.", zh: "需要实验作者改写它，避免在重复中嵌套重复。"))
    }

    /// Applies a match to a text and stores the captured value.
    func found(_ match: LabMatch, in text: String) async throws -> Finding {
        let wanted = Self.wanted(match)
        switch try await Self.apply(match.pattern, to: text) {
        case .invalid: return Finding(passed: false, wanted: wanted, found: Text(en: "the pattern is not valid", zh: "正则表达式无效"))
        case .nothing: return Finding(passed: false, wanted: wanted, found: Text(en: "no match in the output", zh: "输出中没有匹配内容"))
        case .match(let shown, let value): return Self.judged(match, value, shown: shown, wanted: wanted, emit: emit)
        }
    }

    static func judged(
        _ match: LabMatch, _ value: String?, shown: String, wanted: Text, emit: (EventPayload) -> Void
    ) -> Finding {
        if let name = match.capture, let value { emit(.captured(Captured(name: name, value: value))) }
        guard let least = match.atLeast.flatMap({ Double($0) }) else {
            return Finding(passed: true, wanted: wanted, found: Text(verbatim: shown))
        }
        let number = value.flatMap { Double($0) }
        return Finding(passed: (number ?? -.infinity) >= least, wanted: wanted, found: Text(verbatim: shown))
    }

    static func wanted(_ match: LabMatch) -> Text {
        let least = match.atLeast.map { " ≥ \($0)" } ?? ""
        if let name = match.capture { return Text(en: "\(name)\(least) in the output", zh: "输出中有 \(name)\(least)") }
        guard let words = match.words else {
            return Text(en: "a match of `\(match.pattern)` in the output", zh: "输出中有与 `\(match.pattern)` 匹配的内容")
        }
        return Text(en: "“\(words)” in the output", zh: "输出中有“\(words)”")
    }

    /// The name that was probably meant. Nil if none is close enough.
    static func nearest(_ name: String, in names: [String]) -> String? {
        let folded = name.lowercased().filter { $0.isLetter || $0.isNumber }
        let close = names.filter { $0.lowercased().filter { $0.isLetter || $0.isNumber } == folded }
        return close.first ?? NearestWord.to(name, among: names)
    }
}
