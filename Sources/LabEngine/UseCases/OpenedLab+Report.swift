import LabFile
package import LabReport
import LabRunner
package import LabSupport

extension OpenedLab {
    /// What was done of the lab, from the journals. `author` hands it in; nil: the name that was given before, or the login name. `version` is this program's.
    package func report(author: String? = nil, version: String) throws -> LabReport {
        try ReportSource(workspace, labFile: file, environment: environment, version: version).read(author: author)
    }

    /// Writes the report for people into the student's folder of the lab. Returns the folder and the files' names.
    package func writeReport(_ language: Language, utcOffset: Int, version: String) throws -> (folder: String, names: [String]) {
        let report = try report(version: version)
        let folder = workspace.files(lab: spec.id)
        try Files.makeDirectory(folder)
        let forms: [(name: String, format: ReportFormat)] = [("report.html", .html), ("report.md", .markdown)]
        for form in forms { try report.write(to: "\(folder)/\(form.name)", form.format, language: language, utcOffset: utcOffset) }
        return (folder, forms.map(\.name))
    }
}
