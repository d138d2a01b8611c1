import ArgumentParser
import FoundationEssentials
import LabRunner

/// The workspace that a command reads.
struct WorkspaceOption: ParsableArguments {
    @Option(name: .customLong("home"), help: "Workspace; without it AILAB_HOME, or else the XDG state folder.")
    var home: String?

    func workspace() throws -> Workspace {
        var environment = ProcessInfo.processInfo.environment
        if let home { environment["AILAB_HOME"] = home }
        return try Workspace(root: Workspace.defaultRoot(environment: environment))
    }
}
