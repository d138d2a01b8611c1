/// The results of all checks, and the findings among them.
package struct DoctorReport: Sendable, Equatable {
    /// In the order of the probes.
    package let results: [ProbeResult]
    /// The lab whose tasks the findings block. Nil if no lab was checked.
    package let lab: String?

    package init(_ results: [ProbeResult], lab: String?) {
        let order = Dictionary(Doctor.probes.enumerated().map { ($1.id, $0) }) { first, _ in first }
        self.results = results.sorted { (order[$0.id] ?? .max, $0.id) < (order[$1.id] ?? .max, $1.id) }
        self.lab = lab
    }

    /// Problems before advice, and causes before their consequences. Otherwise in the order of the probes.
    package var findings: [ProbeResult] {
        let found = results.filter { $0.finding != nil }
        let causes = Set(found.compactMap(\.finding?.cause))
        func rank(_ result: ProbeResult) -> Int {
            let isConsequence = result.finding?.after.contains(where: causes.contains) ?? false
            return (result.standing == .problem ? 0 : 2) + (isConsequence ? 1 : 0)
        }
        return found.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
    }

    package var problems: [ProbeResult] { findings.filter { $0.standing == .problem } }
    package var advice: [ProbeResult] { findings.filter { $0.standing == .advice } }

    /// True if a problem blocks tasks of the lab.
    package var blocks: Bool { !problems.isEmpty }
}
