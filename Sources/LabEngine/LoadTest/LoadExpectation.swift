import InferenceServer
package import LabSupport

/// What makes a response correct.
package enum LoadExpectation: Sendable, Equatable {
    /// `status=503`: exactly this status.
    case status(Int)
    /// `body=TEXT`: the whole body, without spaces at its ends.
    case body(String)
    /// `contains=TEXT`: somewhere in the body.
    case contains(String)
    /// `/pointer=VALUE`: the value at a JSON Pointer.
    case member(pointer: String, value: String)
    /// `VALUE`, `label=A|B`: the model's first label, or the plain value that a server returns.
    case label([String])

    /// Reads the value of `--expect`. Throws `usage.expect`.
    package init(_ text: String) throws(LabError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = parts.count == 2 ? parts[1] : ""
        switch parts[0] {
        case "status" where parts.count == 2:
            guard let status = Int(value), (100...599).contains(status) else { throw Self.refusal(text) }
            self = .status(status)
        case "body" where parts.count == 2: self = .body(value)
        case "contains" where parts.count == 2:
            guard !value.isEmpty else { throw Self.refusal(text) }
            self = .contains(value)
        case "label" where parts.count == 2: self = .label(value.split(separator: "|").map(String.init))
        case let pointer where pointer.hasPrefix("/"):
            guard parts.count == 2 else { throw Self.refusal(text) }
            self = .member(pointer: pointer, value: value)
        default:
            guard !text.isEmpty else { throw Self.refusal(text) }
            self = .label([text])
        }
    }

    private static func refusal(_ text: String) -> LabError {
        LabError(
            .usageExpect, Text(en: "ailab can't compare a response with `\(text)`.", zh: "`\(text)` 不是可以用来核对响应的条件。"),
            hint: Text(
                en: "Use a value (7), label=tabby|tiger cat, status=200, /json/pointer=value, body=TEXT or contains=TEXT.",
                zh: "可以写一个值（7）、label=tabby|tiger cat、status=200、/json/pointer=值、body=文本 或 contains=文本。"))
    }

    /// Whether the check needs the body.
    var looksAtBody: Bool { if case .status = self { false } else { true } }

    /// Whether a response is correct.
    package func holds(status: Int, body: [UInt8]) -> Bool {
        switch self {
        case .status(let wanted): status == wanted
        case .body(let wanted): Self.trimmed(body) == Self.trimmed(Array(wanted.utf8))
        case .contains(let wanted): Self.occurs(Array(wanted.utf8), in: body)
        case .member(let pointer, let value): JSONValue(body)?.at(pointer)?.scalar == value
        case .label(let wanted): Self.isLabel(body, wanted)
        }
    }

    private static func isLabel(_ body: [UInt8], _ wanted: [String]) -> Bool {
        let text = String(decoding: trimmed(body), as: UTF8.self)
        let first = TorchServePrediction(body: body).candidates.first?.label ?? text
        return wanted.contains { $0 == text || $0.lowercased() == first.lowercased() }
    }

    private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let isSpace = { (byte: UInt8) in byte == 32 || (9...13).contains(byte) }
        let start = bytes.firstIndex { !isSpace($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
        return bytes[start..<max(start, end)]
    }

    private static func occurs(_ wanted: [UInt8], in bytes: [UInt8]) -> Bool {
        guard bytes.count >= wanted.count else { return false }
        return bytes.indices.dropLast(wanted.count - 1).contains { bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}

/// Checks responses. A response that equals the last correct one byte for byte isn't checked again.
struct AnswerJudge {
    private var right: [(status: Int, body: [UInt8])?]
    private let expectations: [[LoadExpectation]]
    /// Whether any check needs the body.
    let looksAtBodies: Bool

    init(_ requests: [LoadRequest]) {
        expectations = requests.map(\.expectations)
        looksAtBodies = requests.contains { $0.expectations.contains(where: \.looksAtBody) }
        right = Array(repeating: nil, count: requests.count)
    }

    /// Whether the response to that request is correct.
    mutating func judge(_ request: Int, status: Int, body: [UInt8]) -> Bool {
        if let last = right[request], last.status == status, last.body == body { return true }
        let wanted = expectations[request]
        let isStatusRight = wanted.contains { if case .status = $0 { true } else { false } } || (200..<300).contains(status)
        guard isStatusRight, wanted.allSatisfy({ $0.holds(status: status, body: body) }) else { return false }
        right[request] = (status, looksAtBodies ? body : [])
        return true
    }
}
