import LabRunner
package import LabSupport

/// The formats of a report.
package enum ReportFormat: String, Sendable, CaseIterable {
    case markdown = "md"
    case html
    case json

    /// The format for a file's name. Nil if the ending is missing or belongs to another format.
    package init?(path: String) {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
        switch name[name.index(after: dot)...].lowercased() {
        case "md", "markdown": self = .markdown
        case "html", "htm": self = .html
        case "json": self = .json
        default: return nil
        }
    }
}

extension LabReport {
    /// The whole file in a format. Nothing in it controls a terminal, reorders text or can't be seen, wherever it came from.
    package func text(_ format: ReportFormat, language: Language, utcOffset: Int) -> String {
        switch format {
        case .markdown: SafeLines.clean(text: ReportMarkdown(ReportDocument(self, language: language, utcOffset: utcOffset)).text) + "\n"
        case .html:
            ReportSeal.page(
                SafeLines.clean(text: ReportHTML(ReportDocument(self, language: language, utcOffset: utcOffset)).text) + "\n",
                with: ReportJSON(self).text)
        case .json: ReportJSON(self).text + "\n"
        }
    }

    /// Writes a file, either completely or not at all, or into a pipe or a device. Throws if `path` is a folder.
    package func write(to path: String, _ format: ReportFormat, language: Language, utcOffset: Int) throws(LabError) {
        try ReportFile.write(text(format, language: language, utcOffset: utcOffset), to: path)
    }
}

/// A file that somebody hands in.
package enum ReportFile {
    /// Writes a file, either completely or not at all, or into a pipe, a device or an open descriptor. Throws if `path` is a folder.
    package static func write(_ text: String, to path: String, mode: UInt32 = 0o644) throws(LabError) {
        guard !Files.isDirectory(path) else {
            throw LabError(
                .usageOutput, Text(en: "\(path) is a folder; a report is a file.", zh: "\(path) 是目录；报告应写入文件。"),
                hint: Text(en: "For example: `--output \(path)/report.html`", zh: "例如：`--output \(path)/report.html`"))
        }
        let folder = Files.folder(of: path)
        guard Files.isDirectory(folder) else {
            throw LabError(
                .usageOutput, Text(en: "There is no folder \(folder) to write the report into.", zh: "没有可写入报告的目录 \(folder)。"),
                hint: Text(en: "Make it first: `mkdir -p \(folder)`", zh: "请先创建：`mkdir -p \(folder)`"))
        }
        do {
            if try Files.writeToStream(Array(text.utf8), path) { return }
            try Files.write(Array(text.utf8), to: path, mode: mode)
        } catch  where error.code == .workspacePermission {
            var failure = error
            failure.hint = Text(en: "Name a file in a folder of your own with `--output`.", zh: "请用 `--output` 指定你自己目录中的文件。")
            throw failure
        }
    }
}
