import ContainerEngine

/// Puts the output of instructions that run at the same time in an order that can be read: one instruction at a time, each below its heading.
///
/// The instruction in front is passed on at once. Others wait until it ends or falls silent. It's a value: times are those of the stream.
struct BuildLog {
    enum Piece: Equatable {
        /// What follows belongs to this instruction. Comes again if another one was in front meanwhile.
        case heading(BuildKitStep)
        case output(OutputChannel, [UInt8])
        case end(BuildKitEnd)
    }

    private struct Waiting {
        var step: BuildKitStep
        var pieces: [Piece] = []
        var bytes = 0
        var hasEnded = false
    }

    private var front: BuildKitStep?
    /// When the front was heard last, in the stream's time.
    private var heard = 0.0
    private var waiting: [Waiting] = []

    /// Seconds of silence after which another instruction comes to the front.
    private static let waitingTimeout = 2.0
    /// Bytes that may wait.
    private static let waitingLimit = 256 << 10

    mutating func begin(_ step: BuildKitStep) -> [Piece] {
        guard front != nil else { return show(step) }
        waiting.append(Waiting(step: step))
        return []
    }

    mutating func output(_ step: BuildKitStep, _ channel: OutputChannel, _ bytes: [UInt8], time: Double) -> [Piece] {
        if step == front {
            heard = time
            return [.output(channel, bytes)]
        }
        let index = place(of: step)
        waiting[index].pieces.append(.output(channel, bytes))
        waiting[index].bytes += bytes.count
        guard time - heard > Self.waitingTimeout || waiting[index].bytes > Self.waitingLimit else { return [] }
        heard = time
        let next = waiting.remove(at: index)
        front = step
        return [.heading(step)] + next.pieces
    }

    mutating func end(_ step: BuildKitStep, _ end: BuildKitEnd) -> [Piece] {
        guard step == front else {
            let index = place(of: step)
            waiting[index].pieces.append(.end(end))
            waiting[index].hasEnded = true
            return []
        }
        return [.end(end)] + advance()
    }

    /// What is left at the end of the build.
    mutating func finish() -> [Piece] {
        front = nil
        defer { waiting = [] }
        return waiting.flatMap { [.heading($0.step)] + $0.pieces }
    }

    private mutating func show(_ step: BuildKitStep) -> [Piece] {
        front = step
        return [.heading(step)]
    }

    /// The next ones in order, up to one that still runs.
    private mutating func advance() -> [Piece] {
        front = nil
        var pieces: [Piece] = []
        while front == nil, !waiting.isEmpty {
            let next = waiting.removeFirst()
            pieces += [.heading(next.step)] + next.pieces
            if !next.hasEnded { front = next.step }
        }
        return pieces
    }

    /// An instruction that was in front before isn't among those that wait.
    private mutating func place(of step: BuildKitStep) -> Int {
        if let index = waiting.firstIndex(where: { $0.step == step }) { return index }
        waiting.append(Waiting(step: step))
        return waiting.count - 1
    }
}
