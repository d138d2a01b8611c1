import Diagnosis
import LabFile
package import LabSupport

extension DoctorReport {
    /// The output of `ailab doctor --json`: one object on one line.
    package func json(_ language: Language) -> String {
        JSONText.object([
            ("schema", .number(1)), ("lab", lab.map { .text($0) } ?? .null), ("blocks", .flag(blocks)),
            ("problems", .number(Double(problems.count))), ("advice", .number(Double(advice.count))),
            ("findings", .list(findings.map { .text($0.id) })), ("checks", .list(results.map { $0.json(language) })),
        ])
    }
}

extension ProbeResult {
    fileprivate func json(_ language: Language) -> JSONValue {
        .object([
            "id": .text(id), "title": .text(title[language]), "standing": .text(standing.rawValue), "measured": .text(measured[language]),
            "seconds": .number((seconds * 1000).rounded() / 1000), "hiddenBy": hiddenBy.map { .text($0) } ?? .null,
            "finding": finding?.json(language) ?? .null,
        ])
    }
}

extension DoctorFinding {
    fileprivate func json(_ language: Language) -> JSONValue {
        .object([
            "cause": .text(cause), "title": .text(title[language]), "why": .text(why[language]),
            "evidence": .list(evidence.map { .text($0[language]) }), "blocks": .list(blocks.map { .text($0.description) }),
            "remedies": .list(remedies.map { $0.json(language) }),
        ])
    }
}
