import LabSupport

/// An instruction of a build, as far as it has come. Several may run at the same time.
package struct BuildInstruction: Sendable, Equatable {
    package var id: String
    /// Its number in the file, from 1.
    package var number: Int
    /// The line of the file that it begins in, if the builder's words were found there.
    package var line: Int?
    package var words: String
    package var state: BuildStep.State
    package var began: Double
    /// Nil while it runs.
    package var seconds: Double?
}

extension TaskRecord {
    /// A base image's ONBUILD may add instructions, but not without end.
    private static let instructionLimit = 500

    mutating func addInstruction(_ new: Progress, time: Double) {
        guard let step = new.step else {
            // Without a name of its own, an instruction ends when the next one begins.
            closeInstructions(.done, time: time)
            return append(BuildStep(id: "\(instructions.count + 1)", state: .running), new, time: time)
        }
        guard let index = instructions.firstIndex(where: { $0.id == step.id }) else { return append(step, new, time: time) }
        instructions[index].state = step.state
        instructions[index].line = step.line ?? instructions[index].line
        if step.state == .running {
            // The build starts again, because its engine went away.
            instructions[index].began = time
            instructions[index].seconds = nil
        } else {
            instructions[index].seconds = step.seconds ?? time - instructions[index].began
        }
    }

    private mutating func append(_ step: BuildStep, _ new: Progress, time: Double) {
        guard instructions.count < Self.instructionLimit else { return }
        instructions.append(
            BuildInstruction(
                id: step.id, number: Int(shown: new.done), line: step.line, words: new.label.en, state: step.state, began: time,
                seconds: step.state == .running ? nil : step.seconds ?? 0))
    }

    /// Gives a state to the instructions that still run: the builder didn't say how they ended.
    mutating func closeInstructions(_ state: BuildStep.State, time: Double) {
        for index in instructions.indices where instructions[index].state == .running {
            instructions[index].state = state
            instructions[index].seconds = time - instructions[index].began
        }
    }
}
