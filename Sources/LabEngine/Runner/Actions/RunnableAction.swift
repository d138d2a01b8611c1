package import LabFile

/// Everything that the runner knows about one kind of action. Each kind has its own file beside this one. Nothing here has a default, so
/// the compiler finds what a new kind lacks.
protocol RunnableAction: Sendable {
    /// Performs the action.
    func perform(in task: TaskContext) async throws

    /// The command lines that a student would type instead, in order and word by word. Empty if no command does it.
    func commands(_ equivalent: Equivalent) -> [[String]]

    /// The images that these command lines start from. The engine is asked for their names, because a stand-in has its own name.
    var imagesUsed: [String] { get }

    /// The values of the lab file that the result depends on. Nil if there is no result. The names of their properties are hashed, too: if
    /// you rename one, every workspace does this work again.
    var hashedValue: Any? { get }

    /// The files whose content the result depends on. Throws if one of them isn't where the lab may read, or if the task is cancelled.
    func hashedFiles(in run: RunContext) throws -> [HashedFile]

    /// Where failures can occur, in the words of a symptom's `where`. These are several places, because one action does several things.
    var places: Set<String> { get }

    /// The image that it makes, as the engine has it now. Nil if it makes none whose name workspaces could share.
    func imageMade(in run: RunContext) async throws -> WorkspaceImage?

    /// Decides whether the task is done, if its checks don't. Nil if they do. `fingerprint` is what a result would have now. `record` is what
    /// the journals say. If it has a success, that has this fingerprint.
    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook?

    /// Who wrote the solution that the task used. `isAuto` is true if that run was unattended, and `notices` are the notices of that
    /// attempt.
    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor>
}

extension LabAction {
    /// The action as the runner sees it. This is the only switch over all kinds in this room.
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
        case .limits(let action): action
        case .tune(let action): action
        case .rollout(let action): action
        case .gpus(let action): action
        case .group(let action): action
        case .experiment(let action): action
        case .cluster(let action): action
        }
    }

    /// Where failures can occur, in the words of a symptom's `where`.
    package var places: Set<String> { runnable.places }

    /// Who wrote the solution that the task used. `isAuto` is true if that run was unattended, and `notices` are the notices of that
    /// attempt.
    package func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> {
        runnable.authors(isDone: isDone, isAuto: isAuto, notices: notices)
    }
}
