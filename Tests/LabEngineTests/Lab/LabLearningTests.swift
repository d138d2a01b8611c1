import LabFile
import LabSupport
import Testing

/// Questions, hints and proofs in a lab file, and the files that explain its words.
@Suite struct LabLearningTests {
    /// Stands where the hints of 2.1 begin.
    private static let question = [
        "question:",
        "          text: {en: How good?, zh: 多好？}",
        "          choices:",
        "            - {text: {en: bad, zh: 差}, below: 0.5}",
        "            - {text: {en: good, zh: 好}, at_least: 0.5}",
        "          measured: {captured: accuracy, percent: true}",
        "          because: {en: So., zh: 因此。}",
        "        hints:",
    ].joined(separator: "\n")

    private static func said(_ after: String, _ more: [(String, String)] = []) -> [String] {
        MiniLab.load([("hints:", after)] + more).diagnostics.map { $0.message.en }
    }

    @Test func aQuestionWithAMeasurement() throws {
        let load = MiniLab.load([("hints:", Self.question)])
        let question = try #require(load.spec?.task(TaskID(step: 2, number: 1))?.question)
        #expect(question.measured == .captured("accuracy") && question.isShare)
        #expect(question.choice(for: "0.49") == 0)
        #expect(question.choice(for: "0.5") == 1)
        #expect(question.choice(for: "much") == nil)
    }

