/// What of the machine a task may depend on. The doctor's only measure of severity is how many tasks a finding blocks.
package enum LabConcern: Sendable, Hashable {
    /// Everything that speaks to the engine.
    case engine
    /// Everything that starts a container, builds included.
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
    /// A container's name.
    case container(String)
    /// A server and what is asked of it.
    case server(String)
}
