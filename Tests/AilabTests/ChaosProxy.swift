import Glibc
import HTTPTransport
import LabSupport
import TestSupport

/// Stands between ailab and an engine, and damages one piece of one response.
final class ChaosProxy: Sendable {
    /// What happens to the piece.
    enum Fault: CaseIterable, Sendable {
        case cut, stall, truncate, corrupt, insert, delay, split, wrongLength, failure, garbage, endlessHead
    }

    let endpoint: Endpoint
    /// True as soon as the piece was reached.
    var hasHit: Bool { state.withLock { $0.hasHit } }

    private let path: String
    private let target: String
    private let listener: Int32
    private let piece: Int
    private let fault: Fault
    private let state: Locked<State>

    private struct State {
        var pieces = 0
        var hasHit = false
        var isOver = false
        var numbers: SplitMix
        var descriptors: Set<Int32> = []
    }

    /// `piece` counts what the engine says, over all connections.
    init(to engine: Endpoint, fault: Fault, piece: Int, numbers: SplitMix) throws {
        guard case .unix(let target) = engine else { throw SystemFailure(call: "proxy", number: EINVAL) }
        self.target = target
        self.piece = piece
        self.fault = fault
        state = Locked(State(numbers: numbers))
        path = TemporaryFile.unusedPath("sock")
        (listener, endpoint) = try Listener.open(.socket(path: path), backlog: 64)
        PosixThread.start { [self] in accept() }?.detach()
    }

    /// Ends every connection.
    func stop() {
        let descriptors = state.withLock { state in
            state.isOver = true
            return state.descriptors
        }
        shutdown(listener, Int32(SHUT_RDWR))
        for descriptor in descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        unlink(path)
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            guard let server = try? Listener.connect(to: target) else {
                close(client)
                continue
            }
            let isOver = state.withLock { state in
                state.descriptors.formUnion([client, server])
                return state.isOver
            }
            if isOver { for descriptor in [client, server] { shutdown(descriptor, Int32(SHUT_RDWR)) } }
            let threads = Counter()
            PosixThread.start { [self] in pass(from: client, to: server, threads) { _ in true } }?.detach()
            PosixThread.start { [self] in pass(from: server, to: client, threads) { answer($0, on: client) } }?.detach()
        }
    }

    /// Copies until one side ends. `body` passes a piece on, and returns false if the connection is to end.
    private func pass(from source: Int32, to sink: Int32, _ threads: Counter, _ damaged: ([UInt8]) -> Bool?) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        pieces: while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0 else { break }
            let bytes = Array(buffer[..<count])
            switch damaged(bytes) {
            case true?: if Files.writeAll(bytes, to: sink) != 0 { break pieces }
            case false?:
                for descriptor in [source, sink] { shutdown(descriptor, Int32(SHUT_RDWR)) }
                break pieces
            case nil: break
            }
        }
        shutdown(sink, Int32(SHUT_WR))
        threads.add()
        guard threads.value == 2 else { return }
        // The second of both threads closes both: a number that was closed earlier could already mean another connection.
        state.withLock { _ = $0.descriptors.remove(source) != nil && $0.descriptors.remove(sink) != nil }
        close(source)
        close(sink)
    }

    /// Damages the chosen piece. True if the piece is to be passed on as it is, false if the connection ends, nil if it was dealt with.
    private func answer(_ bytes: [UInt8], on client: Int32) -> Bool? {
        let numbers = state.withLock { state -> SplitMix? in
            defer { state.pieces += 1 }
            guard state.pieces == piece else { return nil }
            state.hasHit = true
            return state.numbers
        }
        guard var numbers else { return true }
        return damage(bytes, on: client, &numbers)
    }

    private func damage(_ whole: [UInt8], on client: Int32, _ numbers: inout SplitMix) -> Bool? {
        let place = Int.random(in: 0..<whole.count, using: &numbers)
        var bytes = whole
        switch fault {
        case .cut: return false
        case .stall:
            while !state.withLock({ $0.isOver }) { usleep(20_000) }
            return false
        case .truncate: bytes = Array(whole[..<place])
        case .corrupt:
            for _ in 0..<3 { bytes[Int.random(in: 0..<whole.count, using: &numbers)] = .random(in: 0...255, using: &numbers) }
            _ = Files.writeAll(bytes, to: client)
            return nil
        case .insert: bytes.insert(contentsOf: (0..<20).map { _ in UInt8.random(in: 0...255, using: &numbers) }, at: place)
        case .delay:
            usleep(UInt32.random(in: 50_000...1_500_000, using: &numbers))
            return true
        case .split:
            for byte in whole.prefix(5000) where Files.writeAll([byte], to: client) != 0 { return false }
            _ = Files.writeAll(Array(whole.dropFirst(5000)), to: client)
            return nil
        case .wrongLength:
            let length = ["-5", "0", "99999999999999999999", "9223372036854775807", "x", "3"].randomElement(using: &numbers) ?? ""
            bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n".utf8) + whole.suffix(20)
        case .failure: bytes = Array("HTTP/1.1 500 Error\r\nContent-Length: 19\r\n\r\n{\"message\":\"chaos\"}".utf8)
        case .garbage: bytes = (0..<300).map { _ in UInt8.random(in: 0...255, using: &numbers) }
        case .endlessHead: bytes = Array("HTTP/1.1 200 OK\r\n".utf8) + Array(repeating: Array("X-Y: z\r\n".utf8), count: 100_000).joined()
        }
        _ = Files.writeAll(bytes, to: client)
        return false
    }
}
