import Foundation
import TestSupport
import Testing

@testable import LabEngine
@testable import LabFile
@testable import LabReport
@testable import LabRunner
@testable import LabSupport

/// The recorded run as a script, executed by `sh` with stand-ins for `docker` and `curl`.
@Suite struct CommandScriptTests {
    private let home: TemporaryDirectory
    private let lab: OpenedLab
    private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL.path
    private static let secret = "hunter2hunter2"

    init() throws {
        home = try TemporaryDirectory()
        let workspace = try Workspace(root: "\(home.path)/home")
        let demo = try Files.text("\(Self.checkout)/labs/lab5/demo/journal.jsonl")
        let journal = demo.replacing("/home/student/.local/state/ailab", with: workspace.root)
        try Files.write(Array(journal.utf8), to: try workspace.makeRun().journal)
        lab = try OpenedLab(
            workspace, file: "\(Self.checkout)/labs/lab5.yaml",
            environment: ["HOME": "/home/student", "USER": "student", "COURSE_TOKEN": Self.secret])
    }

    private func script(_ language: Language = .en) throws -> String { try lab.commandScript(version: "1").text(language) }

    /// Programs that write down how they were called, and answer as the real ones.
    private func standIns(hasBuildKit: Bool) throws -> String {
        let folder = "\(home.path)/bin"
        try Files.makeDirectory(folder)
        let docker = """
            #!/bin/sh
            case "$1 $2" in
                "container inspect"|"image inspect") exit 1 ;;
                "buildx version") exit \(hasBuildKit ? 0 : 1) ;;
            esac
            printf 'docker' >>"$LOG"; for word in "$@"; do printf ' <%s>' "$word" >>"$LOG"; done; echo >>"$LOG"
            case "$*" in
                *"cat /home/model-server/key_file.json")
                    printf '{\\n  "management": {\\n    "key": "mKEY",\\n    "expiration time": "x"\\n  },\\n'
                    printf '  "inference": {\\n    "key": "iKEY",\\n    "expiration time": "x"\\n  },\\n  "API": {\\n    "key": "aKEY"\\n  }\\n}' ;;
                "run -i "*) cat >>"$LOG" ;;
            esac
            """
        let curl = """
            #!/bin/sh
            printf 'curl' >>"$LOG"; for word in "$@"; do printf ' <%s>' "$word" >>"$LOG"; done; printf ' ' >>"$LOG"
            cat >>"$LOG"
            echo '[ { "workers": [ { "status": "READY" } ] } ]'
            """
        let nothing = "#!/bin/sh\n"
        for (name, text) in [("docker", docker), ("curl", curl), ("nvidia-smi", nothing)] {
            try Files.write(Array(text.utf8), to: "\(folder)/\(name)", mode: 0o755)
        }
        return folder
    }

    /// Runs a script and returns what it called.
    private func calls(_ text: String, hasBuildKit: Bool = true) throws -> [String] {
        let folder = try standIns(hasBuildKit: hasBuildKit)
        let file = "\(home.path)/commands.sh"
        try Files.write(Array(text.utf8), to: file, mode: 0o755)
        let log = "\(home.path)/log"
        try? FileManager.default.removeItem(atPath: log)
        let work = "\(home.path)/the work"
        let code = try Shell.run("PATH='\(folder)':$PATH LOG='\(log)' WORK='\(work)' sh '\(file)'", in: home.path)
        #expect(code == 0)
        return try Files.text(log).split(separator: "\n").map(String.init)
    }

