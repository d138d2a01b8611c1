import ContainerEngine
import Diagnosis
import HostFacts
import LabFile
import LabRunner
import LabSupport

/// Looks from inside a container whether packages, index and registry can be had there: the name, a small answer and a large one.
///
/// A container has its own name servers, its own network and its own MTU. A build would find out only after minutes.
enum ContainerReach {
    /// What a container asks.
    struct Server: Sendable, Equatable {
        var name: String
        /// Answers with a few hundred bytes.
        var small: String
        /// Answers with more than a packet. Nil if the server has nothing large for everybody.
        var large: String?
    }

    /// What one server did.
    struct Answer: Sendable, Equatable {
        var server: String
        var isLarge: Bool
        /// The exit code of the program that asked, and what it printed.
        var code: Int
        var words: String
    }

    static func look(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let docker = try await scene.docker()
        let images = try await DoctorContainer.images(scene)
        guard !images.isEmpty else {
            return .note(Text(en: "can't check yet: the engine has no image", zh: "暂时无法检查：引擎上还没有镜像"))
        }
        let servers = try await servers(scene)
        guard !servers.isEmpty else {
            return .note(Text(en: "can't check: this machine reaches no server either", zh: "无法检查：本机也访问不到任何服务器"))
        }
        // Some images have no shell, and some have nothing that downloads.
        for image in images.prefix(tries) {
            let found = answers(in: try await lines(servers, image, docker, scene))
            if !found.isEmpty { return try await judge(found, servers, scene) }
        }
        return try await judge([], servers, scene)
    }

    /// The number of images that are tried.
    private static let tries = 4

    /// What the script printed in a container of this image. Empty if the container doesn't start.
    private static func lines(_ servers: [Server], _ image: String, _ docker: DockerClient, _ scene: DoctorScene) async throws -> [String] {
        do {
            return try await DoctorContainer.with(
                script(servers), image: image, probe: "network.container", docker: docker,
                configure: { $0.environment = scene.network.proxyVariables }
            ) { container in
                try await container.run()
                return try await container.lines()
            }
        } catch is DockerError {
            return []
        }
    }

    /// Only what the machine itself reaches: otherwise the container isn't the reason.
    private static func servers(_ scene: DoctorScene) async throws -> [Server] {
        let places = scene.places
        var servers: [Server] = []
        if try await scene.facts.packages.value().cause == nil {
            let list = places.packages + "/dists/stable/InRelease"
            servers.append(Server(name: ReachAsker.host(of: places.packages), small: list, large: list))
        }
        if try await scene.facts.index.value().cause == nil {
            servers.append(Server(name: ReachAsker.host(of: places.index), small: places.index + "/pip/", large: places.index + "/pip/"))
        }
        if try await scene.facts.hub.value().cause == nil {
            servers.append(Server(name: ReachAsker.host(of: places.hub), small: places.hub + "/v2/"))
        }
        // An address stands between apostrophes in the script.
        return servers.filter { !($0.name + $0.small).contains("'") }
    }

    /// The first server that a container can't use decides.
    static func judge(_ answers: [Answer], _ servers: [Server], _ scene: DoctorScene) async throws -> ProbeVerdict {
        guard !answers.isEmpty else {
            return .note(Text(en: "can't check: no image here has curl, wget or Python", zh: "无法检查：本机镜像中都没有 curl、wget 或 Python"))
        }
        for server in servers {
            guard let (cause, answer) = failure(of: server.name, in: answers) else { continue }
            let title = SymptomLoader.builtIn[cause]?.title ?? Text(verbatim: cause)
            let measured = Text(en: "from a container, \(server.name): ", zh: "从容器访问 \(server.name)：").joined(title)
            let evidence = [measured, Text(verbatim: String(answer.words.suffix(200)))].filter { !$0.en.isEmpty }
            let builds = try await MissingImages(scene).builds.map { LabConcern.build($0) }
            var fill = ["HOST": server.name]
            if let way = WayOut(root: scene.root) { fill["LINK_MTU"] = String(way.packetSize) }
            return await scene.found(cause, measured, evidence: evidence, concerns: builds, fill: fill)
        }
        let names = Text.words(servers.map(\.name))
        return .good(Text(en: "a container reaches \(names.en)", zh: "容器可以访问 \(names.zh)"))
    }

    /// The causes that a failed download can have.
    static let causes = ["network-mtu"] + NetworkProbes.failures

    /// Why a container can't use a server, and the answer that shows it. Nil if it can.
    static func failure(of server: String, in answers: [Answer]) -> (cause: String, answer: Answer)? {
        let own = answers.filter { $0.server == server && $0.code != 0 }
        if let small = own.first(where: { !$0.isLarge }) {
            return cause(small).map { ($0, small) }
        }
        // The name resolved and a small answer came. What stops a large one is the packets' size.
        guard let large = own.first(where: \.isLarge) else { return nil }
        guard let found = cause(large) else { return nil }
        return (["network-timeout", "network-reset"].contains(found) ? "network-mtu" : found, large)
    }

    /// The rules say what the program's words mean. An answer such as HTTP 401 is one, too: the server was there.
    private static func cause(_ answer: Answer) -> String? {
        let found = Diagnosis.diagnose(output: answer.words).map(\.cause)
        return found.first(where: NetworkProbes.failures.contains) ?? (answer.code == timedOut ? "network-timeout" : nil)
    }

    /// What `timeout` exits with: https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html
    private static let timedOut = 124
}

extension ContainerReach {
    /// Each server is asked twice at the same time, by whichever program the image has.
    static func script(_ servers: [Server]) -> String {
        let questions = servers.flatMap { server in
            ["ask '\(server.name)' small '\(server.small)' &"] + (server.large.map { ["ask '\(server.name)' large '\($0)' &"] } ?? [])
        }
        return tools + questions.joined(separator: "\n") + "\nwait\n"
    }

    private static let tools = #"""
        small() { false; }
        if command -v curl >/dev/null 2>&1; then
            small() { curl -sS -I -m 6 -o /dev/null "$1"; }
            large() { curl -sS -m 12 -o /dev/null "$1"; }
        elif command -v python3 >/dev/null 2>&1; then
            fetch() { python3 -c 'import sys, urllib.error, urllib.request as r
        q = r.Request(sys.argv[1], method=sys.argv[2])
        try:
            r.urlopen(q, timeout=float(sys.argv[3])).read()
        except urllib.error.HTTPError:
            pass' "$1" "$2" "$3"; }
            small() { fetch "$1" HEAD 6; }
            large() { fetch "$1" GET 12; }
        elif command -v wget >/dev/null 2>&1; then
            case "$(wget --version 2>&1)" in *GNU*) once=--tries=1 ;; *) once= ;; esac
            small() { timeout 8 wget $once -T 6 --spider "$1"; }
            large() { timeout 14 wget $once -T 12 -O /dev/null "$1"; }
        else
            exit 0
        fi
        ask() {
            words=$("$2" "$3" 2>&1)
            code=$?
            printf '%s|%s|%s|%s\n' "$1" "$2" "$code" "$(printf %s "$words" | tr '\n' ' ')"
        }

        """#

    /// Reads what the script printed.
    static func answers(in lines: [String]) -> [Answer] {
        lines.compactMap { line in
            let fields = line.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false)
            guard fields.count == 4, let code = Int(fields[2]) else { return nil }
            return Answer(server: String(fields[0]), isLarge: fields[1] == "large", code: code, words: String(fields[3]))
        }
    }
}
