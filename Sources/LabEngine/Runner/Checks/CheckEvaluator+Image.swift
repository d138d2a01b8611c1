import ContainerEngine
import LabFile
import LabSupport

/// Checks whether an image exists, and who made it.
extension CheckEvaluator {
    func image(_ reference: String) async throws -> Finding {
        if let image = try await run.workspaceImage(reference) { return try await made(image) }
        let candidates = run.spec.namedImage(reference)?.localTags ?? [reference]
        let wanted = Self.wanted(image: candidates[0])
        for tag in candidates {
            guard let details = try await run.docker.imageIfPresent(tag) else { continue }
            return Finding(passed: true, wanted: wanted, found: Self.there(tag, details))
        }
        return try await missing(candidates[0])
    }

    private static func wanted(image: String) -> Text { Text(en: "the image \(image)", zh: "镜像 \(image)") }

    private static func there(_ tag: String, _ details: ImageDetails) -> Text {
        let id = details.id.hasPrefix("sha256:") ? String(details.id.dropFirst(7).prefix(12)) : details.id
        return Text(en: "\(tag) (\(id)) is there", zh: "已有 \(tag)（\(id)）")
    }

    private func missing(_ tag: String) async throws -> Finding {
        let names = try await run.docker.listImages().flatMap(\.tags)
        return Finding(
            passed: false, wanted: Self.wanted(image: tag), found: Text(en: "no such image", zh: "没有这个镜像"),
            nearest: Self.nearest(tag, in: names).map { Text(en: "there is `\($0)`", zh: "有一个相近的 `\($0)`") },
            advice: Text(en: "Run this sub-step again to build the image.", zh: "重新运行这个小节，会生成该镜像。"))
    }

    /// Checks an image that a task of the lab makes.
    private func made(_ image: WorkspaceImage) async throws -> Finding {
        guard image.used != nil || image.plain != nil else { return try await missing(image.tag) }
        let wanted = Self.wanted(image: image.tag)
        let others = await others(image)
        guard let used = image.used else {
            return Finding(
                passed: false, wanted: wanted, found: others ?? Text(verbatim: image.tag),
                advice: Text(
                    en: "Run this sub-step: it makes this workspace's own image and keeps the other one.",
                    zh: "运行这个小节：它会生成本工作区自己的镜像，不影响另一个镜像。"))
        }
        let there = Self.there(used.reference, used.entry.details)
        switch used.entry.owner {
        case .own: return Finding(passed: true, wanted: wanted, found: others.map { Text.list([there, $0]) } ?? there)
        case .neighbour(let id):
            let possession = await run.neighbour(id).possession
            return Finding(
                passed: true, wanted: wanted,
                found: Text(
                    en: "\(there.en); it is \(possession.en), with the same content", zh: "\(there.zh)；它是\(possession.zh)镜像，内容相同"))
        case .person:
            guard image.content == nil else { return Finding(passed: true, wanted: wanted, found: there) }
            return Finding(passed: true, wanted: wanted, found: Text(en: "\(there.en), built by hand", zh: "\(there.zh)，手动构建"))
        }
    }

    /// Says who made the image with the lab's name, if this workspace doesn't use that image.
    private func others(_ image: WorkspaceImage) async -> Text? {
        guard let plain = image.plain, plain.details.id != image.used?.entry.details.id else { return nil }
        switch plain.owner {
        case .own: return nil
        case .neighbour(let id):
            let possession = await run.neighbour(id).possession
            return Text(en: "\(image.tag) is \(possession.en)", zh: "\(image.tag) 是\(possession.zh)镜像")
        case .person:
            return Text(en: "\(image.tag) was built by hand and is not used", zh: "\(image.tag) 是手动构建的，未被使用")
        }
    }
}
