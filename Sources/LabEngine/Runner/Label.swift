import ContainerEngine

/// The names of the labels on containers and images.
package enum Label {
    package static let lab = "ailab.lab"
    package static let step = "ailab.step"
    package static let task = "ailab.task"
    package static let run = "ailab.run"
    package static let workspace = "ailab.workspace"
    package static let fingerprint = "ailab.fingerprint"
    /// Only on the container of `ailab break`: the number of the fault.
    package static let fault = "ailab.break"
    /// Only on containers: the name that ailab gave it. If a student starts a container from one of our images, it inherits all labels of
    /// the image. Only this label shows that the container isn't ailab's.
    package static let container = "ailab.container"
    /// Only on images: the lab's name for it. It serves the same purpose: commits, builds on top of it and other tags are the student's.
    package static let image = "ailab.image"
    /// Only on images that workspaces share (bases and stand-ins): the image's name and a hash of its inputs. See `contentValue`.
    package static let content = "ailab.content"

    /// Only on a swarm that ailab began: the network that the engine made for it and doesn't remove with it.
    package static let bridge = "ailab.bridge"

    /// The value of `content`. It begins with the name, because images that are built on a shared one inherit the label.
    package static func contentValue(_ hash: String, of name: String) -> String { "\(ImageReference(name).description)@\(hash)" }

    /// The hash of a shared image's inputs. Nil for an image that isn't shared.
    package static func contentHash(_ labels: [String: String]?) -> String? {
        guard let name = labels?[Label.image], let value = labels?[Label.content], value.hasPrefix("\(name)@") else { return nil }
        return String(value.dropFirst(name.count + 1))
    }

    /// The names that ailab gave an image in that workspace, the lab's name first.
    package static func ownTags(_ tags: [String], _ labels: [String: String]?, workspace: String) -> [String] {
        guard let name = labels?[Label.image], Owner(imageNamed: name, labels, workspace: workspace) == .own else { return [] }
        return [name, ownTag(name, workspace: workspace)].flatMap { own in tags.filter { means($0, own) } }
    }

    /// True if ailab made a container in that workspace.
    package static func isOwn(_ name: String, _ labels: [String: String]?, workspace: String) -> Bool {
        Owner(containerNamed: name, labels, workspace: workspace) == .own
    }

    /// The prefix of the workspace's own names for images.
    package static func ownPrefix(workspace: String) -> String { "ailab-\(workspace)/" }

    /// The name of an image for one workspace only, in addition to the lab's name.
    package static func ownTag(_ name: String, workspace: String) -> String {
        let reference = ImageReference(name)
        // A registry's port isn't a valid part of a path.
        let path = reference.repository.replacing(":", with: "-").lowercased()
        return "\(ownPrefix(workspace: workspace))\(path):\(reference.tag ?? "latest")"
    }

    /// True if an engine's name of an image means this name. Podman adds a registry to a name without one.
    package static func means(_ tag: String, _ name: String) -> Bool {
        ["", "docker.io/library/", "docker.io/", "localhost/"].contains { tag == $0 + name }
    }
}
