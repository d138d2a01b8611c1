import Foundation
import TestSupport
import Testing

@testable import LabEngine
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// The files of `ailab deploy`, made from Lab 5's own file and read as YAML.
@Suite struct DeployTests {
    private let home: TemporaryDirectory
    private let lab: OpenedLab
    private let store: String
    private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL.path

    init() throws {
        home = try TemporaryDirectory()
        let workspace = try Workspace(root: "\(home.path)/home")
        lab = try OpenedLab(
            workspace, file: "\(Self.checkout)/labs/lab5.yaml",
            environment: ["HOME": home.path, "USER": "student", "DOCKER_HOST": "unix://\(home.path)/none.sock"])
        store = "\(workspace.files(lab: lab.spec.id))/model-store"
    }

    private func deployment(_ target: DeployTarget, _ language: Language = .en) async throws -> Deployment {
        try Files.makeDirectory(store)
        try Files.write(Array("archive".utf8), to: "\(store)/mnist.mar")
        return try await lab.deployment(to: target, labWords: [], language: language)
    }

    /// The documents of the file that describes the service.
    private func documents(_ deployment: Deployment) throws -> [YAMLValue] {
        let file = try #require(deployment.files.first { $0.name == deployment.target.fileName })
        return try String(decoding: file.content, as: UTF8.self).components(separatedBy: "---\n").map(YAMLValue.init)
    }

