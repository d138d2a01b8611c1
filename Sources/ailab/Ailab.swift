import ArgumentParser
import LabEngine

/// The program: its subcommands, and nothing else.
@main
struct Ailab: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ailab",
        abstract: "Carries a hands-on lab out with you: every step really executed, checked on this machine, every failure explained.",
        discussion: """
            Exit codes: 0 done, 1 a step or check failed, 2 wrong use, 3 the environment blocks it, 130 interrupted.
            Environment: AILAB_HOME (workspace), AILAB_LABS (folder of lab files), AILAB_LANG (en or zh), NO_COLOR, DOCKER_HOST.
            """,
        version: programVersion,
        subcommands: [
            StepCommand.self, AttachCommand.self, StopCommand.self, ListCommand.self, VerifyCommand.self, LogsCommand.self,
            EngineCommand.self, LabCommand.self, RunnerCommand.self, BenchCommand.self,
        ])

    /// Parses and runs; every failure leaves by one of the documented exit codes.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            leave(error)
        }
    }

    private static func leave(_ error: any Error) -> Never {
        if let exit = error as? ExitCode { Ailab.exit(withError: exit) }
        if let failure = error as? LabError {
            ErrorPrinter.print(failure)
            Ailab.exit(withError: ExitCode(failure.exitStatus))
        }
        // ArgumentParser leaves with 64 for wrong use; here that is 2.
        let code = exitCode(for: error)
        let message = fullMessage(for: error)
        if code == .success {
            print(message)
            Ailab.exit(withError: ExitCode.success)
        }
        Console.error(message)
        Ailab.exit(withError: ExitCode(code == .validationFailure ? 2 : code.rawValue))
    }
}

/// Version of the program, recorded in every journal.
let programVersion = "0.1.0"
