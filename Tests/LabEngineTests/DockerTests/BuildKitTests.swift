import Foundation
import TestSupport
import Testing

@testable import ContainerEngine
@testable import LabSupport

@Suite("Docker: what BuildKit reports")
struct BuildKitTests {
    /// A recorded stream of a build.
    static func lines(_ name: String) throws -> [[UInt8]] {
        let folder = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Fixtures/buildkit"
        return try Files.read("\(folder)/\(name).jsonl").split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    static func events(_ lines: [[UInt8]]) throws -> (events: [BuildKitEvent], error: DockerError?) {
        var interpreter = BuildKitInterpreter(.build("x:1"))
        var events: [BuildKitEvent] = []
        for line in lines {
            do {
                events += try interpreter.read(try JSONDecoder().decode(ProgressLine.self, from: Data(line)))
            } catch let error as DockerError { return (events, error) }
        }
        return (events, nil)
    }

    @Test(
        "The time of a cache record is read in every zone",
        arguments: [
            ("2026-11-28T12:00:00Z", 1_795_867_200), ("2026-11-28T12:00:00.5Z", 1_795_867_200.5),
            ("2026-11-28T20:00:00.500000001+08:00", 1_795_867_200.5), ("2026-11-28T08:30:00-03:30", 1_795_867_200),
        ])
    func times(text: String, seconds: Double) throws {
        let record = try JSONDecoder().decode(DiskUsage.CacheRecord.self, from: Data(#"{"CreatedAt": "\#(text)"}"#.utf8))
        #expect(abs(try #require(record.createdAt) - seconds) < 0.001)
    }

    @Test("A time that can't be read is nobody's", arguments: ["", "yesterday", "2026-11-28T12:00:00", "2026-11-28T12:00:00+8"])
    func unreadableTime(text: String) throws {
        let record = try JSONDecoder().decode(DiskUsage.CacheRecord.self, from: Data(#"{"CreatedAt": "\#(text)"}"#.utf8))
        #expect(record.createdAt == nil)
    }

    @Test("A trace that can't be read doesn't end a build") func unreadableTrace() throws {
        for trace in ["not base64!", "/////w=="] {
            let line = Array(#"{"id":"moby.buildkit.trace","aux":"\#(trace)"}"#.utf8)
            let (events, error) = try Self.events([line])
            #expect(events.isEmpty && error == nil)
        }
    }

    @Test("A build of three stages: each instruction begins and ends once, with its place, output and remarks")
    func stages() throws {
        let (events, error) = try Self.events(try Self.lines("stages"))
        #expect(error == nil)
        var began: [BuildKitStep] = []
        var ended: [BuildKitStep: BuildKitEnd] = [:]
        var output: [String: String] = [:]
        var warnings: [BuildKitWarning] = []
        for event in events {
            switch event {
            case .began(let step): began.append(step)
            case .ended(let step, let end):
                #expect(began.contains(step) && ended[step] == nil)
                ended[step] = end
            case .output(let step, let channel, let bytes, _):
                output["\(step.words) \(channel)", default: ""] += String(decoding: bytes, as: UTF8.self)
            case .warning(let warning): warnings.append(warning)
            case .pull, .notice, .image: break
            }
        }
        #expect(Set(began).count == began.count && began.count == ended.count)
        let instructions = began.filter { $0.place != nil }
        #expect(instructions.count == 7)
        let first = try #require(instructions.first { $0.place?.stage == "one" })
        #expect(first.place == BuildKitStep.Place(stage: "one", index: 2, count: 2) && first.words == "RUN echo hello; sleep 1; echo one")
        if case .done(let seconds) = ended[first] { #expect(seconds > 1) } else { Issue.record("\(ended)") }
        #expect(output["RUN echo hello; sleep 1; echo one stdout"] == "hello\none\n")
        #expect(output["RUN echo two; sleep 1; echo two again >&2 stderr"] == "two again\n")
        #expect(warnings.map(\.line) == [3, 4, 15])
        #expect(warnings.first?.text.hasPrefix("FromAsCasing") == true)
        #expect(events.last == .image(id: "sha256:64e7e60ea7ac1e08afed203b21c49003727705fd636d2f119697a82c6b61b550"))
    }

    @Test("Instructions from the cache are marked")
    func cached() throws {
        let events = try Self.events(try Self.lines("cached")).events
        let ended = events.compactMap { event -> BuildKitEnd? in
            if case .ended(let step, let end) = event, step.place?.index ?? 1 > 1 { end } else { nil }
        }
        #expect(ended.count == 6 && ended.allSatisfy { $0 == .cached })
    }

    @Test("A failure has the instruction and the exit code", arguments: ["failing", "docker-20.10"])
    func failing(name: String) throws {
        let (events, error) = try Self.events(try Self.lines(name))
        #expect(error?.exitCode == 7 && error?.instruction == "RUN exit 7" && error?.status == nil)
        #expect(events.contains { if case .ended(let step, .failed) = $0 { step.place?.index == 6 } else { false } })
    }

    @Test(
        "Names of steps",
        arguments: [
            ("[2/6] RUN make", "RUN make", BuildKitStep.Place(index: 2, count: 6)),
            ("[build  2/12] COPY a b", "COPY a b", BuildKitStep.Place(stage: "build", index: 2, count: 12)),
            ("[linux/arm64->amd64 build 1/3] FROM x", "FROM x", BuildKitStep.Place(stage: "build", index: 1, count: 3)),
            ("[internal] load metadata for x", "[internal] load metadata for x", nil),
            ("[0/3] RUN a", "[0/3] RUN a", nil), ("[4/3] RUN a", "[4/3] RUN a", nil), ("[1/-3] RUN a", "[1/-3] RUN a", nil),
            ("[", "[", nil),
            ("", "", nil),
        ])
    func names(name: String, words: String, place: BuildKitStep.Place?) {
        #expect(BuildKitStep(id: "x", name: name) == BuildKitStep(id: "x", words: words, place: place))
    }

    @Test(
        "An engine's builder",
        arguments: [
            (
                PingInfo(apiVersion: APIVersion("1.51"), server: "Docker/28.5.2", builderVersion: "2"), [:],
                ImageBuilder(.buildKit, release: 17)
            ),
            (
                PingInfo(apiVersion: APIVersion("1.51"), server: "Docker/28.5.2", builderVersion: "2"), ["DOCKER_BUILDKIT": "0"],
                ImageBuilder(.classic, release: 51)
            ),
            (PingInfo(apiVersion: APIVersion("1.41"), server: "Docker/20.10.24"), [:], ImageBuilder(.classic, release: 41)),
            (
                PingInfo(apiVersion: APIVersion("1.41"), server: "Docker/20.10.24"), ["DOCKER_BUILDKIT": "1"],
                ImageBuilder(.buildKit, release: 2)
            ),
            (
                PingInfo(apiVersion: APIVersion("1.40"), server: "Docker/19.03.5"), ["DOCKER_BUILDKIT": "1"],
                ImageBuilder(.classic, release: 40)
            ),
            (
                PingInfo(apiVersion: APIVersion("1.51"), osType: "windows", server: "Docker/28.5.2", builderVersion: "2"), [:],
                ImageBuilder(.classic, release: 51)
            ),
            (
                PingInfo(apiVersion: APIVersion("1.44"), server: "Libpod/5.8.6", builderVersion: "1", buildahVersion: "1.43.2"),
                ["DOCKER_BUILDKIT": "1"],
                ImageBuilder(.buildah, release: 43)
            ),
            (PingInfo(server: "Something/1"), [:], nil),
        ] as [(PingInfo, [String: String], ImageBuilder?)])
    func builders(ping: PingInfo, environment: [String: String], builder: ImageBuilder?) {
        #expect(ImageBuilder(ping: ping, environment: environment) == builder)
    }
}

@Suite("Docker: protobuf")
struct ProtobufReaderTests {
    private static func fields(_ bytes: [UInt8]) throws -> [ProtobufReader.Field] {
        var reader = ProtobufReader(bytes[...])
        var fields: [ProtobufReader.Field] = []
        while let field = try reader.next() { fields.append(field) }
        return fields
    }

    @Test("Each wire type, and the limits of numbers")
    func values() throws {
        #expect(try Self.fields([]) == [])
        #expect(try Self.fields([0x08, 0x96, 0x01]) == [.init(number: 1, value: .varint(150))])
        #expect(try Self.fields([0x12, 0x02, 0x68, 0x69]) == [.init(number: 2, value: .bytes([0x68, 0x69]))])
        #expect(try Self.fields([0x19, 1, 0, 0, 0, 0, 0, 0, 0x80]) == [.init(number: 3, value: .fixed64(0x8000_0000_0000_0001))])
        #expect(try Self.fields([0x25, 1, 2, 3, 0xFF]) == [.init(number: 4, value: .fixed32(0xFF03_0201))])
        let most = try Self.fields([0x08] + Array(repeating: 0xFF, count: 9) + [0x01])
        #expect(most == [.init(number: 1, value: .varint(.max))] && most[0].value.number == -1)
        #expect(try Self.fields([0xF8, 0xFF, 0xFF, 0xFF, 0x0F, 0x00]).first?.number == (1 << 29) - 1)
    }

    @Test(
        "What isn't protobuf is refused, and never read beyond its end",
        arguments: [
            ([0x08], .truncated), ([0x08, 0x80], .truncated), ([0x12, 0x05, 0x61], .truncated), ([0x19, 1, 2], .truncated),
            ([0x25, 1], .truncated),
            ([0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], .truncated),
            ([0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], .truncated),
            ([0x08] + [UInt8](repeating: 0x80, count: 10) + [0x01], .varint),
            ([0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x02], .varint),
            ([0x00, 0x00], .fieldNumber), ([0x80, 0x80, 0x80, 0x80, 0x10, 0x00], .fieldNumber), ([0x0B], .wireType), ([0x0C], .wireType),
            ([0x0E], .wireType), ([0x0F], .wireType),
        ] as [([UInt8], ProtobufError)])
    func malformed(bytes: [UInt8], error: ProtobufError) {
        #expect(throws: error) { try Self.fields(bytes) }
    }

    @Test("A status with fields of a later version, and with strings that aren't UTF-8")
    func later() throws {
        let vertex: [UInt8] = [0x0A, 0x02, 0x61, 0x62, 0x1A, 0x01, 0xFF, 0xA0, 0x06, 0x01, 0x20, 0x01, 0x2A, 0x04, 0x08, 0x02, 0x10, 0x05]
        let status = try BuildKitStatus([0x0A, UInt8(vertex.count)] + vertex + [0x7A, 0x00])
        #expect(status.vertexes.count == 1)
        #expect(
            status.vertexes.first?.digest == "ab" && status.vertexes.first?.name == "\u{FFFD}" && status.vertexes.first?.isCached == true)
        #expect(status.vertexes.first?.started == 2.000000005)
        // A number where a message should be.
        #expect(try BuildKitStatus([0x08, 0x01]) == BuildKitStatus([]))
    }

    @Test("Damaged messages and streams")
    func damaged() throws {
        let lines = try ["stages", "failing", "docker-20.10"].flatMap { try BuildKitTests.lines($0) }
        let messages = lines.compactMap { line in
            (try? JSONDecoder().decode(ProgressLine.self, from: Data(line)))?.aux?.trace.flatMap { Data(base64Encoded: $0) }.map {
                [UInt8]($0)
            }
        }
        #expect(messages.count > 50)
        var mutations = Mutations(for: "protobuf")
        mutations.run(3000, of: messages) { bytes in
            guard let status = try? BuildKitStatus(bytes) else { return }
            #expect(status.vertexes.count + status.logs.count + status.statuses.count + status.warnings.count <= bytes.count)
        }
        var streams = Mutations(for: "buildkit streams")
        streams.run(300, of: lines) { line in
            guard let value = try? JSONDecoder().decode(ProgressLine.self, from: Data(line)) else { return }
            var interpreter = BuildKitInterpreter(.build("x"))
            _ = try? interpreter.read(value)
            _ = try? interpreter.read(value)
        }
    }
}
