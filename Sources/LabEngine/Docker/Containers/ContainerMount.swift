/// A directory or volume inside a container.
package struct ContainerMount: Sendable, Hashable {
    /// What is mounted.
    package enum Kind: String, Sendable {
        case bind
        case volume
        case tmpfs
    }

    package var kind: Kind
    /// A host path or a volume's name. Empty for tmpfs.
    package var source: String
    package var target: String
    package var isReadOnly: Bool
    /// The size of a tmpfs. Nil for the engine's default, half of the memory.
    package var bytes: Int64?

    package init(_ kind: Kind = .bind, source: String, target: String, isReadOnly: Bool = false, bytes: Int64? = nil) {
        self.kind = kind
        self.source = source
        self.target = target
        self.isReadOnly = isReadOnly
        self.bytes = bytes
    }
}
