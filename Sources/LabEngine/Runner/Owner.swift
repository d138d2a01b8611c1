import ContainerEngine

/// Who made an image or a container, according to its labels.
package enum Owner: Sendable, Equatable {
    /// ailab, in this workspace.
    case own
    /// ailab, in the workspace with this id.
    case neighbour(String)
    /// A person, by hand: there are no labels of ailab, or only inherited ones.
    case person

    /// The owner of an image with this name. Images inherit labels, so labels count only if they name exactly this image.
    package init(imageNamed tag: String, _ labels: [String: String]?, workspace: String) {
        // A commit of one of our containers has the container's label, too.
        guard let labels, let id = labels[Label.workspace], let name = labels[Label.image], labels[Label.container] == nil else {
            self = .person
            return
        }
        let reference = ImageReference(tag)
        let isNamed = [name, Label.ownTag(name, workspace: id)].contains { ImageReference($0) == reference }
        self = !isNamed ? .person : id == workspace ? .own : .neighbour(id)
    }

    /// The owner of a container. It inherits the labels of its image, and only one label is never on an image.
    package init(containerNamed name: String, _ labels: [String: String]?, workspace: String) {
        guard let labels, let id = labels[Label.workspace], labels[Label.container] == name else {
            self = .person
            return
        }
        self = id == workspace ? .own : .neighbour(id)
    }

    /// The id of the other workspace that made it.
    package var neighbour: String? { if case .neighbour(let id) = self { id } else { nil } }
}
