/// A part of the machine that a task may depend on. The doctor measures the severity of a finding only by how many tasks it blocks.
package enum LabConcern: Sendable, Hashable {
    /// Everything that uses the engine.
    case engine
    /// Everything that starts a container, including builds.
    case containers
    /// An entry of `images:`.
    case image(String)
    /// The build of an image, by its tag.
    case build(String)
    /// Everything that writes the student's files.
    case workspace
    /// A container that asks for a GPU.
    case gpu
    /// A port of this machine.
    case port(Int)
    /// The name of a container.
    case container(String)
    /// A server and requests to it.
    case server(String)
}
