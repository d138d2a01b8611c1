import Testing

@testable import ContainerEngine
@testable import LabRunner
@testable import LabSupport

@Suite struct ValueTests {
    @Test(
        arguments: [
            ("512", 512), ("512b", 512), ("1k", 1024), ("512m", 536_870_912), ("512MB", 536_870_912), ("512MiB", 536_870_912),
            ("2g", 2_147_483_648),
            ("1.5g", 1_610_612_736), ("0.5t", 549_755_813_888), ("0", 0), ("0.1k", 102),
        ] as [(String, Int64)])
    func sizesAsDockerReadsThem(text: String, bytes: Int64) throws { #expect(try ByteSize.parse(text) == bytes) }

    @Test(arguments: ["", "m", "m5", "5x", "5mxxb", "-5m", "5 m", "5bb", "5.5.5m", "٣m", "99999999999999t", "1e3", "inf", "nan", "."])
    func whatIsNoSizeIsWrongUse(text: String) {
        let error = #expect(throws: LabError.self) { try ByteSize.parse(text) }
        #expect(error?.exitStatus == 2)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1234, "1.2 kB"), (99_940, "99.9 kB"), (99_960, "100 kB"), (999_499, "999 kB"),
        (999_600, "1.0 MB"), (1_700_000_000, "1.7 GB"), (5e15, "5000 TB"),
    ])
    func sizesAreShownWithOneUnit(bytes: Double, text: String) { #expect(ByteSize.shown(bytes) == text) }

    /// The examples of RFC 6901, section 5.
    @Test(arguments: [
        ("/foo/0", "bar"), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"), ("/i\\j", "5"), ("/k\"l", "6"),
        ("/ ", "7"),
        ("/m~0n", "8"), ("/foo/1", "baz"),
    ])
    func jsonPointers(pointer: String, value: String) {
        #expect(Self.document?.at(pointer)?.scalar == value)
    }

