import HTTPTransport
import LabFile
import LabSupport

extension CheckEvaluator {
    func file(_ path: String, _ minimum: Int, _ sha256: String?) throws -> Finding {
        let place = run.workFile(path)
        let full = place.shown
        let wanted = Text(en: "the file \(path) in the workspace", zh: "工作区中的文件 \(path)")
        guard let size = try place.size() else {
            return Finding(
                passed: false, wanted: wanted, found: Text(en: "no \(full)", zh: "没有 \(full)"),
                nearest: Self.nearest(place.name, in: place.neighbours).map { Text(en: "there is `\($0)`", zh: "有一个相近的 `\($0)`") })
        }
        let shown = ByteSize.shown(Double(size))
        guard size >= minimum else {
            return Finding(passed: false, wanted: wanted, found: Text(en: "only \(shown)", zh: "只有 \(shown)"))
        }
        if let sha256 {
            let actual = try place.sha256()
            guard actual == sha256.lowercased() else {
                return Finding(
                    passed: false, wanted: wanted,
                    found: Text(en: "its content is different (sha256 \(actual.prefix(12))…)", zh: "内容不符（sha256 \(actual.prefix(12))…）"))
            }
        }
        return Finding(passed: true, wanted: wanted, found: Text(verbatim: "\(full) (\(shown))"))
    }

    func json(_ path: String, _ pointer: String, _ match: LabMatch) async throws -> Finding {
        let least = match.atLeast.map { " ≥ \($0)" } ?? ""
        let name = match.capture ?? pointer
        let wanted = Text(en: "\(name)\(least) in \(path)", zh: "\(path) 中的 \(name)\(least)")
        let place = run.workFile(path)
        guard try place.exists() else {
            return Finding(passed: false, wanted: wanted, found: Text(en: "no \(place.shown)", zh: "没有 \(place.shown)"))
        }
        guard let value = JSONValue(try place.read(limit: 16 << 20))?.at(pointer)?.scalar.map(SafeLines.clean(text:)) else {
            return Finding(passed: false, wanted: wanted, found: Text(en: "no value there", zh: "没有该值"))
        }
        guard case .match = try await Self.apply(match.pattern, to: value) else {
            return Finding(passed: false, wanted: wanted, found: Text(verbatim: value))
        }
        return Self.judged(match, value, shown: value, wanted: wanted, emit: emit)
    }

    func http(_ check: LabHTTPCheck) async throws -> Finding {
        let wanted = Text(en: "\(check.status) from \(check.url)", zh: "\(check.url) 返回 \(check.status)")
        var request = try HTTPRequest(url: check.url)
        request.connectTimeout = .seconds(3)
        request.totalTimeout = .seconds(15)
        if let name = check.server, let token = try await ServerAccess(run).token(server: name, url: check.url) {
            request.headers.append("Authorization", "Bearer \(token)")
        }
        let response: HTTPResponse
        let body: [UInt8]
        do {
            response = try await run.http.send(request)
            body = try await response.body.collect(limit: 1 << 20)
        } catch let error as TransportError {
            return Finding(passed: false, wanted: wanted, found: Text(en: "no response: \(error.detail)", zh: "没有响应：\(error.detail)"))
        }
        guard response.head.status == check.status else {
            let said = SafeLines.clean(text: String(decoding: body.prefix(160), as: UTF8.self))
            return Finding(
                passed: false, wanted: wanted, found: Text(en: "\(response.head.status): \(said)", zh: "返回 \(response.head.status)：\(said)")
            )
        }
        guard let pointer = check.pointer else {
            return Finding(passed: true, wanted: wanted, found: Text(verbatim: "\(response.head.status)"))
        }
        let value = JSONValue(body)?.at(pointer)?.scalar ?? "–"
        let right = check.equals == nil ? value != "–" : value == check.equals
        let expected = check.equals.map { " = \($0)" } ?? ""
        return Finding(
            passed: right, wanted: Text(en: "\(pointer)\(expected) from \(check.url)", zh: "\(check.url) 的 \(pointer)\(expected)"),
            found: Text(verbatim: "\(pointer) = \(SafeLines.clean(text: value))"))
    }
}
