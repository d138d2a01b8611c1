import ArgumentParser
import Dispatch
import Glibc
import LabEngine
import LabSupport

/// Signals that end something in an orderly way for as long as it goes on, instead of ending this program.
final class Interrupts {
    /// How this program reacts to a signal while nobody reads what it prints.
    enum Holding: Sendable {
        /// It leaves, after a signal as soon as it's held. A run goes on without it.
        case leaves
        /// It leaves if it was held already when the signal came. What comes later may be a person who stops the terminal to read.
        case leavesIfHeldBefore
        /// It waits, because it has something to put back.
        case waits
    }

    private struct Reaction: Sendable {
        var react: @Sendable () -> Void
        var holding: Holding
    }

    /// What each signal does now; without an entry it ends the program.
    private static let reactions = Locked<[Int32: Reaction]>([:])
    private static let heard = Locked<Set<Int32>>([])

    private let signals: [Int32]
    private let count: Locked<Int>

    /// Whether one came, such as by Ctrl-C.
    var happened: Bool { count.withLock { $0 > 0 } }

    /// Ctrl-C asks the runner to cancel; a second one ends it at once.
    convenience init(_ run: LaunchedRun, holding: Holding = .leaves) {
        self.init(on: [SIGINT], holding: holding) { times in
            run.end(atOnce: times > 1)
            guard times == 1 else { return }
            Console.error(
                Text(en: "\nCancelling… (Ctrl-C again ends it at once)", zh: "\n正在取消……（再按一次 Ctrl-C 立即结束）")[Console.language])
        }
    }

    /// Ctrl-C ends a load test, and what was measured until then is shown; a second one ends the program.
    convenience init(_ run: LoadRun) {
        self.init(on: [SIGINT], holding: .leaves) { times in
            if times == 1 { run.stop() } else { ExitCodes.leave(ExitCodes.interrupted.rawValue) }
        }
    }

    /// `react` gets how many came so far.
    init(on signals: [Int32], holding: Holding, _ react: @escaping @Sendable (_ times: Int) -> Void) {
        let count = Locked(0)
        self.count = count
        self.signals = signals
        for number in signals {
            Self.reactions.withLock { reactions in
                let counting: @Sendable () -> Void = {
                    react(
                        count.withLock { count in
                            count += 1
                            return count
                        })
                }
                reactions[number] = Reaction(react: counting, holding: holding)
            }
            Self.hear(number)
        }
    }

    /// A signal is listened to from its first use on: Dispatch puts its handler in place once, and a second source would hear nothing.
    private static func hear(_ number: Int32) {
        guard heard.withLock({ $0.insert(number).inserted }) else { return }
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            guard let reaction = reactions.withLock({ $0[number] }) else { ExitCodes.leave(ExitCodes.interrupted.rawValue) }
            switch reaction.holding {
            case .leaves: watch(number)
            case .leavesIfHeldBefore: leave(ifHeldSince: .now)
            case .waits: break
            }
            reaction.react()
        }
        source.activate()
        _ = Unmanaged.passRetained(source as AnyObject)
    }

    /// Looks every half second, as long as the reaction is in force, because what it prints itself may be held.
    private static func watch(_ number: Int32) {
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.5) {
            guard reactions.withLock({ $0[number] != nil }) else { return }
            if Console.isHeld(since: .now - .seconds(1)) { ExitCodes.leave(ExitCodes.interrupted.rawValue) }
            watch(number)
        }
    }

    private static func leave(ifHeldSince time: ContinuousClock.Instant) {
        DispatchQueue.global().asyncAfter(deadline: .now() + 1) {
            if Console.isHeld(since: time) { ExitCodes.leave(ExitCodes.interrupted.rawValue) }
        }
    }

    /// A file that reaches its limit is an error of its write, not the end. And Ctrl-\ ends the program without the runtime's report of a crash.
    static func secureSignals() {
        signal(SIGXFSZ, SIG_IGN)
        var action = sigaction()
        guard sigaction(SIGQUIT, nil, &action) == 0, unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) > 1 else { return }
        signal(SIGQUIT, SIG_DFL)
    }

    /// From now on, a signal that would end this program ends it through `ExitCodes.leave`. One that is ignored stays ignored.
    static func leaveInOrder() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var action = sigaction()
            guard sigaction(number, nil, &action) == 0 else { continue }
            if unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 0 { hear(number) }
        }
    }

    /// Does work that Ctrl-C and SIGTERM cancel: what it started is ended and what it left half done put back, before 130 is thrown.
    static func cancelling<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let task = Task { try await work() }
        let interrupts = Interrupts(on: [SIGINT, SIGTERM], holding: .waits) { times in
            task.cancel()
            guard times == 1 else { return }
            Console.error(Text(en: "\nCancelling…", zh: "\n正在取消……")[Console.language])
        }
        defer { interrupts.stop() }
        let ending = await task.result
        if interrupts.happened { throw ExitCodes.interrupted }
        return try ending.get()
    }

    func stop() {
        Self.reactions.withLock { reactions in
            for number in signals { reactions[number] = nil }
        }
    }
}