    private static let document = JSONValue(
        Array(#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8,"~1":9}"#.utf8))

    @Test func theEmptyPointerIsTheWholeAndEscapesAreReadOnce() {
        #expect(Self.document?.at("") == Self.document)
        #expect(Self.document?.at("/~01")?.scalar == "9")
    }

    @Test(arguments: ["foo", "/foo/2", "/foo/-", "/foo/-1", "/foo/+1", "/foo/01", "/foo/", "/none", "/a/b", "/foo/0/x"])
    func pointersToNothing(pointer: String) { #expect(Self.document?.at(pointer) == nil) }

    @Test(arguments: [("1", "1"), ("1.5", "1.5"), ("true", "true"), ("null", "null"), (#""a""#, "a"), ("12345678901", "12345678901")])
    func scalarsAsAPersonWritesThem(json: String, text: String) { #expect(JSONValue(Array(json.utf8))?.scalar == text) }

    @Test(arguments: [
        ("alpine", "docker.io"), ("library/alpine", "docker.io"), ("docker.io/alpine", "docker.io"), ("ghcr.io/a/b", "ghcr.io"),
        ("localhost/a", "localhost"), ("host:5000/a", "host:5000"), ("me/alpine:3", "docker.io"),
    ])
    func registries(reference: String, registry: String) { #expect(RegistryReference.registry(of: reference) == registry) }

    @Test func onlyImagesOfTheHubHaveMirrors() {
        let mirrors = ["m.example", "n.example/hub"]
        #expect(RegistryReference.mirrored("alpine:3", by: mirrors) == ["m.example/library/alpine:3", "n.example/hub/library/alpine:3"])
        #expect(RegistryReference.mirrored("me/x", by: mirrors) == ["m.example/me/x", "n.example/hub/me/x"])
        #expect(RegistryReference.mirrored("docker.io/library/x", by: mirrors).first == "m.example/library/x")
        #expect(RegistryReference.mirrored("ghcr.io/a/b", by: mirrors) == [])
    }

    @Test(arguments: [
        (["USER": "joe"], "joe"), (["SUDO_USER": "joe", "USER": "root"], "joe"), (["USER": "Joe.Smith@x"], "joesmithx"),
        (["USER": "_apt-x"], "apt-x"), (["LOGNAME": "ann"], "ann"), (["USER": "张三"], "uid"), (["USER": ""], "uid"), ([:], "uid"),
    ])
    func theUserIsAWordThatNamesOfContainersMayBeginWith(environment: [String: String], name: String) {
        let user = BuiltIns.user(environment)
        #expect(name == "uid" ? user.hasPrefix("uid") && user.count > 3 : user == name)
    }

    @Test func machineLinesBecomeMetricsProgressAndSources() {
        let metric = MachineLine(#"@ailab {"metric":"loss","value":0.25,"epoch":2,"step":40,"lr":0.1}"#)?.metric
        #expect(metric == Metric(name: "loss", value: 0.25, epoch: 2, step: 40, more: ["lr": 0.1]))
        let progress = MachineLine(#"@ailab {"progress":{"done":1,"total":3,"unit":"epochs"}}"#)?.progress
        #expect(progress == Progress(label: Text(en: "Epoch", zh: "轮次"), done: 1, total: 3, unit: .epochs))
        let source = MachineLine(#"@ailab {"source":"mirror","name":"a.example","what":"mnist","stand_in":"yes"}"#)?.source
        #expect(source == SourceChosen(what: "mnist", source: "a.example", standIn: true, text: Text(verbatim: "mirror")))
        let failed = MachineLine(#"@ailab {"source_failed":"mirror","what":"mnist","reason":"404"}"#)?.sourceFailed
        #expect(failed?.source == "mirror")
        #expect(failed?.error.cause == "404")
    }

    @Test(arguments: [#"@ailab {"metric":"loss"}"#, #"@ailab {"value":1}"#, #"@ailab {"progress":{"total":1}}"#, "@ailab {}"])
    func halfAMachineLineIsNothing(line: String) {
        let parsed = MachineLine(line)
        #expect(parsed != nil)
        #expect(parsed?.metric == nil && parsed?.progress == nil && parsed?.source == nil)
    }

    @Test(arguments: ["@ailab", "@ailab nonsense", "@ailab [1]", #"@ailab {"metric":"#])
    func whatIsNoMachineLine(line: String) { #expect(MachineLine(line) == nil) }

    @Test func aMachineLineCanBeARow() throws {
        let line = #"@ailab {"row":{"n":1.5,"word":"a\u001b[2Jb","both":{"en":"waits","zh":"等待"},"english":{"en":"x"},"none":null}}"#
        let row = try #require(MachineLine(line)?.row)
        #expect(row["n"] == .number(1.5) && row["none"] == .number(nil))
        #expect(row["word"] == .text(Text(verbatim: "ab")))
        #expect(row["both"] == .text(Text(en: "waits", zh: "等待")))
        #expect(row["english"] == .text(Text(verbatim: "x")))
        #expect(MachineLine(#"@ailab {"row":{"list":[1]}}"#)?.row == nil)
        #expect(MachineLine(#"@ailab {"row":3,"metric":"m","value":1}"#)?.row == nil)
    }

    @Test func machineLinesCarryNoControlCharacters() {
        let line = MachineLine(
            #"@ailab {"source":"a\u001b]0;evil\u0007b","what":"\u001b[31mred","name":"x\ry","metric":"m\u001b[2J","value":1,"k\u001b[1m":2,"progress":{"done":1,"label":"\u001b[5ml"}}"#
        )
        #expect(line?.source == SourceChosen(what: "red", source: "y", standIn: false, text: Text(verbatim: "ab")))
        #expect(line?.metric == Metric(name: "m", value: 1, epoch: nil, step: nil, more: ["k": 2]))
        #expect(line?.progress?.label == Text(verbatim: "l"))
    }

    @Test func aTranscriptKeepsTheBeginningAndTheEnd() {
        var transcript = Transcript()
        #expect(transcript.take(Array("one\ntw".utf8), .stdout) == [])
        _ = transcript.take(Array("o\nthree".utf8), .stdout)
        #expect(transcript.text == "one\ntwo\nthree")
        let line = String(repeating: "汉", count: 300)
        for number in 0..<6000 { _ = transcript.take(Array("\(line) \(number)\n".utf8), .stderr) }
        let text = transcript.text
        #expect(text.hasPrefix("one\ntwo\n"))
        #expect(text.contains("\(line) 5999\n"))
        #expect(!text.contains("\(line) 1500\n"))
        #expect(text.utf8.count < 2 << 20)
        #expect(text.utf8.count > 1 << 20)
    }

    @Test func theLastWordsAreNotMeantForPrograms() {
        var transcript = Transcript()
        #expect(transcript.take(Array("a\n\nb\n@ail".utf8), .stdout) == [])
        #expect(transcript.take(Array("ab {}\nc\n".utf8), .stdout) == ["@ailab {}"])
        #expect(transcript.last(2) == "b\nc")
    }
}
