import LabSupport
import TestSupport
import Testing

@testable import LabRunner

@Suite struct WatchedFolderTests {
    private let home: TemporaryDirectory
    private let wakeUps = Locked(0)
    private let begin = ContinuousClock.now

    init() throws { home = try TemporaryDirectory() }

    private func folder(_ pace: FolderWakeups.Pace) -> WatchedFolder {
        WatchedFolder(home.path, file: nil, pace: pace) { [wakeUps] in wakeUps.withLock { $0 += 1 } }
    }

    private var count: Int { wakeUps.withLock { $0 } }

    @Test("Without a pause, each change wakes")
    func noPause() {
        let folder = folder(.each)
        folder.change(begin + .milliseconds(1))
        folder.change(begin + .milliseconds(2))
        #expect(count == 2)
    }

    @Test("A change that comes too soon waits for the next one")
    func companion() {
        let folder = folder(.gathered(.milliseconds(25)))
        folder.change(begin + .milliseconds(100))
        #expect(count == 1)
        folder.change(begin + .milliseconds(120))
        #expect(count == 1)
        folder.change(begin + .milliseconds(140))
        #expect(count == 2)
        #expect(folder.due == nil)
    }

    @Test("A change that comes too soon waits at most as long again")
    func deadline() {
        let folder = folder(.gathered(.milliseconds(25)))
        folder.change(begin + .milliseconds(100))
        folder.change(begin + .milliseconds(110))
        #expect(folder.due == begin + .milliseconds(150))
        folder.passTime(begin + .milliseconds(149))
        #expect(count == 1)
        folder.passTime(begin + .milliseconds(150))
        #expect(count == 2)
        folder.passTime(begin + .milliseconds(300))
        #expect(count == 2)
    }

    @Test("A spaced watch is deaf after it has woken its waiter")
    func spaced() {
        let folder = folder(.spaced(.milliseconds(100)))
        folder.change(begin + .milliseconds(10))
        #expect(count == 1)
        #expect(!folder.isListening)
        folder.passTime(begin + .milliseconds(109))
        #expect(!folder.isListening)
        folder.passTime(begin + .milliseconds(110))
        #expect(folder.isListening)
        #expect(count == 1)
        folder.change(begin + .milliseconds(111))
        #expect(count == 2)
    }
}
