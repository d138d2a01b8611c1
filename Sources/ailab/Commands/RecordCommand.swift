import ArgumentParser
import LabRunner

/// `ailab __record RUN FOLDER --replace OLD=NEW`: makes the recording that `ailab --demo` shows.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "__record", abstract: "Copy a run's journal and output into a lab's demo folder.", shouldDisplay: false)

    @Argument(help: "Number of the run.")
    var number: Int

    @Argument(help: "The folder, such as labs/lab5/demo.")
    var folder: String

    @Option(help: "Replace a name of this machine in everything recorded; may be repeated.")
    var replace: [String] = []

    @OptionGroup var home: HomeOption

    func run() throws {
        let workspace = try Workspace(root: home.root)
        let replacements = replace.compactMap { pair -> RunRecording.Replacement? in
            guard let mark = pair.firstIndex(of: "="), mark > pair.startIndex else { return nil }
            return RunRecording.Replacement(old: String(pair[..<mark]), new: String(pair[pair.index(after: mark)...]))
        }
        guard replacements.count == replace.count else { throw ValidationError("--replace takes OLD=NEW.") }
        let count = try RunRecording(workspace.run(number), into: folder, replacing: replacements).write()
        Console.output("\(count) events in \(folder)")
    }
}
