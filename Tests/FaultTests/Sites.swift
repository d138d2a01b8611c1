import ContainerEngine
import Foundation
import Glibc
import LabSupport
import TestSupport

/// Where commands of a fault are typed.
protocol FaultSite: Sendable {
    /// Types a script; `input` is what its standard input holds.
    func type(_ script: String) async throws -> Typed
    /// Asks ailab what it thinks of an output.
    func diagnose(_ output: String, _ arguments: String, _ environment: String) async throws -> Typed
}

/// What a script printed, both streams together, and how it ended.
struct Typed: Sendable {
    var exitCode: Int
    var text: String
}

/// Files of this target.
enum FaultFiles {
    static let folder = Program.checkout + "/Tests/FaultTests/Support"

    static func run(_ program: String, _ arguments: [String], _ environment: [String: String], limit: Duration = .seconds(120)) async throws
        -> Typed
    {
        let lines = Locked<[String]>([])
        let command = ChildCommand(program, arguments, environment: environment, timeout: limit)
        let result = try await ChildProcess.run(command) { line in lines.withLock { $0.append(line.text) } }
        return Typed(exitCode: result.exitCode, text: lines.withLock { $0.joined(separator: "\n") })
    }
}

/// A world of its own, ended with everything in it by ending its first process.
final class World: FaultSite {
    let folder: String
    private let holder: Shell.Running
    private let pid: Int32
    private static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// Makes the world and waits until its engine has an image.
    init(base tar: String) async throws {
        folder = "/var/cache/ailab-world-\(getpid())"
        try Files.makeDirectory(folder + "/labs")
        try Files.write(try Files.read(tar), to: folder + "/base.tar")
        try Files.write(try Files.read(FaultFiles.folder + "/fault.yaml"), to: folder + "/labs/fault.yaml")
        let script = """
            exec env -i PATH=\(Self.path) unshare --net --mount --pid --fork --mount-proc --kill-child --propagation private \
            sh \(FaultFiles.folder)/world.sh \(folder) \(FaultFiles.folder)/registry.py >\(folder)/log 2>&1
            """
        holder = try Shell.start(script, in: "/")
        let holder = holder
        let folder = folder
        for _ in 0..<1200 where !Files.exists(folder + "/ready") { try await Task.sleep(for: .milliseconds(50)) }
        guard Files.exists(folder + "/ready"),
            let children = try? Files.text("/proc/\(holder.pid)/task/\(holder.pid)/children"),
            let first = children.split(separator: " ").first.flatMap({ Int32($0) })
        else {
            let log = (try? Files.text(folder + "/log")) ?? ""
            holder.stop()
            throw SiteFailure("the world did not come up: \(log)")
        }
        pid = first
    }

    func end() {
        holder.stop()
        _ = try? Shell.run("rm -rf \(folder)", in: "/")
    }

    private var environment: [String: String] {
        let tools = Program.path.split(separator: "/").dropLast().map { "/\($0)" }.joined()
        return [
            "PATH": "\(tools):\(Self.path)", "HOME": folder + "/home", "USER": "root", "LANG": "C.UTF-8", "AILAB_LANG": "en",
            "AILAB_LABS": folder + "/labs", "AILAB_HOME": folder + "/home/ailab", "AILAB_ENGINE_DIR": folder + "/engine", "W": folder,
        ]
    }

    func type(_ script: String) async throws -> Typed {
        try await FaultFiles.run(
            "/usr/bin/nsenter", ["-t", "\(pid)", "-n", "-m", "-p", "sh", "-c", "cd \(folder)/home\n" + script], environment)
    }

    func diagnose(_ output: String, _ arguments: String, _ environment: String) async throws -> Typed {
        let file = "\(folder)/output.txt"
        try Files.write(Array(output.utf8), to: file)
        return try await type("\(environment) ailab diagnose \(file) --json --here --lab fault \(arguments)")
    }
}

/// A container of the serving image.
final class ServingContainer: FaultSite {
    private let name: String
    private let environment: [String: String]

    init(image: String) async throws {
        name = "ailab-test-fault-\(getpid())"
        environment = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "DOCKER_HOST": try RealEngine.endpoint().dockerHost, "AILAB_LANG": "en",
            "LANG": "C.UTF-8", "HOME": "/root",
        ]
        let options = [
            "--init", "--user", "root", "--label", "\(RealEngine.label)=fault", "-v", "\(FaultFiles.folder):/support:ro", "-w", "/work",
            "--add-host", "index.lab:127.0.0.1",
            "-e", "PIP_INDEX_URL=https://index.lab:8443/simple", "-e", "PIP_BREAK_SYSTEM_PACKAGES=1", "-e", "PIP_ROOT_USER_ACTION=ignore",
            "-e", "PIP_RETRIES=0",
        ]
        let made = try await FaultFiles.run(
            "/bin/sh", ["-c", "docker run -d --name \(name) \(options.joined(separator: " ")) --entrypoint sleep \(image) 3600"],
            environment)
        guard made.exitCode == 0 else { throw SiteFailure("no container of \(image): \(made.text)") }
        _ = try await type("ln -s /support/curl /usr/local/bin/curl")
    }

    func end() async { _ = try? await FaultFiles.run("/bin/sh", ["-c", "docker rm -f \(name)"], environment) }

    func type(_ script: String) async throws -> Typed {
        try await FaultFiles.run("/bin/sh", ["-c", "exec docker exec -i \(name) sh -c \(ShellWord.quoted(script))"], environment)
    }

    func diagnose(_ output: String, _ arguments: String, _ extra: String) async throws -> Typed {
        let file = try TemporaryFile(Array(output.utf8))
        return try await FaultFiles.run(
            "/bin/sh", ["-c", "\(extra) \(Program.path) diagnose \(file.path) --json \(arguments)"], environment)
    }
}

/// Something that a site needs is not there.
struct SiteFailure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
