import TestSupport
import Testing

@testable import Diagnosis
@testable import LabEngine
@testable import LabRunner
@testable import LabSupport

@Suite("Remedies for this machine") struct RemedyTests {
    private let symptoms = SymptomLoader.builtIn

    private func remedies(_ output: String, _ facts: RemedyFacts, code: LabError.Code? = nil) -> [Remedy] {
        Diagnosis.diagnose(output: output, context: DiagnosisContext(code: code, facts: facts)).first?.remedies ?? []
    }

    private let taken = "Bind for 127.0.0.1:8080 failed: port is already allocated"
    private let lab = RemedyFacts(
        traits: [.apt, .docker, .systemd], values: ["STEP": "4.3 --auto", "FREE_PORT": "18080"], variables: ["inference_port": "8080"])

    @Test("words in capitals are filled from the output and from the lab") func filled() {
        let own = remedies(taken, lab).first
        #expect(own?.shown == ["ailab step 4.3 --auto --set inference_port=18080"])
        #expect(own?.isOwn == true && own?.isRunnable == true && own?.open == [])
    }

    @Test("what nobody knows in a lab stays in capitals, and is not run") func open() {
        let port = remedies(taken, RemedyFacts(traits: [.docker], values: ["STEP": "4.3"])).first { $0.isOwn }
        #expect(port?.open == ["PORT_VARIABLE", "FREE_PORT"])
        #expect(port?.isRunnable == false)
        // One that can be typed as it stands goes before it.
        #expect(remedies(taken, RemedyFacts(traits: [.docker], values: ["STEP": "4.3"])).first?.open == [])
    }

