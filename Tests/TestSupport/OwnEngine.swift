package import ContainerEngine
import Glibc
package import HTTPTransport
import LabSupport

/// A dockerd of a test's own, which the test may kill. It has network and mount namespaces of its own, which outlive it.
package final class OwnEngine: Sendable {
    /// Where it listens.
    package let endpoint: Endpoint
    private let folder: String
    private let isLive: Bool
    /// A process that only holds the namespaces.
    private let holder: pid_t
    private let pid = Locked<pid_t?>(nil)

    private init(isLive: Bool) async throws {
        // A short path on a disk: sockets lie in it, and images don't belong on a tmpfs.
        folder = "/var/tmp/ailab-o\(getpid())-\(UInt16.random(in: 0 ... .max))"
        endpoint = .unix(path: folder + "/s")
        self.isLive = isLive
        try Files.makeDirectory(folder)
        try Files.write(Array("{\"live-restore\": \(isLive)}".utf8), to: folder + "/daemon.json")
        holder = try Self.spawn(
            "unshare", ["--net", "--mount", "sh", "-c", "ip link set lo up; exec sleep infinity"], log: folder + "/log")
        // Its namespaces are ready when the shell has replaced itself.
        try await eventually { (try? Files.text("/proc/\(holder)/comm")) == "sleep\n" }
    }

    /// Runs a test's body with an engine that has the base image. `isLive` is for live-restore: containers outlive the engine.
    package static func with(isLive: Bool = false, _ body: (OwnEngine) async throws -> Void) async throws {
        let engine = try await OwnEngine(isLive: isLive)
        do {
            try await engine.start()
            try await RealEngine.ensureBase(try await engine.client())
            try await body(engine)
        } catch {
            await engine.end()
            throw error
        }
        await engine.end()
    }

    /// A client for it.
    package func client() async throws -> DockerClient { try await DockerClient.connect(http: CurlHTTPClient.shared, endpoint: endpoint) }

    /// The words before a command that has to reach the ports of its containers.
    package var inside: [String] { ["/usr/bin/nsenter", "--net=/proc/\(holder)/ns/net"] }

    /// Starts it, and waits until it answers.
    package func start() async throws {
        launch()
        for _ in 0..<600 {
            if (try? await client()) != nil { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw NeverHappened()
    }

    /// Starts it without waiting.
    package func launch() {
        let arguments = [
            "--net=/proc/\(holder)/ns/net", "--mount=/proc/\(holder)/ns/mnt", "dockerd", "--data-root", folder + "/data", "--exec-root",
            folder + "/exec", "--pidfile", folder + "/pid", "--host", "unix://\(folder)/s", "--config-file", folder + "/daemon.json",
            "--storage-driver", "overlay2", "--iptables=false", "--ip-forward=false",
        ]
        // Its containerd dies with it, but a moment later. A new engine would find it alive and wait for it.
        for process in processes() where process.line.hasPrefix("containerd ") || process.line.hasPrefix("containerd\0") {
            Glibc.kill(process.pid, SIGKILL)
        }
        unlink(folder + "/pid")
        unlink(folder + "/exec/containerd/containerd.pid")
        let started = try? Self.spawn("nsenter", arguments, log: folder + "/log")
        pid.withLock { $0 = started }
    }

    /// Kills it, as a crash would end it.
    package func kill() async { await signal(SIGKILL) }

    /// Stops it in good order.
    package func stop() async { await signal(SIGTERM) }

    /// Cures an engine whose tables are wrong after a crash: restarts it in good order, without the processes of containers that it doesn't
    /// know, and without their interfaces.
    package func heal() async throws {
        await stop()
        for process in processes() where process.line.contains("containerd-shim") { Glibc.kill(process.pid, SIGKILL) }
        _ = try Shell.run("nsenter --net=/proc/\(holder)/ns/net ip link delete docker0 || true", in: "/")
        try await start()
    }

    private func signal(_ number: Int32) async {
        guard let process = pid.withLock({ $0 }) else { return }
        Glibc.kill(process, number)
        for _ in 0..<600 where waitpid(process, nil, WNOHANG) == 0 { try? await Task.sleep(for: .milliseconds(50)) }
        pid.withLock { $0 = nil }
    }

    /// Without an engine, nobody would end what it started: so it starts once more, removes everything and stops.
    private func end() async {
        if pid.withLock({ $0 }) == nil { try? await start() }
        if let docker = try? await client(), let containers = try? await docker.listContainers(all: true) {
            for container in containers { try? await docker.removeContainer(container.id, force: true) }
        }
        await stop()
        for process in processes() { Glibc.kill(process.pid, SIGKILL) }
        Glibc.kill(holder, SIGKILL)
        waitpid(holder, nil, 0)
        _ = try? Shell.run("rm -rf --one-file-system '\(folder)'", in: "/")
    }

    /// The processes that name its folder.
    private func processes() -> [(pid: pid_t, line: String)] {
        Files.names(in: "/proc").compactMap { entry in
            guard let pid = pid_t(entry), let line = try? Files.text("/proc/\(pid)/cmdline"), line.contains(folder) else { return nil }
            return (pid, line)
        }
    }

    private static func spawn(_ program: String, _ arguments: [String], log: String) throws -> pid_t {
        let output = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { for descriptor in [output, null] { close(descriptor) } }
        let search = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        let command = ChildCommand(
            "/usr/bin/\(program)", arguments, environment: ["PATH": search, "HOME": "/root"], directory: "/", timeout: nil)
        return try ChildSpawn.session(command, input: null, output: output, error: output)
    }
}
