/// An event of a build.
package enum BuildEvent: Sendable, Equatable {
    /// Step `index` of `count` begins with this instruction.
    case step(index: Int, count: Int, instruction: String)
    /// The step's result came from the cache.
    case cached
    /// Output of an instruction, which may be part of a line.
    case output(OutputChannel, String)
    /// Progress of pulling a base image.
    case pull(PullEvent)
    /// An image was made. The last one is the result of the build.
    case image(id: String)
    /// The engine's own line: intermediate containers, warnings, tags.
    case notice(String)
}
