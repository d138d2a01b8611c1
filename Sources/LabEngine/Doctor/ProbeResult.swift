package import LabSupport

/// The result of one probe.
package struct ProbeResult: Sendable, Equatable {
    package enum Standing: String, Sendable, CaseIterable {
        case good
        case note
        /// Something is wrong, but it blocks nothing.
        case advice
        /// Something is wrong and blocks tasks of the lab.
        case problem
        /// Not run, because a probe that this one needs didn't pass.
        case hidden
        /// The probe itself failed or timed out.
        case undecided
    }

    package var id: String
    package var title: Text
    package var standing: Standing
    package var measured: Text
    package var finding: DoctorFinding?
    /// The probe that didn't pass, if this one is hidden.
    package var hiddenBy: String?
    /// How long the probe took.
    package var seconds: Double
    /// True if the probes that need this one must not run.
    var hidesChildren: Bool

    package init(
        _ probe: Probe, _ standing: Standing, _ measured: Text, finding: DoctorFinding? = nil, hiddenBy: String? = nil, seconds: Double = 0,
        hidesChildren: Bool = true
    ) {
        id = probe.id
        title = probe.title
        self.standing = standing
        self.measured = measured
        self.finding = finding
        self.hiddenBy = hiddenBy
        self.seconds = seconds
        self.hidesChildren = hidesChildren
    }

    init(_ probe: Probe, _ verdict: ProbeVerdict, seconds: Double) {
        switch verdict.standing {
        case .good: self.init(probe, .good, verdict.measured, seconds: seconds, hidesChildren: false)
        case .note: self.init(probe, .note, verdict.measured, seconds: seconds, hidesChildren: false)
        case .moot: self.init(probe, .note, verdict.measured, seconds: seconds)
        case .found(let finding):
            self.init(probe, finding.blocks.isEmpty ? .advice : .problem, verdict.measured, finding: finding, seconds: seconds)
        }
    }
}
