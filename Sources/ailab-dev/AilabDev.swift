import ArgumentParser
import Glibc
import LabSupport

/// What only the developers of ailab need: measurements of its parts, and the recording for the demo. It isn't installed.
@main
struct AilabDev: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ailab-dev", abstract: "Measure ailab's parts, and record its demo.",
        subcommands: [EngineClientCommand.self, CriticalPathCommand.self, CorpusCommand.self, RecordCommand.self])
}

/// Progress and complaints go to standard error; standard output is for results that a script reads.
func printError(_ text: String) {
    _ = Files.writeAll(Array((text + "\n").utf8), to: STDERR_FILENO)
}
