import LabSupport

extension Doctor {
    /// The table of checks in `docs/doctor.md`.
    package static var documentation: String {
        var text = "| check | what it looks at | 检查内容 | after | causes that it names |\n|---|---|---|---|---|\n"
        for probe in probes {
            let needs = probe.needs.map { "`\($0)`" }.joined(separator: " ")
            let causes = probe.causes.map { "`\($0)`" }.joined(separator: " ")
            text += "| `\(probe.id)` | \(probe.title.en) | \(probe.title.zh) | \(needs) | \(causes) |\n"
        }
        return text
    }
}
