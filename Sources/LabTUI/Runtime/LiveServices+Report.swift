import LabReport
import LabRunner
import LabSupport

extension LiveServices {
    /// The files that `R` writes next to the student's own files.
    private static let forms: [(name: String, format: ReportFormat)] = [("report.html", .html), ("report.md", .markdown)]

    /// Writes the report into the student's folder of the lab, and says where it is.
    func report(_ language: Language, _ utcOffset: Int, _ send: Services.Send) throws {
        let source = ReportSource(workspace, labFile: labFile, environment: environment, version: version)
        let report = try source.read()
        let folder = workspace.files(lab: report.lab.id)
        try Files.makeDirectory(folder)
        for form in Self.forms {
            try report.write(to: "\(folder)/\(form.name)", form.format, language: language, utcOffset: utcOffset)
        }
        let names = Self.forms.map(\.name)
        send(
            .said(
                Text(
                    en: "Written: \(names.joined(separator: " and ")) in \(folder).", zh: "报告已写入 \(folder)：\(names.joined(separator: "、"))。"
                )))
    }
}
