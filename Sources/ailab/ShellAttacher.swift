import LabEngine

/// Gives the terminal to a container and takes it back.
enum ShellAttacher {
    static func attach(_ container: String, printer: inout any EventPrinter) async throws {
        printer.pause()
    }
}
