import Glibc
import LabSupport

/// Finds a lab's file by the name that a person gives it.
package struct LabSearch: Sendable {
    /// The lab that is meant if nobody names one.
    package static let usual = "lab5"

    private let environment: [String: String]

    package init(environment: [String: String]) { self.environment = environment }

    /// Folders in which a name is looked up: `AILAB_LABS`, beside the program, `./labs`.
    package var folders: [String] {
        var folders: [String] = []
        if let configured = environment["AILAB_LABS"], !configured.isEmpty { folders.append(configured) }
        if let program = OwnProgram.path {
            let parts = program.split(separator: "/").dropLast()
            folders.append("/" + parts.dropLast().joined(separator: "/") + "/share/ailab/labs")
            // Run from the build folder of a checkout.
            folders.append("/" + parts.dropLast(2).joined(separator: "/") + "/labs")
            folders.append("/" + parts.dropLast(3).joined(separator: "/") + "/labs")
        }
        return folders + ["labs"]
    }

    /// The file of a lab, given by its path or its name. Throws `usage.lab` if there is none.
    package func file(_ lab: String) throws -> String {
        let name = lab.hasSuffix(".yaml") || lab.hasSuffix(".yml") ? lab : "\(lab).yaml"
        if lab.contains("/") || Files.exists(lab) && !Files.isDirectory(lab) {
            guard Files.exists(lab) else { throw Self.missing(lab, searched: [lab]) }
            return Self.absolute(lab)
        }
        let candidates = folders.map { "\($0)/\(name)" }
        guard let found = candidates.first(where: Files.exists) else { throw Self.missing(lab, searched: candidates) }
        return Self.absolute(found)
    }

    private static func absolute(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func missing(_ lab: String, searched: [String]) -> LabError {
        LabError(
            .usageLab, Text(en: "There is no lab `\(lab)`.", zh: "没有名为 `\(lab)` 的实验。"),
            hint: Text(
                en: "Name a file with --lab, or a folder of labs with AILAB_LABS.", zh: "请用 --lab 指定实验文件，或用 AILAB_LABS 指定实验目录。"),
            cause: searched.joined(separator: "\n"))
    }
}
