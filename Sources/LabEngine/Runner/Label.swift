/// Names of the labels on containers and images.
package enum Label {
    package static let lab = "ailab.lab"
    package static let step = "ailab.step"
    package static let task = "ailab.task"
    package static let run = "ailab.run"
    package static let workspace = "ailab.workspace"
    package static let fingerprint = "ailab.fingerprint"
    /// On containers only: the name that ailab gave it. A container that a student makes from an image of ours inherits all the
    /// image's labels, and only this one tells that it is the student's.
    package static let container = "ailab.container"
    /// On images only: the name that ailab gave it, for the same reason: a commit, a build from it or a further tag is the student's.
    package static let image = "ailab.image"

    /// Those names of an image that ailab gave it in that workspace. Podman writes the hub's name before a name without a registry.
    package static func ownTags(_ tags: [String], _ labels: [String: String]?, workspace: String) -> [String] {
        guard labels?[Label.workspace] == workspace, let own = labels?[Label.image] else { return [] }
        return tags.filter { $0 == own || $0.hasSuffix("/\(own)") }
    }

    /// Whether ailab made a container in that workspace.
    package static func isOwn(_ name: String, _ labels: [String: String]?, workspace: String) -> Bool {
        labels?[Label.workspace] == workspace && labels?[Label.container] == name
    }
}
