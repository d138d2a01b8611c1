import ArgumentParser
import LabRunner

/// `ailab-dev record RUN FOLDER --replace OLD=NEW`: makes the recording that `ailab --demo` shows.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Copy a run's journal and output into a lab's demo folder.")

    @Argument(help: "Number of the run.")
    var number: Int

    @Argument(help: "The folder, such as labs/lab5/demo.")
    var folder: String

    @Option(help: "Replace a name of this machine everywhere in the recording. Repeatable.")
    var replace: [String] = []

    @OptionGroup var home: WorkspaceOption

    func run() throws {
        let workspace = try home.workspace()
        let replacements = replace.compactMap { pair -> RunRecording.Replacement? in
            guard let mark = pair.firstIndex(of: "="), mark > pair.startIndex else { return nil }
            return RunRecording.Replacement(old: String(pair[..<mark]), new: String(pair[pair.index(after: mark)...]))
        }
        guard replacements.count == replace.count else { throw ValidationError("--replace takes OLD=NEW.") }
        let count = try RunRecording(workspace.run(number), into: folder, replacing: replacements).write()
        print("\(count) events in \(folder)")
    }
}
