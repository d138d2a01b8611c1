package import Diagnosis
package import LabFile
package import LabSupport

/// One look at the machine: what it looks at, what must hold before it makes sense, and how long it may take.
package struct Probe: Sendable {
    package typealias Look = @Sendable (DoctorScene) async throws -> ProbeVerdict

    /// Stable and dotted: `engine.socket`.
    package let id: String
    /// What is looked at.
    package let title: Text
    /// Probes that must have gone well; where one did not, this one is hidden, with the reason.
    package let needs: [String]
    /// Longest time of its own, its parents not counted.
    package let timeout: Duration
    /// Ids of the causes that it may find.
    package let causes: [String]
    let look: Look

    package init(
        _ id: String, _ title: Text, needs: [String] = [], timeout: Duration = .seconds(5), causes: [String] = [], look: @escaping Look
    ) {
        self.id = id
        self.title = title
        self.needs = needs
        self.timeout = timeout
        self.causes = causes
        self.look = look
    }
}

/// What a look gave.
package struct ProbeVerdict: Sendable, Equatable {
    package enum Standing: Sendable, Equatable {
        /// As it should be.
        case good
        /// Worth knowing; nothing to be done.
        case note
        /// There is nothing to look at, so whatever builds on it has nothing to say.
        case moot
        /// Something is wrong.
        case found(DoctorFinding)
    }

    package var standing: Standing
    /// What was measured, in one line.
    package var measured: Text

    package static func good(_ measured: Text) -> ProbeVerdict { ProbeVerdict(standing: .good, measured: measured) }
    package static func note(_ measured: Text) -> ProbeVerdict { ProbeVerdict(standing: .note, measured: measured) }
    package static func moot(_ measured: Text) -> ProbeVerdict { ProbeVerdict(standing: .moot, measured: measured) }
}

/// Something that is wrong with the machine: the cause in the words of the rules, what proves it, what cures it, what it blocks.
package struct DoctorFinding: Sendable, Equatable {
    /// The id of the cause, the same as in the diagnosis of outputs.
    package var cause: String
    package var title: Text
    package var why: Text
    /// What was seen, a line each.
    package var evidence: [Text]
    package var remedies: [Remedy]
    /// The tasks of the lab that cannot be done until it is cured; none: advice.
    package var blocks: [TaskID]
    /// Causes of which this one is a mere consequence.
    package var after: [String]

    package init(
        cause: String, title: Text, why: Text, evidence: [Text], remedies: [Remedy], blocks: [TaskID], after: [String]
    ) {
        self.cause = cause
        self.title = title
        self.why = why
        self.evidence = evidence
        self.remedies = remedies
        self.blocks = blocks
        self.after = after
    }
}

/// What came of one probe.
package struct ProbeResult: Sendable, Equatable {
    package enum Standing: String, Sendable, CaseIterable {
        case good
        case note
        /// Something is wrong that blocks nothing.
        case advice
        /// Something is wrong that blocks tasks of the lab.
        case problem
        /// Not looked at, because something that it needs is missing.
        case hidden
        /// The look itself failed or took too long.
        case undecided
    }

    package var id: String
    package var title: Text
    package var standing: Standing
    package var measured: Text
    package var finding: DoctorFinding?
    /// The probe that hides this one.
    package var hiddenBy: String?
    /// Seconds that the look took.
    package var seconds: Double
    /// True where what builds on it has nothing to say.
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
