import HTTPTransport
import InferenceServer
import LabSupport
import TestSupport
import Testing

@Suite struct TorchServeScriptedTests {
    private func client(_ server: ScriptedServer) throws -> TorchServeClient {
        let keys = try TorchServeKeys(json: Array(TorchServeAnswers.keyFile.utf8))
        let addresses = TorchServeAddresses(inference: server.endpoint, management: server.endpoint, metrics: server.endpoint)
        return TorchServeClient(http: CurlHTTPClient.shared, addresses: addresses, keys: keys)
    }

    private func answering(_ status: Int, _ body: String) throws -> ScriptedServer {
        try ScriptedServer { _, connection in
            _ = try connection.readBody()
            try connection.respond(status, ["Content-Type": "application/json"], body: body)
        }
    }

    @Test func eachRequestGoesWithItsOwnKey() async throws {
        let server = try ScriptedServer { _, connection in
            _ = try connection.readBody()
            try connection.respond(200, body: #"{"status": "Healthy", "models": []}"#)
        }
        let client = try client(server)
        #expect(try await client.ping())
        #expect(try await client.models().isEmpty)
        _ = try await client.predict(model: "a b/ä", body: .bytes([1, 2]), contentType: "image/jpeg")
        try await client.register(TorchServeRegistration(url: "https://x/y.mar?a=1&b", model: "m", batchSize: 4))
        try await client.scale("m", workers: 2, synchronous: true)
        try await client.unregister("m", version: "1.0")
        _ = try await client.metrics()
        #expect(
            server.requests.map { "\($0.method) \($0.target)" } == [
                "GET /ping", "GET /models?limit=100", "POST /predictions/a%20b%2F%C3%A4",
                "POST /models?url=https%3A%2F%2Fx%2Fy.mar%3Fa%3D1%26b&model_name=m&initial_workers=1&synchronous=false&batch_size=4",
                "PUT /models/m?min_worker=2&max_worker=2&synchronous=true", "DELETE /models/m/1.0", "GET /metrics",
            ])
        let inference = "Bearer FiSoI4iH"
        let management = "Bearer w2nNLzaR"
        #expect(
            server.requests.map { $0.headers["Authorization"] } == [
                inference, management, inference, management, management, management, nil,
            ])
        #expect(server.requests[2].headers["Content-Type"] == "image/jpeg")
        #expect(server.requests[2].headers["Content-Length"] == "2")
    }

    /// TorchServe 0.12 answers so if it's asked while a worker starts or stops.
    @Test func aRaceInTheServerIsAskedAgainIfThatChangesNothing() async throws {
        let asked = Locked(0)
        let server = try ScriptedServer { _, connection in
            _ = try connection.readBody()
            let isFirst = asked.withLock { count in
                count += 1
                return count == 1
            }
            let race = #"{"code": 500, "type": "ConcurrentModificationException"}"#
            try connection.respond(isFirst ? 500 : 200, ["Content-Type": "application/json"], body: isFirst ? race : #"{"status": "ok"}"#)
        }
        let client = try client(server)
        #expect(try await client.scale("m", workers: 2) == "ok")
        #expect(server.requests.count == 2)
        asked.withLock { $0 = 0 }
        let error = await #expect(throws: TorchServeError.self) { try await client.register(TorchServeRegistration(url: "m.mar")) }
        #expect(error?.isRace == true)
        #expect(server.requests.count == 3)
    }

    @Test func allPagesOfTheListAreRead() async throws {
        let server = try ScriptedServer { request, connection in
            let more = request.target.contains("next_page_token=2") ? "" : #""nextPageToken": "2","#
            try connection.respond(200, body: #"{\#(more) "models": [{"modelName": "m", "modelUrl": "m.mar"}]}"#)
        }
        #expect(try await client(server).models().count == 2)
        #expect(server.requests.map(\.target) == ["/models?limit=100", "/models?limit=100&next_page_token=2"])
    }

    @Test func aServerThatHangsMeetsTheDeadline() async throws {
        let server = try ScriptedServer { _, connection in try connection.stall() }
        let client = try client(server)
        let error = await #expect(throws: TransportError.self) {
            try await client.predict(model: "echo", body: .bytes([1]), timeout: .milliseconds(300))
        }
        #expect(error?.kind == .timeout)
        #expect(error.map { LabError(torchServe: $0).code } == .torchserveTimeout)
    }

    @Test func aServerThatHangsInTheBodyMeetsTheDeadline() async throws {
        let server = try ScriptedServer { _, connection in
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
            try connection.stall()
        }
        let client = try client(server)
        let error = await #expect(throws: TransportError.self) { try await client.describe("echo", timeout: .milliseconds(300)) }
        #expect(error?.kind == .timeout)
    }

    @Test(arguments: [
        (503, TorchServeAnswers.noWorker, "torchserve.overloaded"),
        (503, TorchServeAnswers.predictionFailed, "torchserve.predictionFailed"),
        (500, TorchServeAnswers.workerDied, "torchserve.workerDied"), (400, TorchServeAnswers.invalidKey, "torchserve.token"),
        (413, "", "torchserve.tooLarge"), (502, "<html>bad gateway</html>", "torchserve.failed"),
    ])
    func refusalsKeepStatusTypeAndWords(status: Int, body: String, code: String) async throws {
        let server = try answering(status, body)
        let client = try client(server)
        let error = await #expect(throws: TorchServeError.self) { try await client.predict(model: "echo", body: .bytes([1])) }
        #expect(error?.status == status)
        // The captured key has a date; what is asked here is not whether that has passed.
        #expect(error.map { LabError(torchServe: $0).codeText } == code)
    }

    @Test func aClosedManagementAPIIsRecognised() async throws {
        let server = try answering(405, TorchServeAnswers.notAllowed)
        let client = try client(server)
        let error = await #expect(throws: TorchServeError.self) { try await client.unregister("echo") }
        #expect(error.map { LabError(torchServe: $0).code } == .torchserveApiDisabled)
    }

    @Test func anotherProgramOnThePortIsRecognised() async throws {
        let server = try answering(200, "<html>hello</html>")
        let client = try client(server)
        let error = await #expect(throws: TorchServeProtocolError.self) { try await client.ping() }
        #expect(error.map { LabError(torchServe: $0).code } == .torchserveProtocol)
    }

    @Test func aDeadPortIsUnreachable() async throws {
        let server = try answering(200, "")
        let client = try client(server)
        server.stop()
        let error = await #expect(throws: TransportError.self) { try await client.ping() }
        #expect(error.map { LabError(torchServe: $0).code } == .torchserveUnreachable)
    }

    @Test func waitingEndsWithTheTimeAndNamesTheLastFailure() async throws {
        let server = try answering(200, TorchServeAnswers.description(status: "LOADING"))
        let client = try client(server)
        let slow = await #expect(throws: LabError.self) {
            try await client.waitReady("echo", within: .milliseconds(300), every: .milliseconds(20))
        }
        #expect(slow?.code == .torchserveNotReady)
        server.stop()
        let dead = await #expect(throws: LabError.self) {
            try await client.waitReady("echo", within: .seconds(3), every: .milliseconds(500))
        }
        #expect(dead?.code == .torchserveNotReady)
        #expect(dead?.cause?.hasPrefix("torchserve.unreachable") == true)
    }

    @Test func waitingLooksAgainUntilAWorkerIsReady() async throws {
        let looks = Counter()
        let server = try ScriptedServer { _, connection in
            looks.add()
            try connection.respond(200, body: TorchServeAnswers.description(status: looks.value < 4 ? "LOADING" : "READY"))
        }
        let model = try await client(server).waitReady("echo", within: .seconds(60), every: .milliseconds(5))
        #expect(model.readyWorkers == 1)
        #expect(server.requests.count == 4)
    }

    @Test func waitingIsCancelledAtOnce() async throws {
        let server = try ScriptedServer { _, connection in try connection.stall() }
        let client = try client(server)
        let task = Task { try await client.waitReady("echo", within: .seconds(60)) }
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
