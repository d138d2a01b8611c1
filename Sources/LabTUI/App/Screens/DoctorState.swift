package import Doctor

/// The doctor's results so far.
package struct DoctorState: Sendable, Equatable {
    /// In the order of arrival.
    package var results: [ProbeResult] = []
    package var isRunning = false

    package init() {}

    /// The number of checks.
    package static var total: Int { Doctor.probes.count }
}

/// The box with the doctor's checks: which one is selected, and which are unfolded.
package struct DoctorBox: Sendable, Equatable {
    /// The id of the selected check. With the id, it stays selected even if results arrive before it. Nil for the first.
    package var selected: String?
    package var unfolded: Set<String> = []

    package init() {}
}

/// A row of the box: a check, or several that the same problem hides.
struct DoctorRow {
    var result: ProbeResult
    /// The checks that are hidden together. Empty for other rows.
    var hidden: [String] = []

    var id: String { result.id }

    /// First the problems, each root before what follows from it. Then the rest in its order.
    static func rows(_ state: DoctorState, lab: String?) -> [DoctorRow] {
        let report = DoctorReport(state.results, lab: lab)
        let found = Set(report.findings.map(\.id))
        var rows = report.findings.map { DoctorRow(result: $0) }
        var told: Set<String> = []
        for result in report.results where !found.contains(result.id) {
            guard result.standing == .hidden, let parent = result.hiddenBy else {
                rows.append(DoctorRow(result: result))
                continue
            }
            if told.insert(parent).inserted {
                rows.append(DoctorRow(result: result, hidden: report.results.filter { $0.hiddenBy == parent }.map(\.id)))
            }
        }
        return rows
    }
}
