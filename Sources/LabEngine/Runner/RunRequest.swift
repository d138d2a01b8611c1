import FoundationEssentials
import LabSupport

/// The request that a runner process starts with: `runs/<n>/request.json`.
package struct RunRequest: Sendable, Equatable, Codable {
    package var workspace: String
    package var labFile: String
    package var run: Int
    package var selection: String
    package var options: RunOptions

    package init(workspace: String, labFile: String, run: Int, selection: String, options: RunOptions) {
        self.workspace = workspace
        self.labFile = labFile
        self.run = run
        self.selection = selection
        self.options = options
    }

    /// Reads what `write` wrote.
    package init(path: String) throws {
        self = try JSONDecoder().decode(RunRequest.self, from: Data(try Files.read(path)))
    }

    /// Writes the request to the run's folder.
    package func write(to folder: RunFolder) throws {
        try Files.write(try JSONEncoder().encode(self), to: folder.request, mode: 0o600)
    }
}
