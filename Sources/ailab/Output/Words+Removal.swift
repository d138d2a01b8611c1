import LabEngine
import LabFile
import LabSupport

extension Words {
    func object(_ object: WorkspaceObject) -> String {
        let size = object.bytes.map { "  \(ByteSize.shown(Double($0)))" } ?? ""
        let task = object.task.map { "  (\($0))" } ?? ""
        let running = object.isRunning ? pick("  — running, will be stopped", "  — 正在运行，将被停止") : ""
        let tags = object.tags.count > 1 ? " = " + object.tags.dropFirst().joined(separator: " = ") : ""
        return "\(kind(object.kind)) \(SafeLines.clean(text: object.name + tags))\(size)\(task)\(running)"
    }

    private func kind(_ kind: WorkspaceObject.Kind) -> String {
        switch kind {
        case .container: pick("container", "容器")
        case .service: pick("service", "服务")
        case .network: pick("network", "网络")
        case .swarm: pick("swarm", "swarm")
        case .image: pick("image", "镜像")
        case .file: pick("file", "文件")
        case .cache: pick("cache", "缓存")
        case .buildCache: pick("build cache", "构建缓存")
        case .run: pick("record of run", "运行记录")
        }
    }

    func total(_ count: Int, _ bytes: Int64, sharesLayers: Bool) -> String {
        guard count > 0 else { return pick("Nothing to remove.", "没有可删除的内容。") }
        let size = ByteSize.shown(Double(bytes))
        let objects = count == 1 ? "1 object" : "\(count) objects"
        return sharesLayers
            ? pick("\(objects), up to \(size) (images share layers).", "共 \(count) 项，最多 \(size)（镜像之间会共享层）。")
            : pick("\(objects), \(size).", "共 \(count) 项，\(size)。")
    }

    var mayRemove: String { pick("Remove this? [y/N] ", "确定删除吗？[y/N] ") }

    var nothingRemoved: String { pick("Nothing was removed.", "没有删除任何内容。") }

    func removed(_ count: Int) -> String { pick("\(count) removed.", "已删除 \(count) 项。") }

    func stays(_ object: WorkspaceObject, _ reason: String) -> String {
        let name = "\(kind(object.kind)) \(SafeLines.clean(text: object.name))"
        return pick("! not removed: \(name): \(SafeLines.clean(text: reason))", "! \(name) 未删除：\(SafeLines.clean(text: reason))")
    }

    func ownFileStays(_ path: String) -> String {
        pick("→ Your own \(path) stays. To start again from the template, delete it yourself.", "→ 你自己的 \(path) 会保留；如需从模板重新开始，请自行删除。")
    }

    func tasksForgotten(_ tasks: [TaskID]) -> String {
        let names = Text.words(tasks.map(\.description))[language]
        return pick("Reset: \(names). `ailab step` runs them again.", "已重置：\(names)。可用 `ailab step` 重做。")
    }
}
