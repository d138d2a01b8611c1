/// Reads the stream of the classic builder. The stream is text: only a failure has a code.
///
/// An instruction's output and the builder's own lines arrive in the same kind of message. Their position tells them apart. The builder
/// announces a step in order and without a line end, and writes `Running in` before an instruction can print.
package struct BuildInterpreter: LineInterpreter {
    private let operation: DockerOperation
    private var step = (index: 0, count: 0, instruction: "")
    private var isRunning = false

    init(_ operation: DockerOperation) { self.operation = operation }

    package mutating func read(_ line: ProgressLine) throws -> [BuildEvent] {
        if var failure = line.failure(operation) {
            failure.instruction = step.instruction.isEmpty ? nil : step.instruction
            failure.step = step.instruction.isEmpty ? nil : step.index
            throw failure
        }
        if let id = line.aux?.id { return [.image(id: id)] }
        if let text = line.stream { return read(text: text) }
        return line.pullEvent.map { [.pull($0)] } ?? []
    }

    package mutating func read(unreadable line: [UInt8]) -> [BuildEvent] {
        [.notice(String(decoding: line, as: UTF8.self))]
    }

    private mutating func read(text: String) -> [BuildEvent] {
        if let next = Self.step(in: text), next.index == step.index + 1, step.count == 0 || next.count == step.count {
            step = next
            isRunning = false
            return [.step(index: next.index, count: next.count, instruction: next.instruction)]
        }
        if isRunning, !text.hasPrefix("Removing intermediate container "), !Self.namesImage(text) { return [Self.output(text)] }
        isRunning = text.hasPrefix(" ---> Running in ")
        let notice = text.trimmingWhitespace()
        if notice.hasPrefix("---> Using cache") || notice.hasPrefix("--> Using cache") { return [.cached] }
        return notice.isEmpty ? [] : [.notice(notice)]
    }

    /// `Step 3/9 : RUN make`, or Podman's `STEP 3/9: RUN make`.
    private static func step(in text: String) -> (index: Int, count: Int, instruction: String)? {
        guard text.hasPrefix("Step ") || text.hasPrefix("STEP "), let colon = text.firstIndex(of: ":") else { return nil }
        guard text.hasPrefix("STEP ") || !text.hasSuffix("\n") else { return nil }
        let numbers = text[..<colon].dropFirst(5).split(separator: "/")
        guard numbers.count == 2, let index = Int(numbers[0].trimmingWhitespace()), let count = Int(numbers[1].trimmingWhitespace())
        else { return nil }
        return (index, count, text[text.index(after: colon)...].trimmingWhitespace())
    }

    private static func namesImage(_ text: String) -> Bool {
        guard text.hasPrefix(" ---> "), text.hasSuffix("\n") else { return false }
        let id = text.dropFirst(6).dropLast()
        return id.count == 12 && id.allSatisfy(\.isHexDigit)
    }

    /// The builder colors standard error red. Nothing else marks it.
    private static func output(_ text: String) -> BuildEvent {
        let red = "\u{1B}[91m"
        let reset = "\u{1B}[0m"
        guard text.hasPrefix(red), text.hasSuffix(reset) else { return .output(.stdout, text) }
        return .output(.stderr, String(text.dropFirst(red.count).dropLast(reset.count)))
    }
}
