import ContainerEngine
import LabFile
import LabRunner

/// The images that the lab needs and the engine doesn't have yet.
struct MissingImages: Sendable {
    var images: [LabImage]
    var builds: [String]

    /// If no engine responds, all of them are missing.
    init(_ scene: DoctorScene) async throws {
        let tags = (try? await scene.images().flatMap(\.tags)) ?? []
        // Podman puts the registry's name before every tag.
        let present = Set(tags.map { Self.short($0) })
        let has = { (tag: String) in present.contains(Self.short(tag.contains(":") ? tag : tag + ":latest")) }
        images = (scene.spec?.images ?? []).filter { !$0.localTags.contains(where: has) }
        builds = (scene.concerns?.builds ?? []).filter { !has($0) }
    }

    private static func short(_ tag: String) -> String {
        for prefix in ["docker.io/library/", "docker.io/", "localhost/"] where tag.hasPrefix(prefix) {
            return String(tag.dropFirst(prefix.count))
        }
        return tag
    }
}
