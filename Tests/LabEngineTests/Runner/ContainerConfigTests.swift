import TestSupport
import Testing

@testable import ContainerEngine
@testable import HTTPTransport
@testable import HostFacts
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

@Suite struct ContainerConfigTests {
    private let home: TemporaryDirectory

    init() throws { home = try TemporaryDirectory() }

    private func context(_ user: String? = nil, device: String = "cpu") async throws -> RunContext {
        let workspace = try Workspace(root: home.path)
        let docker = DockerClient(http: CurlHTTPClient.shared, endpoint: .unix(path: "/nonexistent.sock"), ping: PingInfo())
        return try RunContext(
            filling: Mini.spec([], directory: "/lab"), engine: RunEngine(docker, containerUser: user), http: docker.http,
            workspace: workspace, run: 1, options: RunOptions(), device: device, environment: [:], journal: .discarding())
    }

    private let image = ResolvedImage(reference: "img:1", setsHome: false)
    private let mounted = LabContainer(
        image: "image:x", name: "c",
        mounts: [LabMount(source: .workspace("out"), target: "/out"), LabMount(source: .lab("src"), target: "/src")])

    @Test func whatTheLabSaysIsWhatTheEngineGets() async throws {
        let container = LabContainer(
            image: "image:x", name: "c", command: ["a", "b"], entrypoint: ["e"], environment: ["K": "V"],
            ports: [LabPort(host: "8080", container: 80)], gpu: .auto, user: "7", memory: "512m", cpus: "1.5", shm: "1g")
        let config = try await context(device: "gpu").config(container, image: image, terminal: true)
        #expect(config.image == "img:1")
        #expect(config.command == ["a", "b"])
        #expect(config.entrypoint == ["e"])
        #expect(config.environment == ["K": "V"])
        #expect(config.ports == [PortMapping(container: 80, host: 8080)])
        #expect(config.ports.first?.address == "127.0.0.1")
        #expect((config.memory, config.sharedMemory, config.cpus) == (536_870_912, 1_073_741_824, 1.5))
        #expect((config.user, config.gpus, config.hasTerminal, config.keepsInputOpen) == ("7", .all, true, true))
    }

    @Test func theGPUIsAskedForWhereTheRunHasOne() async throws {
        #expect(try await context().config(LabContainer(image: "i", name: "c", gpu: .auto), image: image).gpus == nil)
        #expect(try await context(device: "gpu").config(LabContainer(image: "i", name: "c"), image: image).gpus == nil)
    }

    @Test func foldersOfTheLabAreReadOnly() async throws {
        let config = try await context().config(mounted, image: image)
        #expect(
            config.mounts == [
                ContainerMount(source: "\(home.path)/work/mini/out", target: "/out"),
                ContainerMount(source: "/lab/src", target: "/src", isReadOnly: true),
            ])
    }

    @Test func aContainerThatWritesTheWorkspaceDoesSoAsTheStudent() async throws {
        let config = try await context("1000:1000").config(mounted, image: image)
        #expect(config.user == "1000:1000")
        #expect(config.environment == ["HOME": "/tmp"])
    }

    @Test func anImagesOwnHomeStays() async throws {
        let config = try await context("1000:1000").config(mounted, image: ResolvedImage(reference: "i", setsHome: true))
        #expect(config.environment.isEmpty)
        var own = mounted
        own.environment = ["HOME": "/mine"]
        #expect(try await context("1000:1000").config(own, image: image).environment == ["HOME": "/mine"])
    }

    @Test func nobodyElseIsMadeAnotherUser() async throws {
        var named = mounted
        named.user = "root"
        #expect(try await context("1000:1000").config(named, image: image).user == "root")
        #expect(try await context("1000:1000").config(LabContainer(image: "i", name: "c"), image: image).user == nil)
        #expect(try await context().config(mounted, image: image).user == nil)
    }

    @Test func whoNeedsToBeAnotherUser() {
        let rootful = EngineKind(ping: PingInfo(server: "Docker/20"), info: Self.info("name=seccomp"))
        let rootless = EngineKind(ping: PingInfo(server: "Docker/20"), info: Self.info("name=rootless"))
        #expect(RunContext.containerUser(id: 1000, group: 100, engine: rootful) == "1000:100")
        #expect(RunContext.containerUser(id: 1000, group: 100, engine: rootless) == nil)
        #expect(RunContext.containerUser(id: 0, group: 0, engine: rootful) == nil)
    }

    private static func info(_ option: String) -> EngineInfo { EngineInfo(securityOptions: [option]) }

    @Test func theCommandThatIsShownIsTheContainerThatIsMade() async throws {
        let context = try await context("1000:1000")
        let container = LabContainer(
            image: "img:1", name: "c", command: ["run it"], mounts: mounted.mounts, memory: "64m")
        let shown = Equivalent(context).commands(of: .run(LabRunAction(container)))
        let made = try context.config(container, image: ResolvedImage(reference: "img:1", setsHome: true))
        #expect(shown == [ShellWord.line(DockerCommand.run(made, name: "c"))])
        #expect(shown.first?.contains("--user 1000:1000") == true)
        #expect(shown.first?.hasSuffix("img:1 'run it'") == true)
    }

    @Test func theCommandsOfAllTasksAskOnceForEachImage() async throws {
        let server = try ScriptedServer { _, connection in try connection.respond(404, body: #"{"message":"No such image"}"#) }
        let tasks = ["1.1", "1.2", "1.3"].map { id in
            Mini.task(id, .run(LabRunAction(LabContainer(image: id == "1.3" ? "two:1" : "one:1", name: "c-\(id)"))))
        }
        let docker = DockerClient(http: CurlHTTPClient.shared, endpoint: server.endpoint, ping: PingInfo())
        let run = try RunContext(
            filling: Mini.spec(tasks), engine: RunEngine(docker), http: docker.http, workspace: Workspace(root: home.path), run: 1,
            options: RunOptions(), device: "cpu", environment: [:], journal: .discarding())
        let commands = await Equivalent(run).commands(of: run.spec.tasks)
        #expect(commands.count == 3 && commands["1.2"]?.first?.contains("--name c-1.2 one:1") == true)
        #expect(
            server.requests.map { $0.target.split(separator: "/").suffix(2).joined(separator: "/") }.sorted() == [
                "one:1/json", "two:1/json",
            ])
    }

    @Test func aSizeThatCannotBeReadIsNoCommandAndAFailureOfTheTask() async throws {
        let container = LabContainer(image: "i", name: "c", memory: "much")
        #expect(try await Equivalent(context()).commands(of: .run(LabRunAction(container))).isEmpty)
        let error = await #expect(throws: LabError.self) { try await context().config(container, image: image) }
        #expect(error?.code == .usageSize)
    }
}