    @Test func mistakesInQuestionsAreFound() {
        #expect(Self.said(Self.question).isEmpty)
        #expect(
            Self.said(Self.question, [("captured: accuracy, percent", "captured: acuracy, percent")]) == [
                "no check of this task captures `acuracy`"
            ])
        #expect(Self.said(Self.question, [(", below: 0.5}", "}")]).first?.contains("`at_least`, `below` or `matches`") == true)
        #expect(Self.said(Self.question, [("below: 0.5", "below: half")]).contains("`half` is not a number"))
        #expect(Self.said(Self.question, [("{captured: accuracy, percent: true}", "{fact: x}")]).first?.hasPrefix("`fact` needs") == true)
        #expect(
            Self.said(Self.question, [("          measured: {captured: accuracy, percent: true}\n", "")]).first?.contains(
                "exactly one choice")
                == true)
        #expect(
            Self.said(Self.question, [("            - {text: {en: good, zh: 好}, at_least: 0.5}\n", "")]).first?
                .hasPrefix("a question needs at least two") == true)
    }

    @Test func hintsGiveAwayMoreAndMore() throws {
        let rest = "\n          - {level: question, en: What?, zh: 什么？}"
        #expect(
            Self.said("hints:" + rest, [("- {en: Look at the log., zh: 看看日志。}", "- {level: shape, en: So., zh: 这样。}")]).isEmpty)
        let wrong = "hints:\n          - {level: answer, en: This., zh: 这个。}"
        #expect(Self.said(wrong).first?.contains("gives away less") == true)
        #expect(Self.said("hints:\n          - {level: riddle, en: Hm., zh: 嗯。}").first?.contains("`riddle`") == true)
    }

    @Test func proofsNameTasksOfTheLab() throws {
        let title = "title: {en: Run, zh: 运行}"
        let load = { (id: String) in
            MiniLab.load([
                (title, title + "\n    proved: [{text: {en: It runs., zh: 它能运行。}, by: [\(id)]}]\n    not_proved: [{en: More., zh: 更多。}]")
            ])
        }
        let step = try #require(load("2.1").spec?.steps.last)
        #expect(step.proofs == [LabProof(text: Text(en: "It runs.", zh: "它能运行。"), by: [TaskID(step: 2, number: 1)])])
        #expect(step.limits.map(\.en) == ["More."])
        #expect(load("2.9").diagnostics.map(\.message.en) == ["there is no task 2.9"])
    }

    @Test func aBuildWithoutHintsHasThoseOfItsFile() throws {
        let spec = try LabSpecLoader.spec(path: Self.lab5)
        var build = try #require(spec.task(TaskID(step: 3, number: 3)))
        build.hints = []
        #expect(build.hintCount == 0)
        #expect(spec.helper(of: build).id == TaskID(step: 3, number: 1))
    }

    private static let folder = lab5.replacing("lab5.yaml", with: "lab5")
    private static let lab5 = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" } + "/labs/lab5.yaml"

    // MARK: Terms and commands

    @Test func termsAreFoundInBothLanguagesAndByOtherNames() throws {
        let glossary = try LabGlossary(PathBelow("glossary.yaml", in: Self.folder))
        for word in ["image", "container", "layer", "registry", "tag", "exec", "mount", "port", "archive", "handler", "worker", "p99"] {
            #expect(glossary.matches(word, .en).first?.name.en.hasPrefix(word) == true, "\(word)")
        }
        #expect(glossary.matches("镜像", .zh).contains { $0.name.en == "image" })
        #expect(glossary.matches("CMD", .en).first?.name.en == "ENTRYPOINT")
        #expect(glossary.matches("nothing of the kind", .en).isEmpty)
        #expect(glossary.matches("", .en).count == glossary.terms.count)
    }

    private static func words(_ line: String) throws -> [LabCommands.Word] {
        try LabCommands(PathBelow("commands.yaml", in: folder)).explain(line)
    }

    @Test func everyWordOfACommandHasItsLine() throws {
        let words = try Self.words("docker run -it --name me-shell -v /home/a:/data:ro --memory=64m alpine:latest /bin/sh -c 'echo -v'")
        #expect(
            words.map(\.shown) == [
                "docker run", "-i", "-t", "--name me-shell", "-v /home/a:/data:ro", "--memory=64m", "alpine:latest", "/bin/sh",
                "-c 'echo -v'", "echo", "-v",
            ])
        #expect(words.prefix(10).allSatisfy { $0.text != nil })
        #expect(words.map(\.shown).contains("-v /home/a:/data:ro"), "behind the image, a dash means nothing to docker")
    }

    @Test func aCommandInAContainerIsExplainedToo() throws {
        let words = try Self.words("docker exec me-serving torch-model-archiver --model-name mnist --version 1.0 --force")
        #expect(
            words.map(\.shown) == ["docker exec", "me-serving", "torch-model-archiver", "--model-name mnist", "--version 1.0", "--force"])
        #expect(words.allSatisfy { $0.text != nil })
    }

    @Test func theProgramThatTheImageStartsIsExplained() throws {
        let training = try Self.words("docker run --name me-training ailab-w/train_dl:latest --data /workspace/data --epochs 5 --no-quick")
        #expect(training.suffix(3).map(\.shown) == ["--data /workspace/data", "--epochs 5", "--no-quick"])
        #expect(training.allSatisfy { $0.text != nil })
        #expect(Set(training.suffix(3).compactMap(\.text)).count == 3)
        let data = try Self.words("docker run --entrypoint python3 train_dl:latest /app/prepare_data.py --data /workspace/data")
        #expect(data.suffix(2).map(\.shown) == ["/app/prepare_data.py", "--data /workspace/data"])
        let result = try Self.words("docker run --entrypoint cat train_dl:latest /workspace/out/metrics.json")
        #expect(result.last?.shown == "/workspace/out/metrics.json" && result.last?.text == Text(en: "A file.", zh: "文件。"))
    }

    @Test func aScriptIsExplainedIfAllItsCommandsAreKnown() throws {
        let known = try Self.words("docker exec me-serving sh -c 'torchserve --version; java -version 2>&1; ls -l /app'")
        #expect(known.dropFirst(4).map(\.shown) == ["torchserve", "--version", ";", "java", "-version", "2>&1", ";", "ls", "-l", "/app"])
        #expect(known.allSatisfy { $0.text != nil })
        let unknown = try Self.words("docker exec me-serving sh -c 'frobnicate --hard; ls -l'")
        #expect(unknown.map(\.shown).last == "-c 'frobnicate --hard; ls -l'")
    }

    @Test func severalCommandsOfALineAndTheirJoints() throws {
        let words = try Self.words("curl -fsSL http://127.0.0.1/a | docker import - x:1 && frobnicate --hard")
        #expect(words.map(\.shown).prefix(6) == ["curl", "-f", "-s", "-S", "-L", "http://127.0.0.1/a"])
        #expect(words.first { $0.shown == "|" }?.text != nil)
        #expect(words.suffix(2).map(\.shown) == ["frobnicate", "--hard"] && words.suffix(2).allSatisfy { $0.text == nil })
    }

    @Test func anUnknownOptionIsSaidPlainly() throws {
        let words = try Self.words("docker run --privileged alpine")
        #expect(words.first { $0.shown == "--privileged" }?.text == .some(nil))
        #expect(words.last?.text != nil)
    }
}
