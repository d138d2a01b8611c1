import ContainerEngine
import Doctor
import LabSupport

/// `ailab doctor --fix`: the root first, each cure shown and asked about, and the very check that failed made again.
struct DoctorFixer {
    private var session: CureSession

    init(session: CureSession) { self.session = session }

    /// Returns the machine as it is to be looked at afterwards: under the environment that the cures left.
    func fix(_ report: DoctorReport, _ scene: DoctorScene) async throws -> DoctorScene {
        var session = session
        for result in report.findings {
            guard let finding = result.finding else { continue }
            // What was cured before may have been the reason of this one, too.
            let now = scene.with(environment: session.environment)
            guard await Doctor(now).check(result.id)?.finding != nil else { continue }
            if !session.isJSON { Console.error("\n" + finding.title.labelled(result.id)[Console.language]) }
            let docker = try? await now.connect()
            let id = result.id
            _ = try await session.cure(finding.cause, finding.remedies, docker: docker) { _, environment in
                guard let again = await Doctor(scene.with(environment: environment)).check(id) else { return false }
                return again.finding == nil && again.standing != .undecided && again.standing != .hidden
            }
        }
        tellOfShell(scene.environment, session.environment)
        return scene.with(environment: session.environment)
    }

    /// A program cannot change the shell that it was called from: what a cure exported holds there only once it is typed.
    private func tellOfShell(_ before: [String: String], _ after: [String: String]) {
        let set = after.filter { before[$0.key] != $0.value }.sorted { $0.key < $1.key }.map {
            "export \(ShellWord.line(["\($0.key)=\($0.value)"]))"
        }
        let gone = before.keys.filter { after[$0] == nil }.sorted().map { "unset \($0)" }
        guard !session.isJSON, !(set + gone).isEmpty else { return }
        Console.error(Text(en: "It holds in your own shell once you type:", zh: "要在你自己的终端里生效，请输入：")[Console.language])
        for line in set + gone { Console.error("    \(line)") }
    }
}
