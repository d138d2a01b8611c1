import ContainerEngine
import HostFacts
import LabFile
import LabSupport

/// An image that tasks of a lab make, as the engine has it: under the name that the lab gives it, and under this workspace's own name.
///
/// All workspaces of an engine use the same lab and so the same names. Whatever this workspace makes therefore gets a name of its own,
/// which nobody else uses, and the lab's name only if that is free or this workspace's already.
struct WorkspaceImage: Sendable, Equatable {
    /// What an engine has under one name.
    struct Entry: Sendable, Equatable {
        var details: ImageDetails
        var owner: Owner
    }

    /// The name that the lab gives it.
    let tag: String
    /// This workspace's name for it.
    let ownTag: String
    let own: Entry?
    let plain: Entry?
    /// Of an image that workspaces share: what it must be made of. Nil for one that each workspace builds for itself.
    let content: String?

    init(tag: String, workspace: String, own: ImageDetails?, plain: ImageDetails?, content: String? = nil) {
        self.tag = ImageReference(tag).description
        ownTag = Label.ownTag(tag, workspace: workspace)
        self.content = content
        let ownTag = ownTag
        self.own = own.map { Entry(details: $0, owner: Owner(imageNamed: ownTag, $0.config.labels, workspace: workspace)) }
        self.plain = plain.map { plain in
            var owner = Owner(imageNamed: tag, plain.config.labels, workspace: workspace)
            // Each build moves both names. If they are two images, somebody made the other one on top of ours and gave it the lab's name.
            if owner == .own, let own, own.id != plain.id { owner = .person }
            return Entry(details: plain, owner: owner)
        }
    }

    /// What this workspace uses: its own image, else one that was made by hand, else a shared one of the same content. Nil: none of them.
    var used: (reference: String, entry: Entry)? {
        if let own { return (plain?.details.id == own.details.id ? tag : ownTag, own) }
        guard let plain else { return nil }
        switch plain.owner {
        case .own, .person: return (tag, plain)
        case .neighbour: return content != nil && Label.contentHash(plain.details.config.labels) == content ? (tag, plain) : nil
        }
    }

    /// Whether what this workspace uses was made by hand. Nobody builds a shared base by hand: one without labels is a pulled image, which
    /// a recorded task may have put there.
    func isByHand(recorded: Bool) -> Bool { used?.entry.owner == .person && (content == nil || !recorded) }

    /// The name for whoever wants it from the engine. Never the name of an image that isn't to be used: better none than the wrong one.
    var reference: String { used?.reference ?? (plain == nil ? tag : ownTag) }

    /// Whether this workspace may put the lab's name on what it makes.
    var takesPlain: Bool { plain.map { $0.owner == .own } ?? true }

    /// The name by which to call what is made next.
    var shownTag: String { takesPlain ? tag : ownTag }
}

extension RunContext {
    /// The image behind a reference, if tasks of this lab make it; nil for one that is only pulled or imported.
    func workspaceImage(_ reference: String) async throws -> WorkspaceImage? {
        if let name = LabImage.name(in: reference) { return try await workspaceImage(named: name) }
        if let image = spec.images.first(where: { $0.adapted && $0.tag.isSameImage(reference) }) {
            return try await workspaceImage(of: image)
        }
        return spec.builds(reference) ? try await workspaceImage(tag: reference, content: nil) : nil
    }

    /// The image that a task builds.
    func workspaceImage(of build: LabBuildAction) async throws -> WorkspaceImage { try await workspaceImage(tag: build.tag, content: nil) }

    /// The image of an entry of `images:`; nil for one that is only pulled or imported.
    func workspaceImage(named name: String) async throws -> WorkspaceImage? {
        guard let image = spec.image(name), image.adapted else { return nil }
        return try await workspaceImage(of: image)
    }

    /// The base image that workspaces share as long as they would make the same one.
    func workspaceImage(of image: LabImage) async throws -> WorkspaceImage {
        try await workspaceImage(tag: image.tag, content: content(of: image))
    }

    private func workspaceImage(tag: String, content: String?) async throws -> WorkspaceImage {
        let docker = try await docker
        async let own = docker.imageIfPresent(Label.ownTag(tag, workspace: workspace.id))
        async let plain = docker.imageIfPresent(tag)
        return WorkspaceImage(tag: tag, workspace: workspace.id, own: try await own, plain: try await plain, content: content)
    }

    /// A hash of what an adapted image is made of, the same in every workspace that would make the same.
    func content(of image: LabImage) -> String {
        let overlay = BaseOverlay(base: image.tag, debianSuite: image.debianSuite, network: network)?.digest ?? "none"
        return String(SHA256.hex(of: "\(Canonical.text(image.sources)) \(overlay)".utf8).prefix(24))
    }
}

extension LabSpec {
    /// Whether a task builds the image of that name.
    func builds(_ reference: String) -> Bool {
        tasks.contains { if case .build(let build) = $0.action { build.tag.isSameImage(reference) } else { false } }
    }
}

extension String {
    /// `train_dl` and `train_dl:latest` are one.
    fileprivate func isSameImage(_ other: String) -> Bool { ImageReference(self) == ImageReference(other) }
}
