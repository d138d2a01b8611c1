import Glibc

/// A connection that stopped speaking HTTP: an owned descriptor and what the server sent behind the head.
///
/// The descriptor is non-blocking. Whoever takes it polls it itself; it is closed when the last reference goes.
package final class RawConnection: Sendable {
    /// The connected socket.
    package let descriptor: Int32
    /// Bytes that arrived together with the response's head.
    package let early: [UInt8]

    package init(descriptor: Int32, early: [UInt8]) {
        self.descriptor = descriptor
        self.early = early
    }

    deinit { close(descriptor) }

    /// Tells the other side that nothing more will be sent (a shell's end of input), and keeps reading possible. Over TLS the other side
    /// sees the connection's end without TLS's own farewell: engines take that for an end, OpenSSL's servers for a failure.
    package func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }
}
