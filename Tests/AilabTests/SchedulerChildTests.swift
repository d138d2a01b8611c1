import ContainerEngine
import Glibc
import LabSupport
import TestSupport
import Testing

/// ailab leaves while a scheduler's program waits for its controller. Nothing of the program is left.
@Suite("A scheduler's program that hangs", .timeLimit(.minutes(2)))
struct SchedulerChildTests {
    /// Ends only by SIGKILL, and writes its number.
    private static let hanging = """
        #!/bin/sh
        trap '' TERM INT HUP
        echo $$ > "$(dirname "$0")/new" && mv "$(dirname "$0")/new" "$(dirname "$0")/pid"
        exec sleep 600

        """

    @Test(
        "It ends with ailab",
        arguments: ["exec AILAB top --once --interval 0.2", "AILAB top --json & until test -e pid; do sleep 0.1; done; kill $!; wait $!"])
    func ends(_ words: String) throws {
        let folder = try TemporaryDirectory()
        for name in ["squeue", "sinfo"] { _ = try folder.write(Self.hanging, to: name, mode: 0o755) }
        let environment = "AILAB_HOME='\(folder.path)/home' DOCKER_HOST=unix:///nonexistent/docker.sock PATH='\(folder.path)':/usr/bin:/bin"
        let command = words.replacing("AILAB", with: "env \(environment) '\(Program.path)'")
        _ = try Shell.run("(\(command)) > out 2>&1", in: folder.path)
        let pid = try #require(Int32(try Files.text("\(folder.path)/pid").trimmingWhitespace()))
        // The system may take a moment, and what is dead may wait for its new parent.
        while let line = try? Files.read("/proc/\(pid)/cmdline"), !line.isEmpty { usleep(20_000) }
    }
}
