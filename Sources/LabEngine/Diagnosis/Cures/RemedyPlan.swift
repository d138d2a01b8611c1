package import ContainerEngine
import LabSupport

/// What curing would do, before it is done: shown, asked about, and then carried out as it stands.
package struct RemedyPlan: Sendable, Equatable {
    /// Why ailab does not run a remedy itself.
    package enum Obstacle: Sendable, Equatable {
        /// It changes nothing.
        case looksOnly
        /// Its commands belong into a file, or where the command that failed was typed.
        case place(Remedy.Place)
        /// It is for another kind of machine or engine.
        case otherMachine
        /// Nobody could fill these words in.
        case open([String])
        case person
        case reboot
        /// It needs root, and this user cannot become root without typing a password.
        case root
        /// It would remove things without naming them.
        case unnamedRemoval
        /// It would replace the daemon's configuration without looking at what is in it.
        case overwritesConfiguration
    }

    /// Something that will be gone afterwards.
    package struct Removal: Sendable, Equatable {
        package var name: String
        /// Bytes that the engine gives for it; nil where it does not say.
        package var bytes: Int64?
    }

    /// The id of the cause that it cures.
    package var cause: String
    package var remedy: Remedy
    /// Nil: it can be run.
    package var obstacle: Obstacle?
    /// What will be run, in this order. Where the remedy's own commands would remove more than is named, these name it.
    package var commands: [String]
    /// Everything that it removes.
    package var removals: [Removal]
    /// The cure is to run the step in another way. Nothing else has to be verified then.
    package var retry: Retry?
    /// Whether a person has to agree even where everything else was agreed to beforehand.
    package var mustAsk: Bool

    package var canRun: Bool { obstacle == nil }
}

/// Makes plans: what can be run here, and what exactly.
package struct RemedyPlanner: Sendable {
    private let docker: DockerClient?
    private let becomesRoot: @Sendable () async -> Bool

    /// `docker` is asked what a removal would remove; without it nothing is removed.
    package init(environment: [String: String], docker: DockerClient? = nil) {
        let programs = ExecutableLookup(path: environment["PATH"])
        self.init(docker: docker) {
            guard let sudo = programs.find("sudo") else { return false }
            let command = ChildCommand(sudo, ["-n", "true"], environment: environment, timeout: .seconds(10))
            return (try? await ChildProcess.run(command).exitCode) == 0
        }
    }

    package init(docker: DockerClient?, becomesRoot: @escaping @Sendable () async -> Bool) {
        self.docker = docker
        self.becomesRoot = becomesRoot
    }

    /// The plans for a cause's remedies, in their order.
    package func plans(_ remedies: [Remedy], cause: String) async -> [RemedyPlan] {
        var plans: [RemedyPlan] = []
        for remedy in remedies { plans.append(await plan(remedy, cause: cause)) }
        return plans
    }

    /// The plan for one remedy.
    package func plan(_ remedy: Remedy, cause: String) async -> RemedyPlan {
        var plan = RemedyPlan(
            cause: cause, remedy: remedy, obstacle: Self.obstacle(of: remedy), commands: remedy.steps, removals: [], retry: remedy.retry,
            mustAsk: remedy.needs.contains(.consent) || remedy.quoted.keys.contains { $0 != "PORT" && $0 != "NUMBER" }
                || remedy.commands.contains(where: DaemonFile.isSetAside))
        guard plan.obstacle == nil else { return plan }
        if remedy.needs.contains(.root), await !becomesRoot() { plan.obstacle = .root }
        if plan.obstacle == nil, plan.commands.contains(where: Removals.removes) { await name(&plan) }
        return plan
    }

    private static func obstacle(of remedy: Remedy) -> RemedyPlan.Obstacle? {
        if !remedy.applies { return .otherMachine }
        if remedy.needs.contains(.person) { return .person }
        if remedy.changes == nil || remedy.shown.isEmpty { return .looksOnly }
        if remedy.place != .shell { return .place(remedy.place) }
        if remedy.needs.contains(.reboot) { return .reboot }
        if !remedy.open.isEmpty { return .open(remedy.open) }
        return remedy.commands.contains(where: DaemonFile.isReplaced) ? .overwritesConfiguration : nil
    }

    /// Puts in the place of a removal that names nothing one that names all.
    private func name(_ plan: inout RemedyPlan) async {
        guard let docker, let images = try? await Removals.unusedImages(docker) else {
            plan.obstacle = .unnamedRemoval
            return
        }
        var commands: [String] = []
        for command in plan.commands {
            guard Removals.removes(command) else {
                commands.append(command)
                continue
            }
            guard let client = Removals.imagePrune(command) else {
                plan.obstacle = .unnamedRemoval
                return
            }
            if !images.isEmpty { commands.append("\(client) rmi " + images.flatMap(\.targets).joined(separator: " ")) }
        }
        plan.commands = commands
        plan.removals = images.map { RemedyPlan.Removal(name: $0.name, bytes: $0.bytes) }
        plan.mustAsk = true
    }
}
