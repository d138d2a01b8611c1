/// One fault: how it is injected, which command names it, and what cures it.
struct Fault: Sendable {
    /// Where it happens.
    enum Site: Sendable {
        /// A dockerd in its own network, mount and process namespaces.
        case world
        /// A container of the lab's serving image, on the engine that the tests run against.
        case container
    }

    /// Which part of ailab reads the output.
    enum Reader: Sendable {
        /// The step itself, in its journal.
        case step
        /// `ailab doctor --json`. Here it is also the command, because it looks before anything fails.
        case doctor
        /// `ailab diagnose` with these arguments and variables, as the student would paste the output.
        case diagnose(_ arguments: String = "", environment: String = "")
    }

    /// How the cure is applied.
    enum Cure: Sendable {
        /// The first remedy whose commands contain this, exactly as printed.
        case printed(String)
        /// Only a person can do it; says why.
        case person(String)
    }

    /// Its name in the table.
    var title: String
    /// How it is injected, for the table.
    var injected: String
    var site = Site.world
    /// The script that injects it. Must succeed.
    var inject = "true"
    /// What the student types. Must fail.
    var command: String
    var reader = Reader.diagnose()
    var cause: String
    var cure: Cure
    /// What the student typed before in the same shell (folder, variables).
    var at = "true"
    /// What must succeed afterwards, if it isn't the command itself.
    var after: String?
    /// What the output must contain after the cure.
    var prints = ""
    /// The script that removes what is left, even after a failure.
    var cleanup = "true"
    /// True for programs that exit with 0 although they failed.
    var endsWell = false
}
