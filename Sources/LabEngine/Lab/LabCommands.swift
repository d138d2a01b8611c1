package import LabSupport

/// The words of a lab's commands, each explained in a line. It's a file of its own, which is read only when someone asks.
package struct LabCommands: Sendable, Equatable {
    /// An option of a program.
    package struct Option: Sendable, Equatable {
        /// All its spellings: `-v`, `--volume`.
        package var names: [String]
        /// The next word is its value, unless it's written `--name=value`.
        package var takesValue: Bool
        /// Its value is a command line.
        package var isScript = false
        /// Its value is the program that runs in the container.
        package var isProgram = false
        package var text: Text
    }

    /// A program or one of its subcommands.
    package struct Program: Sendable, Equatable {
        /// The words that a command begins with: `docker`, `run`.
        package var words: [String]
        package var text: Text
        /// The image that starts this program. The words after the image's name are the program's.
        package var image: String?
        package var options: [Option]
        /// The words that aren't options, in their order. The last one explains all that follow, too.
        package var operands: [Text]
        /// Options end at this operand: what follows it belongs to another program. Nil if they may come anywhere.
        package var last: Int?
    }

    package var programs: [Program]

    /// Reads the file, and throws its first mistake.
    package init(_ file: PathBelow) throws(LabError) {
        let text = String(decoding: try file.read(), as: UTF8.self)
        let reporter = LabReporter()
        let commands = LabCommands(text, file: file.shown, reporter: reporter)
        if let mistake = reporter.diagnostics.first(where: { $0.severity == .error }) {
            throw LabError(.labInvalid, mistake.message, cause: mistake.rendered(.en))
        }
        self = commands
    }

    /// Decodes the file and reports all its mistakes.
    package init(_ text: String, file: String, reporter: LabReporter) {
        programs = []
        guard let root = LabYAML.parse(text, file: file, reporter: reporter) else { return }
        programs = LabValue(node: root, name: "", reporter: reporter).object { fields in
            fields["programs"].notEmpty.list { $0.object { Program($0) } }
        }
    }
}

extension LabCommands.Program {
    init(_ fields: LabFields) {
        self.init(
            words: fields["words"].notEmpty.strings,
            text: fields["text"].text,
            image: fields[optional: "image"]?.string,
            options: fields[optional: "options"]?.list { $0.object { LabCommands.Option($0) } } ?? [],
            operands: fields[optional: "operands"]?.list(\.text) ?? [],
            last: fields[optional: "options_end_at"]?.integer)
    }
}

extension LabCommands.Option {
    init(_ fields: LabFields) {
        self.init(
            names: fields["names"].notEmpty.strings,
            takesValue: fields[optional: "value"]?.flag ?? false,
            isScript: fields[optional: "script"]?.flag ?? false,
            isProgram: fields[optional: "program"]?.flag ?? false,
            text: fields["text"].text)
    }
}
