import LabRunner
import LabSupport
import LabTUI
import TestSupport
import Testing

@Suite struct ScreenLoopTests {
    private static func model() -> AppModel {
        AppModel(size: Size(columns: 80, rows: 24), settings: Settings(language: .en, look: Look()), now: 1_795_368_440)
    }

    private static func services(
        attach: @escaping @Sendable (String) async throws -> Void = { _ in },
        _ perform: @escaping @Sendable (AppEffect, Services.Send) async -> Void = { _, _ in }
    ) -> Services {
        Services(perform: perform, attach: attach, editor: ["ed"], prepareFile: { _, _ in })
    }

    @Test func paintsAndLeaves() async throws {
        let screen = FakeScreen(Size(columns: 80, rows: 24))
        let mailbox = Mailbox<AppEvent>()
        var program = ScreenLoop(screen: screen, mailbox: mailbox, services: Self.services())
        mailbox.send(.key(.character("?")))
        let leaving = Task {
            while await screen.frames.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            mailbox.send(.key(.escape))
            mailbox.send(.key(.character("q")))
        }
        _ = try await program.run(Self.model())
        try await leaving.value
        #expect(await screen.calls == ["open", "close"])
    }

    @Test func whatChangesNothingIsNotPainted() async throws {
        let screen = FakeScreen(Size(columns: 80, rows: 24))
        let mailbox = Mailbox<AppEvent>()
        var program = ScreenLoop(screen: screen, mailbox: mailbox, services: Self.services())
        let feeding = Task {
            for _ in 0..<5 {
                mailbox.send(.key(.up))
                try await Task.sleep(for: .milliseconds(20))
            }
            mailbox.send(.terminated)
        }
        _ = try await program.run(Self.model())
        try await feeding.value
        #expect(await screen.frames.count == 1)
    }

    @Test func aFloodIsPacedAndTheLastStateIsShown() async throws {
        let screen = FakeScreen(Size(columns: 80, rows: 24))
        let mailbox = Mailbox<AppEvent>()
        var program = ScreenLoop(screen: screen, mailbox: mailbox, services: Self.services())
        for number in 0..<100 { mailbox.send(.said(Text(verbatim: "message \(number)"))) }
        let feeding = Task {
            while await !screen.text.contains("message 99") { try await Task.sleep(for: .milliseconds(5)) }
            mailbox.send(.terminated)
        }
        _ = try await program.run(Self.model())
        try await feeding.value
        #expect(await screen.frames.count <= 3)
    }

    @Test func theTerminalIsLentAndTakenBackEvenAfterAFailure() async throws {
        let screen = FakeScreen(Size(columns: 80, rows: 24))
        let mailbox = Mailbox<AppEvent>()
        let services = Self.services(attach: { _ in throw LabError(codeText: "shell.gone", Text(verbatim: "gone")) })
        var program = ScreenLoop(screen: screen, mailbox: mailbox, services: services)
        mailbox.send(.labLoaded(try Fixture.lab(), files: "/x"))
        mailbox.send(.historyRead)
        mailbox.send(.journal(run: 9, Recorded.shell(RunOptions(), "docker run -it alpine")))
        mailbox.send(.boxSettled)
        mailbox.send(.key(.enter))
        let leaving = Task {
            try await Task.sleep(for: .milliseconds(200))
            mailbox.send(.terminated)
        }
        let end = try await program.run(Self.model())
        try await leaving.value
        #expect(await screen.calls == ["open", "lend", "take back", "close"])
        #expect(end.message?.isFailure == true)
    }

    /// They would take the processor from it.
    @Test func whatTheFirstFrameDoesNotShowBeginsAfterIt() async throws {
        let screen = FakeScreen(Size(columns: 80, rows: 24))
        let mailbox = Mailbox<AppEvent>()
        let framesBefore = Locked<[Int]>([])
        let services = Self.services(attach: { _ in }) { effect, _ in
            let frames = await screen.frames.count
            if effect == .watchEngine || effect == .readHost { framesBefore.withLock { $0.append(frames) } }
        }
        var program = ScreenLoop(screen: screen, mailbox: mailbox, services: services)
        let feeding = Task {
            mailbox.send(.labLoaded(try Fixture.lab(), files: "/x"))
            mailbox.send(.historyRead)
            while framesBefore.withLock({ $0.count }) < 2 { try await Task.sleep(for: .milliseconds(5)) }
            mailbox.send(.terminated)
        }
        _ = try await program.run(Self.model())
        try await feeding.value
        #expect(framesBefore.withLock { $0.allSatisfy { $0 > 0 } }, "\(framesBefore.withLock { $0 }) frames were painted")
    }

    @Test func effectsEndWithTheProgram() async throws {
        let running = Locked(0)
        let services = Self.services(attach: { _ in }) { _, _ in
            running.withLock { $0 += 1 }
            while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
            running.withLock { $0 -= 1 }
        }
        let mailbox = Mailbox<AppEvent>()
        var program = ScreenLoop(screen: FakeScreen(Size(columns: 80, rows: 24)), mailbox: mailbox, services: services)
        let leaving = Task {
            try await Task.sleep(for: .milliseconds(100))
            mailbox.send(.terminated)
        }
        _ = try await program.run(Self.model())
        try await leaving.value
        #expect(running.withLock { $0 } == 0)
    }

    @Test func whatAReplacedEffectPutsBackIsWaitedFor() async {
        let steps = Locked<[String]>([])
        var runner = EffectRunner<String> { _ in }
        for name in ["replaced", "cancelled", "last"] {
            runner.start("a") { _ in
                while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
                // Not cancelled, because a clean-up isn't either.
                await Task.detached { try? await Task.sleep(for: .milliseconds(50)) }.value
                steps.withLock { $0.append(name) }
            }
            if name == "cancelled" { runner.cancel("a") }
        }
        await runner.cancelAll()
        #expect(Set(steps.withLock { $0 }) == ["replaced", "cancelled", "last"])
    }

    @Test func aLaterEffectReplacesTheEarlierOfItsName() async {
        let (stream, sink) = AsyncStream.makeStream(of: String.self)
        var runner = EffectRunner<String> { sink.yield($0) }
        runner.start("a") { send in
            while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
            send("first cancelled")
        }
        runner.start("a") { $0("second") }
        var seen: Set<String> = []
        for await text in stream {
            seen.insert(text)
            if seen.count == 2 { break }
        }
        #expect(seen == ["first cancelled", "second"])
        await runner.cancelAll()
    }
}
