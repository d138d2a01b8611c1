import FoundationEssentials
import HTTPTransport
import LabSupport

/// The contexts of the docker client, stored in `~/.docker`.
struct DockerContextStore {
    /// `~/.docker`, or the value of `DOCKER_CONFIG`.
    var directory: String

    /// The connection settings of a context.
    struct Context {
        var host: String
        var tls: TLSSettings?
    }

    /// The current context in `config.json`. Nil if there is none or the file cannot be read, as in the docker client.
    var currentName: String? {
        guard let config: Config = try? decode("config.json"), let name = config.currentContext, !name.isEmpty else { return nil }
        return name
    }

    /// The context with this name. The name of its directory is the hash of the context's name.
    func context(named name: String) throws(LabError) -> Context {
        let hash = SHA256.hex(of: name.utf8)
        let meta: Meta
        do {
            meta = try decode("contexts/meta/\(hash)/meta.json")
        } catch {
            throw LabError(
                .engineContextMissing,
                Text(en: "Cannot read the docker context \"\(name)\".", zh: "无法读取 docker 上下文“\(name)”。"),
                hint: Text(
                    en: "`docker context ls` lists all contexts. `docker context use default` switches back to this machine's engine.",
                    zh: "用 `docker context ls` 查看已有的上下文；用 `docker context use default` 切回本机的引擎。"),
                cause: "\(error)")
        }
        guard let host = meta.endpoints?["docker"]?.host, !host.isEmpty else {
            throw LabError(
                .engineContextMissing,
                Text(en: "The docker context \"\(name)\" has no address.", zh: "docker 上下文“\(name)”中没有地址。"),
                hint: Text(en: "`docker context inspect \(name)` shows its settings.", zh: "用 `docker context inspect \(name)` 查看其配置。"))
        }
        return Context(host: host, tls: tls(hash, skipsVerification: meta.endpoints?["docker"]?.skipsVerification ?? false))
    }

    private func tls(_ hash: String, skipsVerification: Bool) -> TLSSettings? {
        let folder = "\(directory)/contexts/tls/\(hash)/docker"
        guard Files.isDirectory(folder) || skipsVerification else { return nil }
        return TLSSettings(pemsIn: folder, verifiesPeer: !skipsVerification)
    }

    private func decode<Value: Decodable>(_ path: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(try Files.read("\(directory)/\(path)")))
    }

    private struct Config: Decodable { var currentContext: String? }

    private struct Meta: Decodable {
        var endpoints: [String: Target]?

        struct Target: Decodable {
            var host: String?
            var skipsVerification: Bool?

            private enum CodingKeys: String, CodingKey {
                case host = "Host"
                case skipsVerification = "SkipTLSVerify"
            }
        }

        private enum CodingKeys: String, CodingKey { case endpoints = "Endpoints" }
    }
}
