import ContainerEngine
import Diagnosis
import LabFile
import LabRunner
import LabSupport

/// Starts a container with all GPUs and asks which ones it sees.
enum GPUContainer {
    private static let script = "ls -d /dev/nvidia[0-9]* /dev/dxg 2>/dev/null; nvidia-smi -L 2>&1"

    static func look(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let docker = try await scene.docker()
        guard let image = try await DoctorContainer.image(scene) else {
            return .note(Text(en: "can't check yet: the engine has none of the lab's images", zh: "暂时无法检查：引擎上还没有实验镜像"))
        }
        let request = GPUAccess(info: try await scene.info(), ping: docker.ping, root: scene.root)?.request ?? .all
        return try await DoctorContainer.with(
            script, image: image, probe: "gpu.container", docker: docker,
            configure: {
                $0.gpus = request
                $0.network = "none"
            }
        ) { try await see($0, scene) }
    }

    private static func see(_ container: DoctorContainer, _ scene: DoctorScene) async throws -> ProbeVerdict {
        do {
            try await container.run()
        } catch let error as DockerError {
            let words = LabError(error)
            let cause = SafeLines.clean(text: words.cause ?? words.message.en)
            return await scene.found(
                "gpu-no-nvidia-runtime", words.message, evidence: [Text(verbatim: cause)], concerns: scene.device == .gpu ? [.gpu] : [])
        }
        let lines = try await container.lines()
        let cards = lines.filter { $0.hasPrefix("GPU ") }
        if !cards.isEmpty { return .good(Text(verbatim: cards.map { String($0.prefix { $0 != "(" }) }.joined(separator: ", "))) }
        let nodes = lines.filter { $0.hasPrefix("/dev/") }
        if !nodes.isEmpty { return .good(Text(verbatim: nodes.joined(separator: " "))) }
        let measured = Text(en: "a container with all GPUs assigned sees none", zh: "分配了全部 GPU 的容器一个也看不到")
        return await scene.found(
            "gpu-not-visible", measured, evidence: [measured] + lines.prefix(3).map { Text(verbatim: $0) },
            concerns: scene.device == .gpu ? [.gpu] : [])
    }
}
