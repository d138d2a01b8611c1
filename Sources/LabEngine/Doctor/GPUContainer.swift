import ContainerEngine
import Diagnosis
import LabFile
import LabRunner
import LabSupport

/// Starts a container with all GPUs and asks which ones it sees.
enum GPUContainer {
    static func look(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let docker = try await scene.docker()
        guard let image = try await image(scene) else {
            return .note(Text(en: "can't check yet: the engine has none of the lab's images", zh: "暂时无法检查：引擎上还没有实验镜像"))
        }
        var config = ContainerConfig(image: image, command: ["-c", "ls -d /dev/nvidia[0-9]* /dev/dxg 2>/dev/null; nvidia-smi -L 2>&1"])
        config.entrypoint = ["/bin/sh"]
        config.gpus = .all
        config.labels = ["ailab.doctor": "gpu.container"]
        config.network = "none"
        let made = try await docker.createContainer(config, name: "ailab-doctor-\(UInt32.random(in: 0 ... .max))")
        return try await cleaningUp {
            try? await docker.removeContainer(made.id, force: true)
        } after: {
            try await see(made.id, docker, scene)
        }
    }

    private static func see(_ id: String, _ docker: DockerClient, _ scene: DoctorScene) async throws -> ProbeVerdict {
        do {
            let wait = try await docker.beginWait(id, for: .nextExit)
            try await docker.startContainer(id)
            _ = try await wait.exitCode()
        } catch let error as DockerError {
            let words = LabError(error)
            let cause = SafeLines.clean(text: words.cause ?? words.message.en)
            return await scene.found(
                "gpu-no-nvidia-runtime", words.message, evidence: [Text(verbatim: cause)], concerns: scene.device == .gpu ? [.gpu] : [])
        }
        let output = try await docker.logs(id, LogOptions(), hasTerminal: false).collect()
        let lines = String(decoding: output.stdout, as: UTF8.self).split(separator: "\n").map { SafeLines.clean(text: String($0)) }
        let cards = lines.filter { $0.hasPrefix("GPU ") }
        if !cards.isEmpty { return .good(Text(verbatim: cards.map { String($0.prefix { $0 != "(" }) }.joined(separator: ", "))) }
        let nodes = lines.filter { $0.hasPrefix("/dev/") }
        if !nodes.isEmpty { return .good(Text(verbatim: nodes.joined(separator: " "))) }
        let measured = Text(en: "a container with all GPUs assigned sees none", zh: "分配了全部 GPU 的容器一个也看不到")
        return await scene.found(
            "gpu-not-visible", measured, evidence: [measured] + lines.prefix(3).map { Text(verbatim: $0) },
            concerns: scene.device == .gpu ? [.gpu] : [])
    }

    /// An image of the lab that the engine already has. The doctor downloads nothing.
    private static func image(_ scene: DoctorScene) async throws -> String? {
        let tags = try await scene.images().flatMap(\.tags)
        let wanted = (scene.concerns?.builds ?? []) + (scene.spec?.images ?? []).filter { $0.name != "hello" }.flatMap(\.localTags)
        return wanted.first(where: tags.contains)
    }

    private static func cleaningUp<Value: Sendable>(
        _ cleanup: @Sendable @escaping () async -> Void, after body: () async throws -> Value
    ) async throws -> Value {
        do {
            let value = try await body()
            await cleanup()
            return value
        } catch {
            // A detached task cleans up even if this one was canceled, for example by the probe's timeout.
            await Task.detached { await cleanup() }.value
            throw error
        }
    }
}