    @Test func anArchiveThatDoesNotExistYetIsNamedWithItsStep() async throws {
        let error = await #expect(throws: LabError.self) {
            try await lab.deployment(to: .compose, labWords: ["--lab", "mine.yaml"], language: .en)
        }
        #expect(error?.code == .usageDeploy)
        #expect(error?.message.en.contains("mnist.mar") == true)
        #expect(error?.hint?.en.contains("`ailab step 4.10 --lab mine.yaml`") == true)
    }

    @Test func composeServesOnLoopbackAndIsHealthyWithAReadyWorker() async throws {
        let deployment = try await deployment(.compose)
        let service = try #require(try documents(deployment).first?["services"]?["mnist"])
        #expect(service["image"]?.text == "torchserve_dl:latest" && service["pull_policy"]?.text == "never")
        #expect(service["ports"]?.list.map(\.text) == ["127.0.0.1:8080:8080"])
        #expect(service["restart"]?.text == "unless-stopped")
        let test = service["healthcheck"]?["test"]?.list.map(\.text) ?? []
        #expect(test.first == "CMD" && test.last?.contains("127.0.0.1:8081/models/mnist") == true, "\(test)")
        #expect(test.last?.contains("'READY'") == true && test.last?.contains("ping") == false)
        let mounts = service["volumes"]?.list ?? []
        #expect(mounts.map { $0["read_only"]?.text } == ["true", "true"])
        #expect(mounts.map { $0["source"]?.text } == [Files.resolved(store), "./deploy.properties"])
        #expect(service["command"]?.list.map(\.text).contains("mnist=mnist.mar") == true)
        #expect(deployment.files.map(\.name) == ["compose.yaml", "deploy.properties"])
        #expect(deployment.commands.map(\.line).first == "docker compose up -d")
        #expect(deployment.notes.contains { $0.en.contains("`docker stop lab5-student-serving`") }, "\(deployment.notes)")
        #expect(deployment.notes.contains { $0.en.hasPrefix("No engine answered.") }, "\(deployment.notes)")
        #expect(deployment.commands.map(\.purpose) == [.start, .look, .ask, .end])
    }

    @Test func aStackReplacesOneReplicaAfterTheOther() async throws {
        let deployment = try await deployment(.swarm)
        let stack = try #require(try documents(deployment).first)
        let service = try #require(stack["services"]?["mnist"])
        let deploy = try #require(service["deploy"])
        #expect(deploy["replicas"]?.text == "2" && deploy["endpoint_mode"]?.text == "dnsrr")
        #expect(deploy["update_config"]?["order"]?.text == "start-first")
        #expect(deploy["update_config"]?["failure_action"]?.text == "rollback")
        #expect(service["healthcheck"]?["test"]?.list.last?.text.contains("'READY'") == true)
        #expect(service["ports"] == nil, "a swarm would open the port on all addresses")
        let config = try #require(service["configs"]?.list.first?["source"]?.text)
        #expect(stack["configs"]?[config]?["file"]?.text == "./deploy.properties")
        #expect(stack["networks"]?["default"]?["driver"]?.text == "overlay")
        #expect(deployment.commands.contains { $0.line.hasPrefix("docker stack deploy ") && $0.line.hasSuffix("serving-mnist") })
        #expect(deployment.commands.last == Deployment.Command(.leave, "docker swarm leave --force"))
        #expect(deployment.notes.contains { $0.en.contains("serving-mnist_mnist=3`, then `docker service scale ") })
    }

    @Test func manifestsProbeTheWorkerAndSayWhatWasNotTried() async throws {
        let deployment = try await deployment(.kube)
        let manifests = try documents(deployment)
        #expect(manifests.map { $0["kind"]?.text } == ["ConfigMap", "Deployment", "Service"])
        let container = try #require(manifests[1]["spec"]?["template"]?["spec"]?["containers"]?.list.first)
        for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
            #expect(container[probe]?["exec"]?["command"]?.list.last?.text.contains("'READY'") == true, "\(probe)")
        }
        let labels = manifests[1]["spec"]?["template"]?["metadata"]?["labels"]?["app"]?.text
        #expect(labels == "mnist" && manifests[2]["spec"]?["selector"]?["app"]?.text == labels)
        #expect(container["ports"]?.list.map { $0["containerPort"]?.text } == ["8080"], "the management port stays inside")
        let settings = manifests[0]["data"]?["deploy.properties"]?.text
        #expect(settings == (try Files.text("\(lab.spec.directory)/deploy/deploy.properties")))
        let mounted = container["volumeMounts"]?.list.compactMap { $0["name"]?.text }
        let volumes = manifests[1]["spec"]?["template"]?["spec"]?["volumes"]?.list.compactMap { $0["name"]?.text }
        #expect(mounted == volumes)
        #expect(deployment.notes.contains { $0.en.contains("No control plane was tried") })
    }

    @Test(arguments: DeployTarget.allCases) func aChangedFileIsFound(_ target: DeployTarget) async throws {
        let deployment = try await deployment(target)
        let folder = "\(home.path)/out"
        #expect(deployment.differing(in: folder) == [])
        try deployment.write(to: folder)
        #expect(deployment.differing(in: folder) == [])
        try Files.write(Array("# mine\n".utf8), to: "\(folder)/\(target.fileName)")
        #expect(deployment.differing(in: folder) == [target.fileName])
    }

    @Test func bothLanguagesSayTheSameToTheMachine() async throws {
        for target in DeployTarget.allCases {
            let english = try documents(try await deployment(target))
            #expect(try documents(try await deployment(target, .zh)) == english, "\(target)")
        }
    }

    /// Compose replaces `$NAME`, Kubernetes `$(NAME)`.
    @Test func dollarsReachTheContainer() throws {
        let service = DeployedService(
            model: "m", name: "m", project: "p", image: "i", command: ["sh", "-c", "echo $HOME $(date)"], environment: ["A": "$B"], port: 1,
            hostPort: 2, container: "lab-m",
            mounts: [], files: [], ready: ["true"], start: 10, replicas: 1, usesGPU: false)
        let writer = DeployWriter(service: service, language: .en, isPodman: false)
        let compose = try #require(try documents(writer.deployment(.compose)).first?["services"]?["m"])
        #expect(compose["command"]?.list.last?.text == "echo $$HOME $$(date)" && compose["environment"]?["A"]?.text == "$$B")
        let kube = try #require(
            try documents(writer.deployment(.kube)).first?["spec"]?["template"]?["spec"]?["containers"]?.list.first)
        #expect(kube["args"]?.list.last?.text == "echo $HOME $$(date)")
    }

    @Test(arguments: [
        "a", "true", "No", "5", "5s", "-", "--", "- a", "a: b", "a:", "#", "a #b", "", " ", "'", "\"", "\\", "[a]", "{a}", "*a", "&a", "!a",
        "%", "@", "`",
        "a\nb", "a\n", "\n", "\t", "é", "中", "\u{1}", "\u{2028}", "1e3", "0x1", "~", "null", "--a", "/a:b", "a=b", "a,b", ".5", "-5",
        "5s\n",
    ])
    func everyTextIsReadAsItself(_ text: String) throws {
        let written = YAMLText.mapping([
            YAMLText.Entry("text", .text(text)), YAMLText.Entry("words", .words(["x", text])),
            YAMLText.Entry("list", .list([.mapping([YAMLText.Entry("deep", .words([text, text]), comment: "note")])])),
        ]).written
        let value = try YAMLValue(written)
        #expect(value["text"]?.text == text, "\(written)")
        #expect(value["words"]?.list.map(\.text) == ["x", text], "\(written)")
        #expect(value["list"]?.list.first?["deep"]?.list.map(\.text) == [text, text], "\(written)")
    }

    @Test func mistakesInALabFileAreFound() {
        func said(_ lines: String...) -> [String] {
            let deploy = "deploy:\n" + lines.map { "  \($0)\n" }.joined()
            return MiniLab.load([("steps:\n", deploy + "steps:\n")]).diagnostics.filter { $0.severity == .error }.map { $0.message.en }
        }
        let rest = ["command: [serve]", "ready: [check]"]
        #expect(said("task: 9.9", rest[0], rest[1]) == ["there is no task 9.9"])
        #expect(said("task: 2.2", rest[0], rest[1]) == ["task 2.2 doesn't register a model"])
        #expect(said("task: 2.2", rest[0], rest[1], "replicas: 0").contains("`replicas` must be at least 1"))
        #expect(said("task: 2.2", rest[0], "ready: []").contains("`ready` must not be empty"))
        #expect(
            said("task: 2.2", rest[0], rest[1], "files: [{source: x, target: y}]").contains {
                $0.hasPrefix("the lab has no file")
            })
    }
}

/// A YAML document as anybody reads it.
private enum YAMLValue: Equatable {
    case scalar(String)
    case items([YAMLValue])
    case entries([String: YAMLValue])

    init(_ text: String) throws {
        let reporter = LabReporter()
        let node = LabYAML.parse(text, file: "test.yaml", reporter: reporter)
        self = Self.value(try #require(node, "\(reporter.diagnostics.map { $0.rendered(.en) })\n\(text)"))
    }

    private static func value(_ node: LabNode) -> YAMLValue {
        switch node.content {
        case .scalar(let text, _): .scalar(text)
        case .list(let nodes): .items(nodes.map(value))
        case .mapping(let entries): .entries(Dictionary(uniqueKeysWithValues: entries.map { ($0.key, value($0.value)) }))
        }
    }

    subscript(key: String) -> YAMLValue? {
        if case .entries(let entries) = self { entries[key] } else { nil }
    }

    var text: String {
        if case .scalar(let text) = self { text } else { "" }
    }

    var list: [YAMLValue] {
        if case .items(let items) = self { items } else { [] }
    }
}
