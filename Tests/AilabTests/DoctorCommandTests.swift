import ContainerEngine
import Glibc
import LabSupport
import TestSupport
import Testing

/// `ailab doctor` as a person types it.
@Suite("ailab doctor", .tags(.engine), .needsOfTags) struct DoctorCommandTests {
    /// What needs this machine's own network is left out: a test must not depend on it.
    private let skips = ["--skip", "network", "--skip", "host", "--skip", "gpu"]

    @Test("a healthy machine: nothing blocks, and every check has a line") func healthy() async throws {
        try await CommandLineFixture.with("doctor") { fixture in
            let outcome = try await fixture.run(["doctor", "--lab", "mini"] + skips)
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.error)")
            #expect(outcome.output.contains("✔ good     engine.socket"))
            #expect(outcome.output.contains("Nothing blocks the lab."))
            #expect(!Files.exists(fixture.home), "the doctor makes no workspace")
            let json = try await fixture.run(["doctor", "--json", "--lab", "mini"] + skips)
            let value = try #require(JSONValue(Array(json.output.utf8)))
            #expect(value.at("/schema")?.scalar == "1" && value.at("/blocks")?.scalar == "false" && json.error.isEmpty)
            #expect(!json.output.contains("\u{1B}"))
        }
    }

    @Test("what is held by somebody else blocks its task, and exit code 1 says so") func problems() async throws {
        try await CommandLineFixture.with("doctor-taken") { fixture in
            var config = ContainerConfig(image: RealEngine.base, command: ["true"])
            config.labels = fixture.engine.labels
            let name = "\(fixture.id)-hello"
            _ = try await fixture.engine.docker.createContainer(config, name: name)
            fixture.engine.removesAtEnd(container: name)
            let outcome = try await fixture.run(["doctor", "--lab", "mini", "--only", "containers"])
            #expect(outcome.code == 1)
            #expect(outcome.output.contains("✘ problem  containers.names"))
            #expect(outcome.output.contains("1 problem blocks step 1."))
            #expect(outcome.output.contains("docker rm -f \(name)"))
        }
    }

    @Test("a cure is carried out, and the check that failed is made again") func cure() async throws {
        try await CommandLineFixture.with("doctor-cure") { fixture in
            let arguments = ["doctor", "--lab", "mini", "--only", "host.locale"]
            let before = try await fixture.run(arguments, ["LANG": "C"])
            #expect(before.output.contains("! advice   host.locale"))
            let outcome = try await fixture.run(arguments + ["--fix", "--yes"], ["LANG": "C"])
            #expect(outcome.error.contains("export LANG=C.UTF-8"))
            #expect(outcome.code == 0 && outcome.output.contains("✔ good     host.locale"), "\(outcome.output)\(outcome.error)")
        }
    }

    @Test("Ctrl-C ends a cure together with the command that it runs") func interruptedCure() async throws {
        try await CommandLineFixture.with("cure-stop") { fixture in
            let folder = "\(fixture.home)-programs"
            try Files.makeDirectory(folder)
            // Whatever starts an engine on this machine: it says its process id and stays.
            let script =
                "#!/bin/sh\n[ \"$2\" = true ] && exit 0\necho $$ > \(folder)/pid.new; mv \(folder)/pid.new \(folder)/pid\nexec sleep 600\n"
            for name in ["service", "systemctl", "sudo"] { try Files.write(Array(script.utf8), to: "\(folder)/\(name)", mode: 0o755) }
            let change = ["DOCKER_HOST": "unix://\(folder)/none.sock", "PATH": "\(folder):/usr/sbin:/usr/bin:/sbin:/bin"]
            for signal in [SIGINT, SIGTERM] {
                let command = try fixture.start(["step", "1", "--fix", "--yes"], change)
                try await eventually { Files.exists("\(folder)/pid") }
                let pid = try #require(Int32(try Files.text("\(folder)/pid").filter(\.isNumber)))
                unlink("\(folder)/pid")
                kill(command.pid, signal)
                let outcome = try await command.outcome()
                #expect(outcome.code == 130, "\(outcome.output)\(outcome.error)")
                // Where nobody reaps orphans it stays as a name alone.
                try await eventually { (try? Files.text("/proc/\(pid)/stat"))?.contains(") Z ") ?? true }
            }
        }
    }

    @Test("without a terminal it is said once that nobody can be asked, and nothing that was given is advised") func unasked() async throws
    {
        try await CommandLineFixture.with("cure-unasked") { fixture in
            let outcome = try await fixture.run(["step", "1", "--fix"], ["DOCKER_HOST": "unix://\(fixture.home)-none.sock"])
            let all = outcome.output + outcome.error
            #expect(outcome.code == 3 && all.split(separator: "there is no terminal to ask on").count == 2, "\(all)")
            #expect(!all.contains("With `--fix`"))
        }
    }

    @Test(
        "flags that would do nothing are refused",
        arguments: [
            ["doctor", "--yes"], ["doctor", "--fix", "--json"], ["top", "--once", "--listen", "0"], ["top", "--run", "1", "--listen", "0"],
            ["load", "mnist", "--connections", "3"],
        ])
    func refused(_ arguments: [String]) async throws {
        try await CommandLineFixture.with("refused") { fixture in
            let outcome = try await fixture.run(arguments)
            #expect(outcome.code == 2 && outcome.output.isEmpty && outcome.error.contains("--"), "\(outcome.error)")
        }
    }

    @Test("what somebody else made is not removed without asking for it") func careful() async throws {
        try await CommandLineFixture.with("doctor-fix") { fixture in
            var config = ContainerConfig(image: RealEngine.base, command: ["true"])
            config.labels = fixture.engine.labels
            let name = "\(fixture.id)-hello"
            _ = try await fixture.engine.docker.createContainer(config, name: name)
            fixture.engine.removesAtEnd(container: name)
            let outcome = try await fixture.run(["doctor", "--lab", "mini", "--only", "containers", "--fix", "--yes"])
            #expect(outcome.code == 1)
            #expect(try await fixture.engine.docker.containerIfPresent(name) != nil)
        }
    }

    @Test("the socket of an engine that only root may use, as an ordinary user") func permission() async throws {
        try await CommandLineFixture.with("doctor-user") { fixture in
            let folder = try TemporaryDirectory()
            chmod(folder.path, 0o755)
            let server = try ScriptedServer(on: .socket(path: folder.path + "/s")) { _, connection in try connection.respond(200) }
            chmod(folder.path + "/s", 0o600)
            let command = try fixture.command(["doctor", "--json", "--only", "engine.socket"])
            let script =
                "setpriv --reuid 65534 --regid 65534 --clear-groups \"$0\" doctor --json --lab none --only engine.socket > \(folder.path)/out"
            // A program below root's own folder is out of that user's reach.
            let program = folder.path + "/ailab"
            try Files.write(try Files.read(command.executable), to: program, mode: 0o755)
            chmod(program, 0o755)
            var environment = command.environment
            environment["DOCKER_HOST"] = "unix://\(folder.path)/s"
            environment["AILAB_HOME"] = "/nonexistent/home"
            let child = ChildCommand("/bin/sh", ["-c", script, program], environment: environment, timeout: .seconds(60))
            _ = try await ChildProcess.run(child)
            let value = try #require(JSONValue(try Files.read(folder.path + "/out")))
            #expect(value.at("/checks/0/finding/cause")?.scalar == "docker-socket-permission")
            #expect(value.at("/checks/0/finding/remedies/0/commands/1")?.scalar == "sudo chmod 660 \(folder.path)/s")
            withExtendedLifetime(server) {}
        }
    }

    @Test("a check that does not exist is wrong usage, and the nearest is named") func wrongUse() async throws {
        try await CommandLineFixture.with("doctor-use") { fixture in
            let outcome = try await fixture.run(["doctor", "--only", "engine.sockt"])
            #expect(outcome.code == 2 && outcome.error.contains("engine.socket"))
        }
    }

    @Test("the archive says what is in it") func archive() async throws {
        try await CommandLineFixture.with("doctor-bundle") { fixture in
            let folder = try TemporaryDirectory()
            let path = folder.path + "/doctor.tar.gz"
            let outcome = try await fixture.run(["doctor", "--lab", "mini", "--only", "engine", "--bundle", path])
            #expect(outcome.code == 0 && outcome.error.contains("doctor.json") && outcome.error.contains("engine.txt"))
            #expect(try Shell.run("tar -tzf \(path) | grep -q ailab-doctor/engine.txt", in: folder.path) == 0)
        }
    }
}
