import Glibc
package import LabFile

/// The names that every lab can use in `${…}` without declaring them.
package enum BuiltIns {
    package static func values(
        _ workspace: Workspace, lab: LabSpec, device: String, environment: [String: String]
    ) -> [String: String] {
        [
            "user": user(environment), "student": StudentName.read(workspace.root, environment: environment),
            "workspace": workspace.files(lab: lab.id), "lab": lab.directory, "device": device, "run": workspace.id,
        ]
    }

    /// The login name, reduced to the characters that a container's name can have.
    package static func user(_ environment: [String: String]) -> String {
        let name = environment["SUDO_USER"] ?? environment["USER"] ?? environment["LOGNAME"] ?? ""
        let letters = name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        // A name begins with a letter or a digit.
        let safe = letters.drop { $0 == "-" || $0 == "_" }
        return safe.isEmpty ? "uid\(getuid())" : String(safe)
    }
}
