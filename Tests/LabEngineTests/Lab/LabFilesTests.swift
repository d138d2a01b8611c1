import LabFile
import LabSupport
import TestSupport
import Testing

@Suite("Files beside a lab") struct LabFilesTests {
    private let directory: TemporaryDirectory
    private var folder: String { directory.path }

    init() throws { directory = try TemporaryDirectory() }

    private func write(_ path: String, _ text: String) throws { try directory.write(text, to: path) }

    private func load(_ changes: [(String, String)]) throws -> LabLoad {
        try write("mini.yaml", MiniLab.text(changes))
        return LabSpecLoader.load(path: "\(folder)/mini.yaml")
    }

    private func said(_ load: LabLoad) -> [String] {
        load.diagnostics.map { $0.rendered(.en).replacing(folder + "/", with: "") }
    }

    private let withoutText = ("        text: {en: Welcome., zh: 欢迎。}\n", "")

    @Test("prose is read where the file gives no text") func prose() throws {
        try write("mini/prose/en/1.1.md", "# Hello\n\nTrain ${epochs} epochs.\n")
        try write("mini/prose/zh/1.1.md", "# 你好\n\n训练 ${epochs} 轮。\n")
        let load = try load([withoutText])
        #expect(said(load) == [])
        let spec = try #require(load.spec)
        #expect(spec.tasks.first?.text.zh.hasPrefix("# 你好") == true)
        #expect(spec.directory == "\(folder)/mini")
    }

    @Test("missing and empty prose, and unknown variables in it, are named with their file") func badProse() throws {
        try write("mini/prose/en/1.1.md", "# Hello\n\nTrain ${epocs} epochs.\n")
        #expect(
            said(try load([withoutText])) == [
                "mini.yaml:27:13: error: task 1.1 has no text: `mini/prose/zh/1.1.md` does not exist, and the key `text` is not given",
                "mini/prose/en/1.1.md:3:7: error: unknown variable `${epocs}`; did you mean `epochs`?",
            ])
        try write("mini/prose/en/1.1.md", "Hello")
        try write("mini/prose/zh/1.1.md", "\n")
        #expect(said(try load([withoutText])) == ["mini/prose/zh/1.1.md:1:1: error: `mini/prose/zh/1.1.md` is empty"])
    }

    @Test("files of the lab exist, on machines with and without a GPU") func files() throws {
        try write("mini/train/Dockerfile.cpu", "FROM alpine\n")
        let build = "action: {build: {tag: t, context: train, dockerfile: 'train/Dockerfile.${device}', student: Dockerfile}}"
        let change = ("action: {stop: ts}", build)
        #expect(
            said(try load([change])).first
                == "mini.yaml:87:62: error: the lab has no file `mini/train/Dockerfile.gpu`; did you mean `train/Dockerfile.cpu`?")
        try write("mini/train/Dockerfile.gpu", "FROM alpine\n")
        #expect(said(try load([change])) == [])
    }

    @Test("actions that use files of the lab") func actions() throws {
        for file in ["a.txt", "b.txt", "3.png"] { try write("mini/\(file)", "x") }
        try write("mini/train/Dockerfile", "FROM alpine\n")
        let sum = String(repeating: "0f", count: 32)
        let one = LabPredictionCase(picture: "3.png", expected: ["3", "three"])
        let cases: [(String, LabAction)] = [
            (
                "file: {path: a, template: a.txt, reference: b.txt}",
                .file(LabFileAction(path: "a", template: Text(verbatim: "a.txt"), reference: "b.txt"))
            ),
            (
                "build: {tag: t, context: train, dockerfile: train/Dockerfile, student: D, arguments: {BASE: 'image:alpine'}}",
                .build(
                    LabBuildAction(
                        tag: "t", context: "train", dockerfile: "train/Dockerfile", student: "D", arguments: ["BASE": "image:alpine"]))
            ),
            (
                "fetch: {files: [{path: w, sha256: \(sum), urls: ['https://a/w', 'https://b/w']}]}",
                .fetch(LabFetchAction(files: [LabFetchFile(path: "w", sha256: sum, urls: ["https://a/w", "https://b/w"])]))
            ),
            (
                "predict: {server: ts, model: m, timeout: 5, cases: [{picture: 3.png, expected: [3, three]}]}",
                .predict(LabPredictAction(server: "ts", model: "m", cases: [one], timeout: 5))
            ),
        ]
        for (yaml, expected) in cases {
            let load = try load([("needs: [2.2]", "needs: [1.2, 2.2]"), ("{stop: ts}", "{\(yaml)}")])
            #expect(said(load) == [])
            #expect(load.spec?.tasks.last?.action == expected)
        }
        let check = try load([
            ("{absent: '${user}-ts'}", "{prediction: {server: ts, model: m, cases: [{picture: 3.png, expected: [3, three]}]}}")
        ])
        #expect(check.spec?.tasks.last?.checks.first?.subject == .prediction(server: "ts", model: "m", cases: [one]))
    }

    @Test("a file that is not UTF-8 is refused with the place") func encoding() throws {
        try write("x.yaml", "")
        try Files.write([0x61, 0x3A, 0x0A, 0x20, 0xB0, 0xA1], to: "\(folder)/x.yaml")
        let load = LabSpecLoader.load(path: "\(folder)/x.yaml")
        #expect(said(load) == ["x.yaml:2:2: error: the file is not UTF-8 from here on; save it as UTF-8"])
    }

    @Test("lines that end as on Windows change nothing") func carriageReturns() throws {
        try write("mini.yaml", MiniLab.text([("[train, '${epochs}']", "[train, '${epocs}']")]).replacing("\n", with: "\r\n"))
        let load = LabSpecLoader.load(path: "\(folder)/mini.yaml")
        #expect(said(load) == ["mini.yaml:49:31: error: unknown variable `${epocs}`; did you mean `epochs`?"])
    }
}
