/// The outcome of a program that ran to its end.
package struct ExecResult: Sendable, Equatable {
    package var exitCode: Int
    package var stdout: [UInt8]
    package var stderr: [UInt8]
}
