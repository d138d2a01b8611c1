package import LabSupport

/// A fault that `ailab break` brings about in a container of its own, for a student who wants to find its cause.
package struct BreakFault: Sendable {
    /// Which image its container comes from.
    package enum Base: Sendable {
        /// The small image of the first steps.
        case shell
        /// The lab's serving image, with Python, PyTorch and TorchServe.
        case serving
    }

    /// How the container differs from a usual one.
    package struct Setting: Sendable {
        /// The entry point that is started at last. Nil keeps the container alive, so that the command can be typed in it.
        package var entrypoint: [String]?
        package var memory: Int64?
        package var sharedMemory: Int64?
        /// The size of a file system in memory at `/data`.
        package var dataBytes: Int64?
        package var user: String?
        package var environment: [String: String] = [:]
        /// The container is killed before the command is typed.
        package var isKilled = false

        package init() {}
    }

    /// A file of the folder that is mounted at `/work`.
    package struct File: Sendable {
        package var name: String
        package var text: String
        package var mode: UInt32

        package init(_ name: String, _ text: String, mode: UInt32 = 0o644) {
            self.name = name
            self.text = text
            self.mode = mode
        }
    }

    /// What is asked for on the command line.
    package var number: Int
    /// What should work and doesn't. It doesn't name the cause.
    package var story: Text
    package var base: Base
    package var setting = Setting()
    package var files: [File] = []
    /// What is done in the container before. Must succeed.
    package var preparation: String?
    /// What the student would type in the container. It fails.
    package var command: String
    /// The cause, by its name in `symptoms/`.
    package var cause: String
    /// Causes that are wrong, but not absurd.
    package var others: [String]
    /// Where to look, the least telling first.
    package var hints: [Text]
    /// What to remember of it.
    package var lesson: Text
}
