import ContainerEngine

/// Names of the labels on containers and images.
package enum Label {
    package static let lab = "ailab.lab"
    package static let step = "ailab.step"
    package static let task = "ailab.task"
    package static let run = "ailab.run"
    package static let workspace = "ailab.workspace"
    package static let fingerprint = "ailab.fingerprint"
    /// On containers only: the name that ailab gave it. A container that a student makes from one of our images inherits all the image's
    /// labels. Only this label tells that the container is the student's.
    package static let container = "ailab.container"
    /// On images only: the lab's name for it. It serves the same purpose: a commit, a build on top of it or another tag is the student's.
    package static let image = "ailab.image"
    /// On images that workspaces share (bases and stand-ins): the image's name and a hash of what it is made of, see `contentValue`.
    package static let content = "ailab.content"

    /// The value of `content`. It begins with the name because images built on a shared one inherit the label.
    package static func contentValue(_ hash: String, of name: String) -> String { "\(ImageReference(name).description)@\(hash)" }

    /// The hash of what a shared image is made of; nil for an image that isn't shared.
    package static func contentHash(_ labels: [String: String]?) -> String? {
        guard let name = labels?[Label.image], let value = labels?[Label.content], value.hasPrefix("\(name)@") else { return nil }
        return String(value.dropFirst(name.count + 1))
    }

    /// The names of an image that ailab gave it in that workspace, the lab's name first.
    package static func ownTags(_ tags: [String], _ labels: [String: String]?, workspace: String) -> [String] {
        guard let name = labels?[Label.image], Owner(imageNamed: name, labels, workspace: workspace) == .own else { return [] }
        return [name, ownTag(name, workspace: workspace)].flatMap { own in tags.filter { means($0, own) } }
    }

    /// Whether ailab made a container in that workspace.
    package static func isOwn(_ name: String, _ labels: [String: String]?, workspace: String) -> Bool {
        Owner(containerNamed: name, labels, workspace: workspace) == .own
    }

    /// What the workspace's own names of images begin with.
    package static func ownPrefix(workspace: String) -> String { "ailab-\(workspace)/" }

    /// The name that an image has for one workspace only, beside the one that the lab gives it.
    package static func ownTag(_ name: String, workspace: String) -> String {
        let reference = ImageReference(name)
        // A registry's port is no valid part of a path.
        let path = reference.repository.replacing(":", with: "-").lowercased()
        return "\(ownPrefix(workspace: workspace))\(path):\(reference.tag ?? "latest")"
    }

    /// Whether an engine's name of an image is that name. Podman puts a registry before a name without one.
    package static func means(_ tag: String, _ name: String) -> Bool {
        ["", "docker.io/library/", "docker.io/", "localhost/"].contains { tag == $0 + name }
    }
}
