import DockerfileCheck
package import LabFile
import LabRunner
import LabSupport

/// Checks the Dockerfiles that a lab brings along, with the same rules as the student's: the reference solutions and the files of its builds.
package enum LabSolutionCheck {
    /// What the rules say, as mistakes of those files. The lab itself was read without errors.
    package static func diagnostics(_ raw: LabSpec) -> [LabDiagnostic] {
        var found: [LabDiagnostic] = []
        for device in ["cpu", "gpu"] {
            guard let spec = filled(raw, device: device) else { continue }
            for task in spec.tasks {
                guard case .build(let build) = task.action else { continue }
                let exam = DockerfileExam(build, in: spec)
                let reference = build.student.flatMap { spec.fileAction(of: $0) }?.reference
                for path in Set([build.dockerfile, reference].compactMap { $0 }).sorted() {
                    let file = PathBelow(path, in: spec.directory)
                    guard let bytes = try? file.read() else { continue }
                    for diagnostic in diagnostics(exam.review(bytes), file.shown) where !found.contains(diagnostic) {
                        found.append(diagnostic)
                    }
                }
            }
        }
        return found.sorted()
    }

    private static func diagnostics(_ review: DockerfileReview, _ path: String) -> [LabDiagnostic] {
        review.findings.filter { $0.severity > .hint }.map { finding in
            LabDiagnostic(
                finding.severity == .error ? .error : .warning, file: path, line: finding.place.line, column: finding.place.column,
                message: Text(
                    en: "\(finding.message.en) [\(finding.code)] Instead: \(finding.instead.en)",
                    zh: "\(finding.message.zh) [\(finding.code)] 改为：\(finding.instead.zh)"))
        }
    }

    private static func filled(_ raw: LabSpec, device: String) -> LabSpec? {
        let builtIns = Template.samples(lab: raw.directory, device: device)
        guard let values = try? LabVariables.resolve(spec: raw, set: [:], quick: false, builtIns: builtIns) else { return nil }
        return try? raw.filled(by: Template(values))
    }
}
