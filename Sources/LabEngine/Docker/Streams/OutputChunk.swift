/// Bytes of one channel that a container wrote.
package struct OutputChunk: Sendable, Equatable {
    package var channel: OutputChannel
    package var bytes: [UInt8]

    package init(_ channel: OutputChannel, _ bytes: [UInt8]) {
        self.channel = channel
        self.bytes = bytes
    }
}
