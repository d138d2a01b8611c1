/// One fault: how it comes about, who names it, and what cures it.
struct Fault: Sendable {
    /// Where it happens.
    enum Site: Sendable {
        /// A machine of its own: network, mounts and processes with a dockerd in it.
        case world
        /// A container of the lab's serving image, on the engine that the tests run against.
        case container
    }

    /// Who reads what was printed.
    enum Reader: Sendable {
        /// The step itself, in its journal.
        case step
        /// `ailab diagnose` with these arguments and variables, as the student would paste the output.
        case diagnose(_ arguments: String = "", environment: String = "")
    }

    /// How the cure is carried out.
    enum Cure: Sendable {
        /// The first remedy whose commands contain this, exactly as printed.
        case printed(String)
        /// Not by a machine, and why.
        case person(String)
    }

    /// What it is, for the table.
    var title: String
    /// How it is brought about, for the table.
    var injected: String
    var site = Site.world
    /// Brings it about; must succeed.
    var inject = "true"
    /// What the student types, and what fails then.
    var command: String
    var reader = Reader.diagnose()
    var cause: String
    var cure: Cure
    /// What must pass afterwards where it is not the command itself.
    var after: String?
    /// Takes away what is left, also after a failure.
    var cleanup = "true"
    /// True for programs that end with 0 although they failed.
    var endsWell = false
}
