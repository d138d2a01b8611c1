package import LabSupport

extension Finding {
    /// The output of `ailab diagnose --json`: one object on one line. `id` names the diagnosed text, if there are several.
    package static func json(_ findings: [Finding], of id: String? = nil, language: Language) -> String {
        JSONText.line(FindingsJSON(id: id, findings: findings.map { FindingJSON($0, language) }))
    }
}

private struct FindingsJSON: Encodable {
    var id: String?
    var findings: [FindingJSON]
}

private struct FindingJSON: Encodable {
    var cause: String
    var title: String
    var why: String
    @OrNull var evidence: Finding.Evidence?
    var detail: [Finding.Evidence]
    var strength: String
    var consequence: Bool
    var remedies: [RemedyJSON]

    init(_ finding: Finding, _ language: Language) {
        cause = finding.cause
        title = finding.title[language]
        why = finding.why[language]
        evidence = finding.evidence
        detail = finding.detail
        strength = finding.strength.rawValue
        consequence = finding.isConsequence
        remedies = finding.remedies.map { RemedyJSON($0, language) }
    }
}
