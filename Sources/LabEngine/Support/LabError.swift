/// A failure as the student reads it: what happened, why, and what to do next.
///
/// Code recognises a failure by the machine-readable parts (`errno`, HTTP status, exit code), never by the prose.
package struct LabError: Error, Sendable, Equatable, Codable {
    /// A stable dotted identifier. It's a struct, so a lab or a later version can add codes without breaking a `switch`.
    package struct Code: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByStringLiteral {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
        package init(stringLiteral value: String) { self.init(rawValue: value) }
        package init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(String.self) }
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(rawValue)
        }
        /// The part before the first dot: `engine` in `engine.unreachable`.
        package var family: Substring { rawValue.prefix { $0 != "." } }
    }

    package var code: Code
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

    package init(
        _ code: Code, _ message: Text, hint: Text? = nil, cause: String? = nil,
        errno: Int32? = nil, httpStatus: Int? = nil, exitCode: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.cause = cause
        self.errno = errno
        self.httpStatus = httpStatus
        self.exitCode = exitCode
    }
}

extension LabError: CustomStringConvertible {
    package var description: String { "\(code.rawValue): \(message.en)" + (cause.map { " (\($0))" } ?? "") }
}
