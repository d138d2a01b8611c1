package import LabSupport

/// A platform that `ailab deploy` writes files for.
package enum DeployTarget: String, Sendable, CaseIterable {
    case compose
    case kube
    case swarm

    /// The file that describes the service.
    package var fileName: String {
        switch self {
        case .compose: "compose.yaml"
        case .kube: "kube.yaml"
        case .swarm: "stack.yaml"
        }
    }
}

/// The files for a platform, before they are written.
package struct Deployment: Sendable {
    /// A file with its name in the folder.
    package struct File: Sendable, Equatable {
        package var name: String
        package var content: [UInt8]
    }

    package var target: DeployTarget
    package var model: String
    /// Lab and model.
    package var project: String
    package var files: [File]
    /// The command lines that carry them out, in the folder.
    package var commands: [String]
    /// What a reader has to know: what was left out, and what others need.
    package var notes: [Text]

    /// The files of a folder that have another content. Nobody but the student can say whether they may be replaced.
    package func differing(in folder: String) -> [String] {
        files.filter { file in
            let path = "\(folder)/\(file.name)"
            return Files.exists(path) && (try? Files.read(path)) != file.content
        }.map(\.name)
    }

    /// Writes all files into a folder, which is made if it's missing.
    package func write(to folder: String) throws(LabError) {
        try Files.makeDirectory(folder)
        for file in files { try Files.write(file.content, to: "\(folder)/\(file.name)") }
    }
}
