import Glibc

/// A connection after its upgrade from HTTP: an owned socket and the bytes that followed the head.
///
/// The socket is non-blocking, and its user must poll it. It closes when the last reference is released.
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

    /// Ends the output (a shell's end of input) but keeps reading possible.
    ///
    /// Over TLS, the other side sees the connection end without TLS's close_notify. Engines take that for an end, OpenSSL's servers for an
    /// error.
    package func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }
}
