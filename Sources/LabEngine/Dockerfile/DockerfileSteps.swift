/// What BuildKit counts as a step, and the instruction in the file that it is.
extension Dockerfile {
    /// The number of an instruction among all of the file, from 1, as the classic builder counts.
    package struct Numbered: Sendable, Equatable {
        package var number: Int
        package var instruction: DockerfileInstruction
    }

    /// The number of instructions that the classic builder counts.
    package var instructionCount: Int { instructions.count { !$0.isTrigger } }

    /// The instruction that BuildKit calls step `index` of `count` of a stage. `words` are BuildKit's own, with variables filled in.
    /// Nil if the counts differ, for example because a base image adds instructions by ONBUILD.
    package func instruction(stage: String?, index: Int, count: Int, words: String) -> Numbered? {
        let keyword = words.prefix { !$0.isWhitespace }.uppercased()
        let counted = countedByStage
        for (name, steps) in counted where counted.count == 1 || name == stage?.lowercased() {
            guard steps.count == count, steps.indices.contains(index - 1), steps[index - 1].instruction.name == keyword else { continue }
            return steps[index - 1]
        }
        return nil
    }

    /// BuildKit counts a stage's base unless it's an earlier stage or empty, and what makes a layer:
    /// https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go
    private var countedByStage: [(name: String, steps: [Numbered])] {
        let own = instructions.filter { !$0.isTrigger }.enumerated().map { Numbered(number: $0.offset + 1, instruction: $0.element) }
        var stages: [(name: String, steps: [Numbered])] = []
        var names: Set<String> = ["scratch"]
        for step in own {
            switch step.instruction.name {
            case "FROM":
                let words = step.instruction.words.map(\.text)
                let name = words.count == 3 && words[1].lowercased() == "as" ? words[2].lowercased() : "stage-\(stages.count)"
                let isCounted = !names.contains(words.first?.lowercased() ?? "")
                stages.append((name, isCounted ? [step] : []))
                names.insert(name)
            case "ADD", "COPY", "RUN", "WORKDIR":
                if !stages.isEmpty { stages[stages.count - 1].steps.append(step) }
            default: break
            }
        }
        return stages
    }
}
