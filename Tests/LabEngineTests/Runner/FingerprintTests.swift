import TestSupport
import Testing

@testable import LabFile
@testable import LabRunner
@testable import LabSupport

@Suite struct CanonicalTests {
    private struct Sample {
        var name = "x"
        var number: Int? = 3
        var none: String?
    }

    private enum Choice {
        case plain
        case loaded(first: String, [String: Int])
    }

    @Test func dictionariesInAnyOrderGiveTheSameText() {
        let pairs = (0..<50).map { ("key\($0)", $0) }
        let texts = (0..<20).map { _ in Canonical.text(Dictionary(uniqueKeysWithValues: pairs.shuffled())) }
        #expect(Set(texts).count == 1)
        #expect(Canonical.text(Set(pairs.map(\.0).shuffled())) == Canonical.text(Set(pairs.map(\.0).shuffled())))
    }

    @Test func wholeValuesAreWrittenOut() {
        #expect(Canonical.text(Sample()) == #"(name=["x"],number=3,none=-)"#)
        #expect(Canonical.text(Choice.plain) == "plain")
        #expect(Canonical.text(Choice.loaded(first: "a", ["b": 1])) == #"(loaded=(first=["a"],.1={["b"]:1}))"#)
    }

    @Test(arguments: [
        (["a,b"], ["a", "b"]), (["a", ""], ["a"]), (["-"], []), ([#"a","b"#], ["a", "b"]), (["[\"a\"]"], ["a"]),
    ])
    func differentValuesHaveDifferentTexts(one: [String], other: [String]) { #expect(Canonical.text(one) != Canonical.text(other)) }

    @Test func nothingIsNotTheWordForNothing() {
        #expect(Canonical.text(String?.none as Any) != Canonical.text("-"))
    }
}

@Suite struct FingerprintTests {
    private let lab: TemporaryDirectory
    private let home: TemporaryDirectory
    private let build: TaskID = "1.1"
    private let train: TaskID = "1.2"
    private let look: TaskID = "1.3"
    private let other: TaskID = "1.4"

    init() throws {
        lab = try TemporaryDirectory()
        home = try TemporaryDirectory()
        try lab.write("FROM base\n", to: "ctx/Dockerfile")
        try lab.write("print(1)\n", to: "ctx/train.py")
        try lab.write("aid", to: "data/a.txt")
    }

    /// A build, a training on it, a result that is made from the training, and a task that has nothing to do with them.
    private var spec: LabSpec {
        let action = LabBuildAction(tag: "t", context: "ctx", dockerfile: "ctx/Dockerfile", student: "Dockerfile")
        return Mini.spec(
            [
                Mini.task(build, .build(action)),
                Mini.task(
                    train, .run(LabRunAction(LabContainer(image: "t", name: "train", command: ["--epochs", "${epochs}"]))), needs: [build]),
                Mini.task(look, .run(LabRunAction(LabContainer(image: "t", name: "look"))), needs: [train]),
                Mini.task(
                    other, .run(LabRunAction(LabContainer(image: "t", name: "o", mounts: [LabMount(source: .lab("data"), target: "/d")]))),
                    needs: []),
            ], directory: lab.path,
            variables: [LabVariable(name: "epochs", text: Text(verbatim: ""), value: "3", quick: "1")])
    }

    private func prints(_ change: (inout RunOptions) -> Void = { _ in }, progress: LabProgress = LabProgress()) async throws -> [TaskID:
        String]
    {
        var options = RunOptions()
        change(&options)
        let context = try await MiniRun.context(spec, home: home.path, options: options)
        var prints = Fingerprints(context, progress: progress)
        return Dictionary(uniqueKeysWithValues: spec.tasks.map { ($0.id, prints.of($0.id)) })
    }

    private func changed(_ before: [TaskID: String], _ after: [TaskID: String]) -> [TaskID] {
        before.keys.filter { before[$0] != after[$0] }.sorted()
    }

    @Test func theSameLabHasTheSameFingerprints() async throws {
        #expect(try await prints() == prints())
        #expect(Set(try await prints().values).count == 4)
    }

    @Test func aChangedDockerfileChangesTheBuildAndAllThatNeedsIt() async throws {
        let before = try await prints()
        try lab.write("FROM other\n", to: "ctx/Dockerfile")
        #expect(changed(before, try await prints()) == [build, train, look])
    }

    @Test func filesOfTheContextCountAndWhatTheInterpreterLeavesDoesNot() async throws {
        let before = try await prints()
        try lab.write("junk", to: "ctx/__pycache__/train.pyc")
        #expect(changed(before, try await prints()) == [])
        try lab.write("print(2)\n", to: "ctx/train.py")
        #expect(changed(before, try await prints()) == [build, train, look])
    }

    @Test func mountedFilesOfTheLabCount() async throws {
        let before = try await prints()
        try lab.write("first aid", to: "data/a.txt")
        #expect(changed(before, try await prints()) == [other])
    }

    @Test func theStudentsOwnDockerfileCountsAlsoUnattended() async throws {
        let before = try await prints()
        let automatic = try await prints { $0.auto = true }
        #expect(changed(before, automatic) == [])
        try home.write("FROM mine\n", to: "work/mini/Dockerfile")
        #expect(changed(before, try await prints()) == [build, train, look])
        #expect(changed(automatic, try await prints { $0.auto = true }) == [build, train, look])
    }

    @Test func otherValuesOfVariablesChangeWhatUsesThem() async throws {
        let before = try await prints()
        #expect(changed(before, try await prints { $0.quick = true }) == [train, look])
        #expect(changed(before, try await prints { $0.set = ["epochs": "5"] }) == [train, look])
        #expect(changed(before, try await prints { $0.set = ["epochs": "3"] }) == [])
    }

    @Test func whereAnImageComesFromCounts() async throws {
        let first = Mini.spec([Mini.task(build, .image(LabImageAction(name: "base")))], images: [image(["ca-certificates"])])
        let second = Mini.spec([Mini.task(build, .image(LabImageAction(name: "base")))], images: [image(["ca-certificates", "curl"])])
        var one = Fingerprints(try await MiniRun.context(first, home: home.path), progress: LabProgress())
        var two = Fingerprints(try await MiniRun.context(second, home: home.path), progress: LabProgress())
        #expect(one.of(build) != two.of(build))
    }

    private func image(_ packages: [String]) -> LabImage {
        LabImage(
            name: "base", tag: "b", text: Text(verbatim: ""), sources: [.debian(suite: "trixie", include: packages, tag: "s")])
    }

    // MARK: What an earlier run's success counts for

    /// Progress in which the tasks succeeded in one run after the other.
    private func progress(_ runs: [(options: (inout RunOptions) -> Void, tasks: [TaskID])]) async throws -> LabProgress {
        var progress = LabProgress()
        for (number, run) in runs.enumerated() {
            var options = RunOptions()
            run.options(&options)
            var prints = Fingerprints(try await MiniRun.context(spec, home: home.path, options: options), progress: progress)
            var payloads: [(TaskID?, EventPayload)] = [(nil, Mini.started(run: number + 1, options: options))]
            for task in run.tasks { payloads.append((task, Mini.taskFinished(.succeeded, prints.act(task)))) }
            progress.apply(Mini.events(payloads + [(nil, Mini.runFinished)]), of: number + 1)
        }
        return progress
    }

    /// Tasks whose success counts for a run with such options.
    private func counting(_ progress: LabProgress, _ change: (inout RunOptions) -> Void = { _ in }) async throws -> [TaskID] {
        let wanted = try await prints(change, progress: progress)
        return progress.successes.keys.filter { wanted[$0] == progress.successes[$0]?.fingerprint }.sorted()
    }

    @Test func aFullTrainingIsGoodEnoughForAQuickRun() async throws {
        let progress = try await progress([({ _ in }, [build, train, look])])
        #expect(try await counting(progress) { $0.quick = true } == [build, train, look])
    }

    @Test func aQuickTrainingIsNotGoodEnoughForAFullRun() async throws {
        let progress = try await progress([({ $0.quick = true }, [build, train, look])])
        #expect(try await counting(progress) { $0.quick = true } == [build, train, look])
        #expect(try await counting(progress) == [build])
    }

    @Test func otherValuesCountAsLongAsNoneAreAskedFor() async throws {
        let progress = try await progress([({ $0.set = ["epochs": "5"] }, [build, train, look])])
        #expect(try await counting(progress) == [build, train, look])
        #expect(try await counting(progress) { $0.quick = true } == [build, train, look])
        #expect(try await counting(progress) { $0.set = ["epochs": "3"] } == [build])
    }

    @Test func whatWasMadeFromAnOlderResultDoesNotCount() async throws {
        let progress = try await progress([({ $0.quick = true }, [build, train, look]), ({ _ in }, [train])])
        #expect(try await counting(progress) { $0.quick = true } == [build, train])
        #expect(try await counting(progress) == [build, train])
    }

    @Test func aSettingCountsOnlyWithTheFilesOfItsTime() async throws {
        let progress = try await progress([({ _ in }, [build, train, look])])
        try lab.write("FROM other\n", to: "ctx/Dockerfile")
        #expect(try await counting(progress) { $0.quick = true } == [])
    }

    @Test func whatIsDoneAgainQuicklyIsNotTakenForFullLater() async throws {
        let full = try await progress([({ _ in }, [build, train])])
        var options = RunOptions()
        options.quick = true
        var prints = Fingerprints(try await MiniRun.context(spec, home: home.path, options: options), progress: full)
        let looked = prints.of(train)
        let acted = prints.act(train)
        #expect(looked == full.successes[train]?.fingerprint)
        #expect(acted != looked)
        // What is made from it in the same run knows of it.
        let made = prints.act(look)
        var fresh = Fingerprints(try await MiniRun.context(spec, home: home.path, options: options), progress: full)
        #expect(fresh.act(look) != made)
    }
}
