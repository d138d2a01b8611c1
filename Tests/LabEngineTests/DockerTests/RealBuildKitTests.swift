import ContainerEngine
import Foundation
import HTTPTransport
import LabSupport
import TestSupport
import Testing

@Suite("Docker, real engine: builds by BuildKit", .tags(.engine), .needsOfTags, .timeLimit(.minutes(3)))
struct RealBuildKitTests {
    private static func isThere(_ engine: RealEngine) -> Bool {
        ImageBuilder(ping: engine.docker.ping, environment: ["DOCKER_BUILDKIT": "1"])?.kind == .buildKit
    }

    @Test("A build makes an image with its names, labels and arguments; the second one comes from the cache; a cache isn't in the image")
    func build() async throws {
        try await RealEngine.with("buildkit") { engine in
            guard Self.isThere(engine) else { return print("This engine has no BuildKit.") }
            let dockerfile = """
                FROM \(RealEngine.base)
                ARG WHO=nobody
                COPY greeting /greeting
                RUN --mount=type=cache,target=/kept echo $WHO >> /greeting; echo x > /kept/x; cat /greeting
                RUN test ! -e /kept/x
                """
            engine.removesAtEnd(image: "\(engine.id):1")
            var options = BuildOptions(tags: ["\(engine.id):1"], labels: engine.labels)
            options.arguments = ["WHO": "world & co \(engine.id)"]
            var id: String?
            var output = ""
            var cached = 0
            for round in 1...2 {
                let context = RealBuildTests.context(dockerfile, ["greeting": "hello "])
                for try await event in try await engine.docker.buildImage(options, buildKitID: "\(engine.id)-\(round)", context: context) {
                    switch event {
                    case .image(let made): id = made
                    case .output(_, _, let bytes, _): output += String(decoding: bytes, as: UTF8.self)
                    case .ended(let step, .cached) where round == 2 && step.place?.index ?? 1 > 1: cached += 1
                    case .began, .ended, .pull, .warning, .notice: break
                    }
                }
            }
            let image = try await engine.docker.inspectImage("\(engine.id):1")
            #expect(image.id == id)
            #expect(image.config.labels?[RealEngine.label] == engine.id)
            #expect(output == "hello world & co \(engine.id)\n")
            #expect(cached == 3)
        }
    }

    @Test("A failing build tells its instruction and its exit code")
    func failing() async throws {
        try await RealEngine.with("buildkit-fail") { engine in
            guard Self.isThere(engine) else { return print("This engine has no BuildKit.") }
            let context = RealBuildTests.context("FROM \(RealEngine.base)\nRUN echo bad >&2; exit 9\n")
            let events = try await engine.docker.buildImage(BuildOptions(tags: [engine.id]), buildKitID: engine.id, context: context)
            var seen: [BuildKitEvent] = []
            let error = await #expect(throws: DockerError.self) { for try await event in events { seen.append(event) } }
            #expect(error?.exitCode == 9)
            #expect(error?.instruction == "RUN echo bad >&2; exit 9")
            #expect(seen.contains { if case .output(_, .stderr, let bytes, _) = $0 { bytes == Array("bad\n".utf8) } else { false } })
        }
    }

    @Test("A cancelled build ends on the engine")
    func cancelling() async throws {
        try await RealEngine.with("buildkit-cancel") { engine in
            guard Self.isThere(engine) else { return print("This engine has no BuildKit.") }
            let mark = "300.\(UInt16.random(in: 100 ... .max))"
            let context = RealBuildTests.context("FROM \(RealEngine.base)\nRUN echo begun; sleep \(mark)\n")
            let events = try await engine.docker.buildImage(BuildOptions(tags: [engine.id]), buildKitID: engine.id, context: context)
            let error = await #expect(throws: (any Error).self) {
                for try await event in events {
                    if case .output = event { try await engine.docker.cancelBuild(engine.id) }
                }
            }
            #expect(error is DockerError)
            func sleeps() -> Bool {
                Files.names(in: "/proc").contains { name in
                    Int(name) != nil
                        && (try? Files.read("/proc/\(name)/cmdline")).map { String(decoding: $0, as: UTF8.self).contains("\(mark)\0") }
                            == true
                }
            }
            for _ in 0..<100 where sleeps() { try await Task.sleep(for: .milliseconds(100)) }
            #expect(!sleeps())
        }
    }
}
