import LabEngine

/// `ailab doctor --fix`: the root first, each cure shown and asked about, and the very check that failed made again.
struct DoctorFixer {
    private var session: CureSession

    init(session: CureSession) { self.session = session }

    func fix(_ report: DoctorReport, _ scene: DoctorScene) async throws {
        var session = session
        for result in report.findings {
            guard let finding = result.finding else { continue }
            // What was cured before may have been the reason of this one, too.
            let now = scene.with(environment: session.environment)
            guard await Doctor(now).check(result.id)?.finding != nil else { continue }
            if !session.isJSON { Console.error("\n\(result.id): \(finding.title[Console.language])") }
            let docker = try? await now.connect()
            let id = result.id
            _ = try await session.cure(finding.cause, finding.remedies, docker: docker) { environment in
                guard let again = await Doctor(scene.with(environment: environment)).check(id) else { return false }
                return again.finding == nil && again.standing != .undecided && again.standing != .hidden
            }
        }
    }
}
