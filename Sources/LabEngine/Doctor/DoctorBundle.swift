import ContainerEngine
import Diagnosis
import Glibc
import HostFacts
import LabFile
import LabRunner
package import LabSupport

/// An archive for the person who helps: the doctor's results, what the engine reports, the lab's progress, and the ends of the last runs.
///
/// Redaction applies to every text in it: credentials in URLs, proxy passwords, TorchServe's keys and similar secrets.
package struct DoctorBundle: Sendable {
    /// A file in the archive.
    package struct Member: Sendable, Equatable {
        package var name: String
        package var text: Text
        var content: String
    }

    /// The path and the contents of the archive that was written.
    package struct Written: Sendable, Equatable {
        package var path: String
        package var members: [Member]
    }

    private let scene: DoctorScene
    private let report: DoctorReport
    private let version: String

    package init(_ scene: DoctorScene, _ report: DoctorReport, version: String) {
        self.scene = scene
        self.report = report
        self.version = version
    }

    /// The archive contains the last bytes of the files of the last runs.
    private static let runCount = 3
    private static let tailSize = 64 << 10

    /// Writes the archive. It's compressed if the name ends in `.gz` or `.tgz` and gzip is installed. Without gzip, the name ends in `.tar`.
    package func write(to path: String) async throws -> Written {
        let members = await members()
        let folder = "ailab-doctor/"
        let archive = TarWriter(
            members.map {
                TarEntry(
                    name: Array((folder + $0.name).utf8), mode: 0o600, modified: Int64(wallClock()),
                    content: .memory(Array($0.content.utf8)))
            })
        let bytes = try Self.bytes(archive)
        let ending = [".tar.gz", ".tgz", ".gz"].first { path.hasSuffix($0) }
        guard ending != nil, let gzip = ExecutableLookup(path: scene.environment["PATH"]).find("gzip") else {
            let plain = ending.map { String(path.dropLast($0.count)) + ".tar" } ?? path
            try Files.write(bytes, to: plain, mode: 0o600)
            return Written(path: plain, members: members)
        }
        try Files.write(bytes, to: path + ".part", mode: 0o600)
        defer { unlink(path + ".part") }
        let script = #"exec "$0" -n -c "$1" > "$2""#
        let command = ChildCommand(
            "/bin/sh", ["-c", script, gzip, path + ".part", path], environment: scene.environment, timeout: .seconds(60))
        let result = try await ChildProcess.run(command)
        guard result.exitCode == 0 else {
            throw LabError(
                .fileFailed, Text(en: "Can't write \(path).", zh: "无法写入 \(path)。"), cause: result.tail.joined(separator: "\n"))
        }
        chmod(path, 0o600)
        return Written(path: path, members: members)
    }

    private static func bytes(_ archive: TarWriter) throws -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try piece.withUnsafeMutableBytes { try archive.read(into: $0) }
            guard count > 0 else { return all }
            all += piece[..<count]
        }
    }

    // MARK: Contents

    func members() async -> [Member] {
        var all = [
            Member(
                name: "doctor.json", text: Text(en: "every check and its result", zh: "每项检查及其结果"),
                content: report.json(.en) + "\n"),
            Member(name: "machine.txt", text: Text(en: "versions and settings of ailab", zh: "ailab 的版本和设置"), content: machine),
            Member(name: "engine.txt", text: Text(en: "what the engine reports about itself", zh: "引擎报告的自身信息"), content: await engine),
        ]
        guard Files.exists("\(scene.home)/id"), let workspace = try? Workspace(root: scene.home) else { return redacted(all) }
        all.append(
            Member(name: "lab.txt", text: Text(en: "which sub-steps are done", zh: "已完成的小节"), content: progress(workspace)))
        for run in workspace.runs.suffix(Self.runCount) {
            for (file, path) in [("journal.jsonl", run.journal), ("output.log", run.output), ("runner.log", run.runnerLog)] {
                guard let text = try? Self.end(of: path), !text.isEmpty else { continue }
                let what = Text(en: "the end of \(file) of run \(run.number)", zh: "第 \(run.number) 次运行的 \(file) 末尾部分")
                all.append(Member(name: "runs/\(run.number)/\(file)", text: what, content: text))
            }
        }
        return redacted(all)
    }

    private static func end(of path: String) throws -> String {
        let bytes = try Files.readUntrusted(path, limit: 256 << 20)
        return String(decoding: bytes.suffix(tailSize), as: UTF8.self)
    }

    private static let settings = [
        "AILAB_HOME", "AILAB_LABS", "AILAB_LANG", "AILAB_ENGINE_DIR", "AILAB_APT_MIRROR", "AILAB_PYPI_INDEX", "AILAB_REGISTRY_MIRRORS",
        "AILAB_CA_BUNDLE", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "LANG", "LC_ALL", "TERM", "http_proxy", "https_proxy",
        "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "no_proxy",
    ]

    private var machine: String {
        let lines = Self.settings.compactMap { name in scene.environment[name].map { "\(name)=\($0)" } }
        return (["ailab \(version)"] + lines).joined(separator: "\n") + "\n"
    }

    private var engine: String {
        get async {
            do {
                let version = try await scene.docker().engineVersion()
                let info = try await scene.info()
                var lines = ["\(version.version), API \(version.apiVersion ?? "?"), \(version.os ?? "?")/\(version.architecture ?? "?")"]
                lines += (version.components ?? []).map { "\($0.name) \($0.version)" }
                lines += [
                    "storage \(info.storageDriver ?? "?") at \(info.imageFolder(root: scene.root) ?? "?")",
                    "cgroup \(info.cgroupVersion ?? "1") \(info.cgroupDriver ?? "?")",
                    "system \(info.operatingSystem ?? "?"), kernel \(info.kernelVersion ?? "?")",
                    "security \((info.securityOptions ?? []).joined(separator: " "))",
                    "runtimes \((info.runtimes ?? [:]).keys.sorted().joined(separator: " ")), default \(info.defaultRuntime ?? "?")",
                    "containers \(info.containers ?? 0), images \(info.images ?? 0)",
                    "mirrors \((info.registry?.mirrors ?? []).joined(separator: " "))",
                    "proxy \(info.httpProxy ?? "") \(info.httpsProxy ?? "")",
                ]
                lines += info.warnings ?? []
                return lines.joined(separator: "\n") + "\n"
            } catch {
                return LabError(describing: error).description + "\n"
            }
        }
    }

    private func progress(_ workspace: Workspace) -> String {
        guard let spec = scene.raw else { return "no lab\n" }
        let progress = LabProgress(workspace, spec)
        return spec.tasks.map { task in
            let record = progress.records[task.id]
            let done = record?.success.map { ", done in run \($0.run)" } ?? ""
            let failure = record?.failure.map { ", \($0.codeText)" } ?? ""
            return "\(task.id) \(progress.state(of: task.id).code)\(done)\(failure)"
        }.joined(separator: "\n") + "\n"
    }

    // MARK: Redaction

    private func redacted(_ members: [Member]) -> [Member] {
        let secrets = Self.secrets(scene)
        return members.map { member in
            var member = member
            let text = Redaction.urls(in: Redaction.secrets(secrets, in: member.content))
            member.content = Redaction.fields(in: text)
            return member
        }
    }

    /// Passwords that the environment contains: those of proxies, and the values of variables whose names say that they're secret.
    private static func secrets(_ scene: DoctorScene) -> [String] {
        let proxies = scene.network.proxies.compactMap { proxy -> String? in
            let value = proxy.value.firstRange(of: "://").map { String(proxy.value[$0.upperBound...]) } ?? proxy.value
            guard let at = value.lastIndex(of: "@") else { return nil }
            return String(value[..<at])
        }
        let named = scene.environment.filter { name, value in value.count >= 6 && Redaction.isSecret(name: name) }.map(\.value)
        return proxies + named
    }
}
