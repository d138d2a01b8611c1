/// A failure as the student reads it: what happened, why, and what to do next.
///
/// Code recognises a failure by the machine-readable parts (`errno`, HTTP status, exit code), never by the prose.
package struct LabError: Error, Sendable, Equatable, Codable {
    /// The code as journals have it. Another version may have written one that this version doesn't know.
    package private(set) var codeText: String
    /// What happened, in one sentence.
    package var message: Text
    /// What the student should do next.
    package var hint: Text?
    /// The underlying failure in the words of the program that reported it.
    package var cause: String?
    /// The C library's error number, if a system call failed.
    package var errno: Int32?
    /// The HTTP status, if a server responded.
    package var httpStatus: Int?
    /// The exit code, if a program ended.
    package var exitCode: Int?

    private enum CodingKeys: String, CodingKey {
        case codeText = "code"
        case message, hint, cause, errno, httpStatus, exitCode
    }

    package init(
        _ code: Code, _ message: Text, hint: Text? = nil, cause: String? = nil,
        errno: Int32? = nil, httpStatus: Int? = nil, exitCode: Int? = nil
    ) {
        self.init(
            codeText: code.rawValue, message, hint: hint, cause: cause, errno: errno, httpStatus: httpStatus, exitCode: exitCode)
    }

    /// An error whose code is only known as text.
    package init(
        codeText: String, _ message: Text, hint: Text? = nil, cause: String? = nil,
        errno: Int32? = nil, httpStatus: Int? = nil, exitCode: Int? = nil
    ) {
        self.codeText = codeText
        self.message = message
        self.hint = hint
        self.cause = cause
        self.errno = errno
        self.httpStatus = httpStatus
        self.exitCode = exitCode
    }
}

extension LabError {
    /// Nil for a code of another version.
    package var code: Code? { Code(rawValue: codeText) }
    /// The part of the code before the dot: `engine` in `engine.unreachable`.
    package var family: Substring { codeText.prefix { $0 != "." } }

    /// The hint. If the cause is known and follows, a hint that only says where to look for it is left out.
    package func hint(isExplained: Bool) -> Text? {
        let isPointer = code == .buildFailed && exitCode != 137 || code == .containerExit || code == .execExit
        return isExplained && isPointer ? nil : hint
    }

    /// The same failure under a code that says more.
    package func with(_ code: Code) -> LabError {
        var error = self
        error.codeText = code.rawValue
        return error
    }
}

extension LabError: CustomStringConvertible {
    package var description: String { "\(codeText): \(message.en)" + (cause.map { " (\($0))" } ?? "") }
}

extension LabError.Code {
    /// No engine, or something else, is at the address.
    package var showsNoEngine: Bool {
        let codes: [Self] = [.engineMissing, .engineDead, .engineUnreachable, .engineTimeout, .engineLost, .engineUnexpected]
        return codes.contains(self)
    }
}
