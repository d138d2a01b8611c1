import ContainerEngine
import HostFacts
import LabFile
import LabSupport

/// An image that tasks of a lab make, as the engine has it: with the lab's name, and with this workspace's own name.
///
/// All workspaces of an engine use the same lab and so the same names. Each image that this workspace makes therefore gets a name that
/// nobody else uses. It gets the lab's name only if that is free or already this workspace's.
struct WorkspaceImage: Sendable, Equatable {
    /// The image that an engine has for one name.
    struct Entry: Sendable, Equatable {
        var details: ImageDetails
        var owner: Owner
    }

    /// The lab's name for it.
    let tag: String
    /// This workspace's name for it.
    let ownTag: String
    let own: Entry?
    let plain: Entry?
    /// For an image that workspaces share: the hash of its inputs. Nil if each workspace builds its own.
    let content: String?

    init(tag: String, workspace: String, own: ImageDetails?, plain: ImageDetails?, content: String? = nil) {
        self.tag = ImageReference(tag).description
        ownTag = Label.ownTag(tag, workspace: workspace)
        self.content = content
        let ownTag = ownTag
        self.own = own.map { Entry(details: $0, owner: Owner(imageNamed: ownTag, $0.config.labels, workspace: workspace)) }
        self.plain = plain.map { plain in
            var owner = Owner(imageNamed: tag, plain.config.labels, workspace: workspace)
            // Each build moves both names. If they are two images, someone built the other one from ours and gave it the lab's name.
            if owner == .own, let own, own.id != plain.id { owner = .person }
            return Entry(details: plain, owner: owner)
        }
    }

    /// The image that this workspace uses: its own, or else one that was made by hand, or else a shared one with the same content. Nil if
    /// there is none.
    var used: (reference: String, entry: Entry)? {
        if let own { return (plain?.details.id == own.details.id ? tag : ownTag, own) }
        guard let plain else { return nil }
        switch plain.owner {
        case .own, .person: return (tag, plain)
        case .neighbour: return content != nil && Label.contentHash(plain.details.config.labels) == content ? (tag, plain) : nil
        }
    }

    /// True if the image in use was made by hand. Nobody builds a shared base by hand. A shared base without labels was pulled, possibly by
    /// a recorded task.
    func isByHand(recorded: Bool) -> Bool { used?.entry.owner == .person && (content == nil || !recorded) }

    /// The name to ask the engine for. It's never the name of an image that must not be used: no image is better than the wrong one.
    var reference: String { used?.reference ?? (plain == nil ? tag : ownTag) }

    /// True if this workspace may give the lab's name to its image.
    var takesPlain: Bool { plain.map { $0.owner == .own } ?? true }

    /// The name of the next image that this workspace makes.
    var shownTag: String { takesPlain ? tag : ownTag }
}

extension RunContext {
    /// The image of a reference, if tasks of this lab make it. Nil for an image that is only pulled or imported.
    func workspaceImage(_ reference: String) async throws -> WorkspaceImage? {
        if let name = LabImage.name(in: reference) { return try await workspaceImage(named: name) }
        if let image = spec.images.first(where: { $0.adapted && $0.tag.isSameImage(reference) }) {
            return try await workspaceImage(of: image)
        }
        return spec.builds(reference) ? try await workspaceImage(tag: reference, content: nil) : nil
    }

    /// The image that a task builds.
    func workspaceImage(of build: LabBuildAction) async throws -> WorkspaceImage { try await workspaceImage(tag: build.tag, content: nil) }

    /// The image of an entry of `images:`. Nil for one that is only pulled or imported.
    func workspaceImage(named name: String) async throws -> WorkspaceImage? {
        guard let image = spec.image(name), image.adapted else { return nil }
        return try await workspaceImage(of: image)
    }

    /// The base image that workspaces share if they would make the same one.
    func workspaceImage(of image: LabImage) async throws -> WorkspaceImage {
        try await workspaceImage(tag: image.tag, content: content(of: image))
    }

    private func workspaceImage(tag: String, content: String?) async throws -> WorkspaceImage {
        let docker = try await docker
        async let own = docker.imageIfPresent(Label.ownTag(tag, workspace: workspace.id))
        async let plain = docker.imageIfPresent(tag)
        return WorkspaceImage(tag: tag, workspace: workspace.id, own: try await own, plain: try await plain, content: content)
    }

    /// A hash of an adapted image's inputs. Workspaces that would make the same image have the same hash.
    func content(of image: LabImage) -> String {
        let overlay = BaseOverlay(base: image.tag, debianSuite: image.debianSuite, network: network)?.digest ?? "none"
        return String(SHA256.hex(of: "\(Canonical.text(image.sources)) \(overlay)".utf8).prefix(24))
    }
}

extension LabSpec {
    /// True if a task builds the image with this name.
    func builds(_ reference: String) -> Bool {
        tasks.contains { if case .build(let build) = $0.action { build.tag.isSameImage(reference) } else { false } }
    }
}

extension String {
    /// `train_dl` and `train_dl:latest` mean the same image.
    fileprivate func isSameImage(_ other: String) -> Bool { ImageReference(self) == ImageReference(other) }
}
