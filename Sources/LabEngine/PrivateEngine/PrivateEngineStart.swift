package import HTTPTransport

/// The result of a start.
package enum PrivateEngineStart: Sendable, Equatable {
    case started(pid: Int32)
    case alreadyRunning(pid: Int32)
    /// Another engine runs on this machine and responds. Use that one.
    case otherEngine(pid: Int32, endpoint: Endpoint)
}
