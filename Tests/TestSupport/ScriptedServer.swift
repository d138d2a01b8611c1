import Glibc
package import HTTPTransport
import LabSupport

/// A server in the test's own process that does what its script says, well-formed or not: a thread per connection, on a unix
/// socket or on TCP loopback. It records what was asked.
package final class ScriptedServer: Sendable {
    /// Plays one request. It may leave the connection in any state; returning normally keeps it alive for the next request.
    package typealias Script = @Sendable (ScriptedRequest, ScriptedConnection) throws -> Void

    /// Where the server listens.
    package enum Place: Sendable {
        case temporarySocket
        case socket(path: String)
        case loopback
    }

    private struct State {
        var requests: [ScriptedRequest] = []
        var connections: [ObjectIdentifier: ScriptedConnection] = [:]
        var accepted = 0
        var isStopped = false
    }

    /// What clients connect to.
    package let endpoint: Endpoint
    private let listener: Int32
    private let state = Locked(State())

    /// Listens at once; throws where the system refuses.
    package init(on place: Place = .temporarySocket, backlog: Int32 = 512, script: @escaping Script) throws {
        (listener, endpoint) = try Listener.open(place, backlog: backlog)
        // The thread gets the parts and not `self`: it must not keep the server alive.
        PosixThread.start { [listener, state] in Self.accept(on: listener, state: state, script: script) }?.detach()
    }

    deinit { stop() }

    /// Every request whose head was read, in that order.
    package var requests: [ScriptedRequest] { state.withLock { $0.requests } }

    /// How many connections were accepted.
    package var connectionCount: Int { state.withLock { $0.accepted } }

    /// How many of them are still open on this side.
    package var openConnectionCount: Int { state.withLock { $0.connections.count } }

    /// Cuts every connection and stops listening.
    package func stop() {
        let connections = state.withLock { state -> [ScriptedConnection] in
            guard !state.isStopped else { return [] }
            state.isStopped = true
            shutdown(listener, Int32(SHUT_RDWR))
            if case .unix(let path) = endpoint { unlink(path) }
            return Array(state.connections.values)
        }
        for connection in connections { connection.cut() }
    }

    private static func accept(on listener: Int32, state: Locked<State>, script: @escaping Script) {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                break
            }
            let connection = ScriptedConnection(descriptor)
            let isWanted = state.withLock { state -> Bool in
                state.accepted += 1
                if !state.isStopped { state.connections[ObjectIdentifier(connection)] = connection }
                return !state.isStopped
            }
            guard isWanted else { continue }
            PosixThread.start { serve(connection, state: state, script: script) }?.detach()
        }
        close(listener)
    }

    private static func serve(_ connection: ScriptedConnection, state: Locked<State>, script: Script) {
        do {
            while let request = try connection.readHead() {
                state.withLock { $0.requests.append(request) }
                try script(request, connection)
                try connection.skipUnreadBody()
            }
        } catch {
            // A script ends a connection by throwing, and a client that went away ends it by an error: both are meant.
        }
        _ = state.withLock { $0.connections.removeValue(forKey: ObjectIdentifier(connection)) }
    }
}

/// The head of a request as it came.
package struct ScriptedRequest: Sendable {
    package var method: String
    package var target: String
    package var headers: HTTPHeaders
}

/// Thrown by a script to end the connection without another word.
package struct HangUp: Error {
    package init() {}
}

/// A system call that failed in the test's own machinery.
package struct SystemFailure: Error {
    package var call: String
    package var number: Int32

    package init(call: String, number: Int32) {
        self.call = call
        self.number = number
    }
}