    @Test(arguments: Language.allCases) func theScriptDoesWhatTheRunDid(_ language: Language) throws {
        let calls = try calls(try script(language))
        func index(_ begin: String) throws -> Int { try #require(calls.firstIndex { $0.hasPrefix(begin) }, "\(begin): \(calls)") }
        let order = [
            "docker <import> <--change> <CMD [\"cat\",\"/hello.txt\"]>", "docker <run> <--name> <lab5-student-hello>",
            "docker <build> <-f> <\(Self.checkout)/labs/lab5/train/Dockerfile.cpu>",
            "docker <run> <--name> <lab5-student-training> <-v> <\(home.path)/the work/data:/workspace/data:ro>",
            "docker <run> <-d> <--name> <lab5-student-serving>", "curl <-fsS> <-K> <-> <http://127.0.0.1:8080/ping>",
            "docker <exec> <lab5-student-serving> <python3> </app/fetch_weights.py>",
            "curl <-fsS> <-K> <-> <-X> <POST> <http://127.0.0.1:8081/models?url=imagenet.mar&model_name=imagenet&initial_workers=1>",
            "curl <-fsS> <-K> <-> <-T> <\(Self.checkout)/labs/lab5/pictures/digit-9.png>", "docker <rm> <-f> <lab5-student-serving>",
        ]
        let places = try order.map(index)
        #expect(places == places.sorted(), "\(zip(order, places).map { "\($1) \($0)" })")
        #expect(calls.last?.contains("<lab5-student-limits>") == true && calls.last?.contains("<--memory> <64m>") == true)
        // Each request has the key of its own interface, which came from the server's file.
        let posts = calls.filter { $0.contains("<POST>") }
        #expect(posts.count == 2 && posts.allSatisfy { $0.hasSuffix("header = \"Authorization: Bearer mKEY\"") })
        let predictions = calls.filter { $0.contains("<-T>") }
        #expect(predictions.count == 11 && predictions.allSatisfy { $0.hasSuffix("header = \"Authorization: Bearer iKEY\"") })
        // The commands of a shell are its input, and the comparison has its survey.
        #expect(calls.contains("uname -a") && calls.contains { $0.contains("<lab5-student-compare>") && $0.contains("</bin/sh> <-c>") })
        #expect(Files.isDirectory("\(home.path)/the work/model-store"))
    }

    @Test func aClientWithoutBuildKitGetsNoCacheMounts() throws {
        let calls = try calls(try script(), hasBuildKit: false)
        #expect(calls.filter { $0.hasPrefix("docker <build> <-f> <\(home.path)/the work/.Dockerfile>") }.count == 2)
        let plain = try Files.text("\(home.path)/the work/.Dockerfile")
        #expect(plain.contains("apt-get install") && !plain.contains("type=cache"))
    }

    @Test func noSecretIsInIt() throws {
        let files = lab.workspace.files(lab: "lab5")
        try Files.makeDirectory(files)
        try Files.write(Array("FROM debian\nENV TOKEN=\(Self.secret)\n".utf8), to: "\(files)/Dockerfile.train")
        try Files.write(Array("FROM debian\nEND\nRUN echo \"$HOME\" `id`\n".utf8), to: "\(files)/Dockerfile.serve")
        let text = try script()
        #expect(!text.contains(Self.secret) && !text.contains("_KEY"))
        _ = try calls(text)
        // A file with a secret is copied from where it is. Another one comes out of the script as it went in.
        for name in ["Dockerfile.train", "Dockerfile.serve"] {
            #expect(try Files.read("\(home.path)/the work/\(name)") == Files.read("\(files)/\(name)"))
        }
    }

    @Test func itRefusesToTouchContainersThatAreThere() throws {
        let folder = try standIns(hasBuildKit: true)
        try Files.write(Array("#!/bin/sh\necho \"$@\" >>\"$LOG\"\n".utf8), to: "\(folder)/docker", mode: 0o755)
        try Files.write(Array(try script().utf8), to: "\(home.path)/commands.sh")
        let log = "\(home.path)/log"
        #expect(try Shell.run("PATH='\(folder)':$PATH LOG='\(log)' sh commands.sh", in: home.path) == 1)
        #expect(try Files.text(log) == "container inspect lab5-student-hello\n")
    }

    @Test func wordsAreQuotedForTheShell() {
        let words = ScriptWords(places: [("/home/joe/work", "work")], secrets: [Self.secret])
        #expect(ScriptWords.words(of: "a 'b c' 'it'\\''s' '' d'e f'") == ["a", "b c", "it's", "", "de f"])
        #expect(words.line(["cat", "/home/joe/work/a b", "/home/joe/worker", "$x`y`"]) == "cat \"$work\"'/a b' /home/joe/worker '$x`y`'")
        #expect(words.line(["docker", "-e", "MY_PASSWORD=abc", "-e", "A=\(Self.secret)"]) == "docker -e MY_PASSWORD -e 'A=***'")
        #expect(CommandScript.comment("a\nrm -rf /\r\u{2028}b") == "# a\n# rm -rf /\n# b")
    }

    @Test func withoutARunThereAreNoCommands() throws {
        let empty = try OpenedLab(
            try Workspace(root: "\(home.path)/empty"), file: "\(Self.checkout)/labs/lab5.yaml", environment: ["HOME": "/home/student"])
        let error = #expect(throws: LabError.self) { try empty.commandScript(version: "1") }
        #expect(error?.code == .usageReport)
    }
}
