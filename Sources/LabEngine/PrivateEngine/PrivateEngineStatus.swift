/// The current state of a private engine.
package struct PrivateEngineStatus: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        case stopped
        /// The engine responds.
        case running(pid: Int32)
        /// The process runs, but its socket doesn't respond.
        case silent(pid: Int32)
    }

    package var layout: PrivateEngineLayout
    package var state: State
}
