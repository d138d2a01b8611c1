import Glibc
import LabSupport
import TestSupport
import Testing

/// Nobody reads what the program prints, and the pipe is full: as behind a pager, or on a terminal after Ctrl-S.
@Suite("Torture: output that nobody takes", .timeLimit(.minutes(2)))
struct HeldOutputTests {
    @Test("Ctrl-C ends a command that waits for its reader") func interrupted() async throws {
        let home = try TemporaryDirectory()
        let pipe = home.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let reader = open(pipe, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        let filling = [UInt8](repeating: 0x78, count: 4096)
        while write(reader, filling, filling.count) > 0 {}
        let command = Program.path + " step 1.1 --auto --lab '\(Program.checkout)/labs/lab5.yaml' --home '\(home.path)/w'"
        let running = try Shell.start("DOCKER_HOST=unix:///nonexistent exec \(command) > '\(pipe)' 2>&1", in: home.path)
        defer { running.stop() }
        // It has begun to print when its run exists.
        try await eventually { Files.exists("\(home.path)/w/runs/1/journal.jsonl") }
        var status: Int32 = 0
        try await eventually {
            kill(running.pid, SIGINT)
            return waitpid(running.pid, &status, WNOHANG) == running.pid
        }
        #expect(status == 130 << 8)
    }
}
