package import LabSupport

/// One check of the machine: what it looks at, which other probes must pass first, and how long it may take.
package struct Probe: Sendable {
    package typealias Examination = @Sendable (DoctorScene) async throws -> ProbeVerdict

    /// Permanent, with a dot: `engine.socket`.
    package let id: String
    /// What the probe looks at.
    package let title: Text
    /// Probes that must pass first. If one doesn't, this probe doesn't run, and its result names that one.
    package let needs: [String]
    /// Limits the probe's own time. The time of the probes that it needs doesn't count.
    package let timeout: Duration
    /// The ids of the causes that the probe may find.
    package let causes: [String]
    let look: Examination

    package init(
        _ id: String, _ title: Text, needs: [String] = [], timeout: Duration = .seconds(5), causes: [String] = [],
        look: @escaping Examination
    ) {
        self.id = id
        self.title = title
        self.needs = needs
        self.timeout = timeout
        self.causes = causes
        self.look = look
    }
}