@Suite struct DeviceChooserTests {
    private func choose(
        _ wanted: RunOptions.Device, info: String = "{}", driver: HostFact<String> = .known("550.1"), hook: Bool = false
    ) async throws -> DeviceChosen {
        let server = try ScriptedServer { request, connection in
            try connection.respond(request.target.hasSuffix("/info") ? 200 : 404, body: info)
        }
        let programs = try TemporaryDirectory()
        if hook { try programs.write("#!/bin/sh\n", to: "usr/bin/nvidia-container-runtime-hook", mode: 0o755) }
        var nvidia = NVIDIAFacts.read(root: .machine)
        nvidia.driverVersion = driver
        let docker = DockerClient(
            http: CurlHTTPClient.shared, endpoint: server.endpoint, ping: PingInfo(apiVersion: APIVersion(major: 1, minor: 41)))
        return try await DeviceChooser(
            engine: RunEngine(docker), nvidia: nvidia, programs: ExecutableLookup(path: nil, below: programs.path)
        )
        .choose(
            wanted)
    }

    private static let noDriver = HostFact<String>.absent(Text(en: "no driver", zh: "没有驱动"))

    @Test func theProcessorWhereItIsAskedFor() async throws {
        #expect(try await choose(.cpu, info: #"{"Runtimes":{"nvidia":{}}}"#).device == "cpu")
    }

    @Test(arguments: [#"{"Runtimes":{"nvidia":{}}}"#, #"{"DiscoveredDevices":[{"Source":"cdi","ID":"nvidia.com/gpu=0"}]}"#])
    func aDriverAndAnEngineThatKnowsOfIt(info: String) async throws {
        #expect(try await choose(.auto, info: info).device == "gpu")
        #expect(try await choose(.gpu, info: info).device == "gpu")
    }

    @Test func whoInsistsGetsTheDeviceThatTheEngineGrantsEvenIfTheDriverIsHidden() async throws {
        let info = #"{"DiscoveredDevices":[{"Source":"cdi","ID":"nvidia.com/gpu=all"}]}"#
        let chosen = try await choose(.gpu, info: info, driver: Self.noDriver)
        #expect(chosen.device == "gpu" && chosen.gpus == .cdi(["nvidia.com/gpu=all"]))
        #expect(chosen.reason.en.contains("CDI") && chosen.reason.en.contains("nvidia.com/gpu=all"))
        // A description without a card is no reason to train on it unasked.
        #expect(try await choose(.auto, info: info, driver: Self.noDriver).device == "cpu")
        #expect(try await choose(.gpu, hook: true).gpus == .all)
    }

    @Test func anOldEngineHasAHook() async throws {
        #expect(try await choose(.auto, hook: true).device == "gpu")
        let without = try await choose(.auto)
        #expect(without.device == "cpu")
        #expect(without.reason.en.contains("nvidia-container-toolkit"))
    }

    @Test func withoutADriverTheReasonIsGivenAndNothingElseIsAsked() async throws {
        let chosen = try await choose(.auto, info: "not even JSON", driver: Self.noDriver)
        #expect(chosen == DeviceChosen(device: "cpu", reason: Text(en: "no driver", zh: "没有驱动")))
    }

    @Test func aGPUThatWasAskedForAndIsNotThereBlocks() async throws {
        let error = await #expect(throws: LabError.self) { try await choose(.gpu, driver: Self.noDriver) }
        #expect(error?.code == .gpuUnavailable)
        #expect(error?.exitStatus == 3)
    }

    @Test func withoutAnEngineNothingIsRefused() async throws {
        var nvidia = NVIDIAFacts.read(root: .machine)
        nvidia.driverVersion = Self.noDriver
        // No task needs one.
        #expect(try await DeviceChooser(engine: nil, nvidia: nvidia).choose(.gpu).device == "gpu")
        #expect(try await DeviceChooser(engine: nil, nvidia: nvidia).choose(.auto).device == "cpu")
        // One is needed, and none answers: that is the failure, and not the device.
        nvidia.driverVersion = .known("550.1")
        let gone = RunEngine(http: CurlHTTPClient.shared, environment: ["DOCKER_HOST": "unix:///nonexistent/docker.sock"])
        #expect(try await DeviceChooser(engine: gone, nvidia: nvidia).choose(.gpu).device == "gpu")
        let chosen = try await DeviceChooser(engine: gone, nvidia: nvidia).choose(.auto)
        #expect(chosen.device == "cpu" && chosen.reason.en.contains("no engine"))
    }

    @Test func anEngineThatDoesNotSayIsNoEngineWithAGPU() async throws {
        await #expect(throws: DockerProtocolError.self) { try await choose(.auto, info: "not JSON") }
    }
}
