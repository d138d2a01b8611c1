package import LabSupport

/// What a probe found out.
package struct ProbeVerdict: Sendable, Equatable {
    package enum Standing: Sendable, Equatable {
        /// Everything is as it should be.
        case good
        /// Worth knowing, but there's nothing to do.
        case note
        /// There's nothing to check, neither here nor for the probes that need this one.
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