    @Test(
        "what a program printed never becomes more than a word of a command",
        arguments: ["$(reboot)", "x;reboot", "`reboot`", "--force", "a|b", "~root", "a'b", "x&y", "a\u{200B}b", "a>b", "a*"])
    func hostile(_ name: String) {
        #expect(!RemedyFacts.Word.isHarmless(name))
        let all = remedies("Conflict. The container name \"/\(name)\" is already in use by container \"0\"", lab)
        #expect(!all.isEmpty)
        for remedy in all { #expect(remedy.commands.allSatisfy { !$0.contains(name) }, "\(remedy.commands)") }
    }

    @Test(
        "the distribution decides the commands",
        arguments: [("apt", "apt-get"), ("dnf", "dnf"), ("zypper", "zypper"), ("pacman", "pacman")])
    func distributions(_ trait: String, _ program: String) throws {
        let facts = RemedyFacts(traits: [try #require(RemedyFacts.Trait(rawValue: trait))], values: ["STEP": "1.1"])
        let install = remedies("bash: docker: command not found", facts).first
        #expect(install?.commands.contains { $0.contains("\(program) ") } == true)
    }

    @Test("root needs no sudo, and podman's client its own name") func names() {
        let stopped = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
        let step = ["STEP": "1.1"]
        #expect(
            remedies(stopped, RemedyFacts(traits: [.systemd, .docker], values: step)).first?.commands == ["sudo systemctl start docker"])
        let root = remedies(stopped, RemedyFacts(traits: [.systemd, .docker, .root], values: step)).first
        #expect(root?.commands == ["systemctl start docker"] && root?.needs == [])
        #expect(remedies(stopped, RemedyFacts(traits: [.private], values: step)).first?.commands == ["sudo ailab engine start"])
        let name = remedies("the container name \"/web\" is already in use", RemedyFacts(traits: [.podman], values: step))
        #expect(name.contains { $0.commands.contains("podman rm -f web") })
    }

    @Test("a code says the cause where the text does not") func codes() {
        let found = Diagnosis.diagnose(output: "no words", context: DiagnosisContext(code: .portTaken))
        #expect(found.first?.cause == "port-in-use")
    }

    @Test("what cannot occur at a place is no sign there, and ranks behind") func places() {
        let output = "Killed\nread-only file system"
        #expect(Diagnosis.diagnose(output: output).map(\.cause).contains("oom-killed"))
        let archive = DiagnosisContext(places: ["archive"])
        #expect(!Diagnosis.diagnose(output: "Killed", context: archive).map(\.cause).contains("oom-killed"))
    }

    @Test("every word in capitals is one that has a meaning, and every pattern for one can be read") func words() {
        let others = """
            RUN FROM COPY ENV USER HTTP HTTPS PWD TMPDIR AVX PUT POST DELETE OPTIONS PIP_CACHE_DIR PIP_CERT JAVA_HOME OPENSSL_VERSION \
            HTTP_PROXY HTTPS_PROXY ALL_PROXY DOCKER_HOST DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH CUDA_VISIBLE_DEVICES \
            NVIDIA_VISIBLE_DEVICES LD_LIBRARY_PATH SSL_CERT_FILE UTF LC_ALL LC_CTYPE DOCKER_ DOCKER_HOST LISTEN CUDA_LAUNCH_BLOCKING
            """
        let shell = Set(others.split(separator: " ").map(String.init))
        for cause in symptoms.causes {
            for (word, patterns) in cause.fills {
                #expect(RemedyFacts.Word.meanings[word] != nil, "\(cause.id): \(word)")
                for pattern in patterns { #expect(RemedyWords.pattern(of: pattern) != nil, "\(cause.id): \(pattern)") }
            }
            for command in cause.cures.flatMap(\.allCommands) {
                for match in command.matches(of: /[A-Za-z0-9_$\{-]*[A-Z][A-Z_]{2,}[A-Za-z0-9_=]*/) {
                    let word = String(match.output)
                    guard word.allSatisfy({ $0.isUppercase || $0 == "_" }) else { continue }
                    #expect(RemedyFacts.Word.meanings[word] != nil || shell.contains(word), "\(cause.id): \(word) in \(command)")
                }
            }
        }
    }

    @Test("an engine's data move only where Docker is a service of this machine, into a folder that nobody can have made before")
    func dataRoot() throws {
        func move(_ traits: Set<RemedyFacts.Trait>) -> Remedy? {
            remedies("no space left on device", RemedyFacts(traits: traits, values: ["DATA_FOLDER": "/srv", "STEP": "2.1"])).first {
                $0.text.en.hasPrefix("Keep the engine's data")
            }
        }
        let ordinary = try #require(move([.docker, .service, .systemd]))
        #expect(ordinary.isRunnable && ordinary.commands.first == "sudo mkdir -m 711 /srv/docker-data")
        #expect(move([.docker, .private])?.commands.contains("export AILAB_ENGINE_DIR=/srv/ailab-engine") == true)
        for other in [RemedyFacts.Trait.rootless, .podman, .desktop] {
            #expect(move([.docker, other, .systemd])?.applies == false, "\(other)")
            let said = remedies("no space left on device", RemedyFacts(traits: [other], values: ["STEP": "2.1"])).filter {
                $0.text.en.contains("graphroot")
            }
            #expect(said.map(\.applies) == [true] && said.allSatisfy { $0.commands.isEmpty }, "\(other)")
        }
    }

    @Test("no command sets a variable to what only a shell could make out") func exports() {
        for command in symptoms.causes.flatMap(\.cures).flatMap(\.allCommands) where command.hasPrefix("export ") {
            #expect(!command.contains("~"), "\(command)")
        }
        let snap = symptoms.causes.first { $0.id == "docker-from-snap" }
        let home = RemedyFacts(traits: [.snap], values: ["HOME_FOLDER": "/home/student"])
        #expect(snap?.remedies(home).first?.commands == ["export AILAB_HOME=/home/student/ailab-home"])
        #expect(RemedyFacts.read(environment: ["HOME": "/home/student"]).values["HOME_FOLDER"] == "/home/student")
    }

    @Test("what changes something says how to undo it, or that it cannot be") func undo() {
        for cause in symptoms.causes {
            for cure in cause.cures where cure.changes != nil { #expect(cure.undo != nil, "\(cause.id): \(cure.text.en)") }
        }
    }
}

@Suite("Plans of remedies") struct RemedyPlanTests {
    private let planner = RemedyPlanner(docker: nil, becomesRoot: { false })
    private let text = Text(en: "x", zh: "某")

    private func remedy(_ commands: [String], needs: [Remedy.Need] = [], place: Remedy.Place = .shell, open: [String] = []) -> Remedy {
        Remedy(text, commands: commands, needs: needs, place: place, changes: text, undo: text, open: open)
    }

    @Test("what is not run says why") func obstacles() async {
        func obstacle(_ remedy: Remedy) async -> RemedyPlan.Obstacle? { await planner.plan(remedy, cause: "c").obstacle }
        #expect(await obstacle(remedy(["ls"])) == nil)
        #expect(await obstacle(Remedy(text, commands: ["ls"])) == .looksOnly)
        #expect(await obstacle(remedy(["ls"], needs: [.root])) == .root)
        #expect(await obstacle(remedy(["ls"], needs: [.person])) == .person)
        #expect(await obstacle(remedy(["reboot"], needs: [.reboot])) == .reboot)
        #expect(await obstacle(remedy(["RUN x"], place: .file)) == .place(.file))
        #expect(await obstacle(remedy(["ls PATH"], open: ["PATH"])) == .open(["PATH"]))
        #expect(await obstacle(remedy(["docker image prune -a -f"])) == .unnamedRemoval)
        #expect(await obstacle(remedy(["docker system prune -f"])) == .unnamedRemoval)
        #expect(await obstacle(remedy(["echo '{}' | tee /etc/docker/daemon.json"])) == .overwritesConfiguration)
    }

    @Test("no rule replaces the daemon's configuration, or prunes what is not named") func rules() {
        for cause in SymptomLoader.builtIn.causes {
            for cure in cause.cures where cure.changes != nil {
                for command in cure.allCommands {
                    #expect(!DaemonFile.isReplaced(by: command), "\(cause.id): \(command)")
                    #expect(!Removals.removes(command) || Removals.imagePrune(command) != nil, "\(cause.id): \(command)")
                }
            }
        }
    }

    @Test(
        "what overwrites or removes the daemon's configuration is never run",
        arguments: [
            "cp new.json /etc/docker/daemon.json", "sudo mv x '/etc/docker/daemon.json'", "rm -f /etc/docker/daemon.json",
            "echo x > /etc/docker/daemon.json", "sed -i s/a/b/ /etc/docker/daemon.json",
        ])
    func overwrites(_ command: String) async {
        #expect(await planner.plan(remedy([command]), cause: "c").obstacle == .overwritesConfiguration)
    }

    @Test("what sets the daemon's configuration aside is always asked about, and keeps earlier copies") func setAside() async throws {
        let cause = try #require(SymptomLoader.builtIn.causes.first { $0.id == "docker-daemon-config-invalid" })
        let commands: [String] = cause.cures.flatMap(\.allCommands)
        let command = try #require(commands.first { $0.contains("mv ") })
        let folder = try TemporaryDirectory()
        let path = folder.path + "/daemon.json"
        let typed = command.replacing("sudo ", with: "").replacing("DAEMON_JSON", with: path)
        let plan = await planner.plan(remedy([typed]), cause: "c")
        #expect(plan.canRun && plan.mustAsk)
        for content in ["first", "second"] {
            try Files.write(Array(content.utf8), to: path)
            #expect(try Shell.run(typed, in: folder.path) == 0)
        }
        let kept = try Files.names(in: folder.path).map { try Files.text("\(folder.path)/\($0)") }
        #expect(kept.sorted() == ["first", "second"] && !Files.exists(path))
        #expect(await !planner.plan(remedy(["cp /etc/docker/daemon.json /tmp/x"]), cause: "c").mustAsk)
    }

    @Test("the credentials' file is copied under a name that overwrites no earlier copy") func credentials() throws {
        let cause = try #require(SymptomLoader.builtIn.causes.first { $0.id == "docker-credentials-helper" })
        let commands = try #require(cause.cures.first?.allCommands)
        let folder = try TemporaryDirectory()
        try Files.makeDirectory(folder.path + "/.docker")
        for content in [#"{"credsStore":"a"}"#, #"{"credsStore":"b"}"#] {
            try Files.write(Array(content.utf8), to: folder.path + "/.docker/config.json")
            for command in commands { #expect(try Shell.run("HOME='\(folder.path)'; export HOME; \(command)", in: folder.path) == 0) }
        }
        let kept = try Files.names(in: folder.path + "/.docker").map { try Files.text("\(folder.path)/.docker/\($0)") }
        #expect(Set(kept) == [#"{"credsStore":"a"}"#, #"{"credsStore":"b"}"#, "{}"])
    }

    @Test("another way of doing the step is a retry, not a command") func retry() async {
        let cure = Remedy(
            Text(en: "r", zh: "法"), commands: ["export A=b"], retry: Retry(step: "4.3 --quick", auto: true, set: ["port": "1"]),
            changes: Text(en: "c", zh: "改"))
        let plan = await planner.plan(cure, cause: "c")
        #expect(plan.commands == ["export A=b"] && plan.retry == cure.retry)
        #expect(cure.shown == ["export A=b", "ailab step 4.3 --quick --auto --set port=1"])
        var options = RunOptions()
        options.quick = true
        options = options.after(plan)
        #expect(options.auto && options.quick && options.set == ["port": "1"] && options.cure?.commands == cure.shown)
    }

    @Test("what needs the student's own word is asked about, also if everything else was agreed to") func consent() async {
        let needs: [Remedy.Need] = [.consent]
        let cure = Remedy(
            Text(en: "r", zh: "法"), retry: Retry(step: "5.5", set: ["begin": "yes"]), needs: needs, changes: Text(en: "c", zh: "改"))
        let plan = await planner.plan(cure, cause: "c")
        #expect(plan.canRun && plan.mustAsk)
    }

    @Test("words that a program chose are asked about, ports are not") func quoted() async {
        var chosen = remedy(["apt-get install -y x"])
        chosen.quoted = ["PACKAGE": "x"]
        #expect(await planner.plan(chosen, cause: "c").mustAsk)
        chosen.quoted = ["PORT": "80"]
        #expect(await !planner.plan(chosen, cause: "c").mustAsk)
    }
}

extension RemedyRule {
    /// Every command of every variant, as written.
    var allCommands: [String] { variants.flatMap(\.commands) }
}
