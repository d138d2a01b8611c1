package import LabRunner
import LabSupport

extension StudentFile {
    /// Puts a file in place from its template, unless it is there. Without a template nothing happens.
    package static func prepare(_ path: String, template: String?) throws {
        guard !Files.exists(path), let template else { return }
        try Files.makeDirectory(path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" })
        try Files.write(try Files.read(template), to: path)
    }
}
