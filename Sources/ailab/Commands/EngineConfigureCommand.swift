import ArgumentParser
import Diagnosis
import LabEngine
import LabSupport

/// `ailab engine configure KEY=VALUE…`: one key of the daemon's configuration, without harm to the rest.
struct EngineConfigureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configure",
        abstract: said(
            "Set keys of docker's daemon.json; the rest stays, a copy is kept, and what cannot be read is refused.",
            "设置 docker 的 daemon.json 中的键；其余内容不变，会保留副本，不合法的内容会被拒绝。"),
        discussion: said(
            """
            A value is JSON or a plain word; several words for a list are divided by commas. The engine reads the file when it starts.
            Example: sudo ailab engine configure registry-mirrors=https://mirror.example
            """,
            """
            值可以是 JSON 或普通单词；列表的多个值用逗号分隔。引擎在启动时读取该文件。
            示例：sudo ailab engine configure registry-mirrors=https://mirror.example
            """))

    @Option(help: help("The file.", "配置文件。"))
    var file = "/etc/docker/daemon.json"

    @Argument(help: help("Keys with their values.", "键和值。", valueName: "key=value"))
    var settings: [String]

    func validate() throws {
        for setting in settings where !setting.contains("=") || setting.hasPrefix("=") {
            throw ValidationError(said("A setting is key=value, not `\(setting)`.", "设置的格式是 key=value，而不是 `\(setting)`。"))
        }
    }

    func run() async throws {
        let path = file.hasPrefix("~/") ? HomeFolder.path(Console.environment) + file.dropFirst(1) : file
        var values: [String: String] = [:]
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            values[parts[0]] = parts[1]
        }
        let change = try await EngineControl.configure(path, values, environment: Console.environment)
        let language = Console.language
        Console.output(Text(en: "\(change.path) is written.", zh: "已写入 \(change.path)。")[language])
        if !change.wasValidated {
            Console.error(
                Text(
                    en: "! It is valid JSON; this dockerd cannot be asked whether it knows every key.",
                    zh: "! 它是合法的 JSON；但当前 dockerd 无法检查是否认识每一个键。")[language])
        }
        if let backup = change.backup {
            Console.error(
                Text(en: "→ What was there is in \(backup); `mv` it back to undo this.", zh: "→ 原内容在 \(backup)；用 `mv` 移回即可撤销。")[language])
        }
        Console.error(Text(en: "→ Restart the engine: it reads the file when it starts.", zh: "→ 请重启引擎：它在启动时读取该文件。")[language])
    }
}
