package import LabFile

/// What the runner knows about one kind of action. Each kind answers all of it in its own file beside this one. Nothing here has a default,
/// so the compiler names every answer that a new kind lacks.
protocol RunnableAction: Sendable {
    /// Does what the task says.
    func perform(in task: TaskContext) async throws

    /// The command lines that a student would type for it, in order and word by word; empty if no command does it.
    func commands(_ equivalent: Equivalent) -> [[String]]

    /// Images that these command lines start from. The engine is asked for their names, because a stand-in has its own.
    var imagesUsed: [String] { get }

    /// The values of the lab file that its result depends on; nil if it has none. Their property names are hashed, too: renaming one makes
    /// every workspace do this work again.
    var hashedValue: Any? { get }

    /// Files whose content its result depends on.
    func hashedFiles(in run: RunContext) -> [HashedFile]

    /// Where its failures occur, in the words of a symptom's `where`. Broad, because one action does several things.
    var places: Set<String> { get }

    /// The image that it makes, as the engine has it now; nil if it makes none of whose name workspaces could dispute.
    func imageMade(in run: RunContext) async throws -> WorkspaceImage?

    /// Whether its task is done, if the task's checks don't decide that; nil if they do. `fingerprint` is what its result would have now;
    /// `isRecorded` is true if a run recorded a success with this fingerprint.
    func look(in run: RunContext, fingerprint: String, isRecorded: Bool) async -> TaskLook?

    /// Whose work its task was done with. `isAuto` is true if that run was unattended; `notices` are those of that run's attempt.
    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor>
}

extension LabAction {
    /// What the runner asks. This is the only switch over all kinds in this room.
    var runnable: any RunnableAction {
        switch self {
        case .read(let action): action
        case .facts(let action): action
        case .image(let action): action
        case .file(let action): action
        case .build(let action): action
        case .run(let action): action
        case .shell(let action): action
        case .exec(let action): action
        case .containers(let action): action
        case .compare(let action): action
        case .copy(let action): action
        case .fetch(let action): action
        case .serve(let action): action
        case .archive(let action): action
        case .register(let action): action
        case .predict(let action): action
        case .stop(let action): action
        }
    }

    /// Where its failures occur, in the words of a symptom's `where`.
    package var places: Set<String> { runnable.places }

    /// Whose work its task was done with. `isAuto` is true if that run was unattended; `notices` are those of that run's attempt.
    package func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> {
        runnable.authors(isDone: isDone, isAuto: isAuto, notices: notices)
    }
}
