/// The channel of a container's bytes.
package enum OutputChannel: UInt8, Sendable, Codable {
    case stdin = 0
    case stdout = 1
    case stderr = 2
}
