/// What ailab itself needs to speak to engines and servers.
enum TransportProbes {
    static let all: [Probe] = [
        Probe(
            "transport.library", Text(en: "The library for requests", zh: "网络请求库"), causes: ["libcurl-missing"], look: library)
    ]

    /// What goes through libcurl: build contexts, stand-ins, the model server, and an engine that is not at a socket.
    private static func concerns(_ scene: DoctorScene) -> [LabConcern] {
        let isAtSocket = scene.discovery.candidates.allSatisfy { if case .success(.unix) = $0.endpoint { true } else { false } }
        guard isAtSocket else { return [.engine] }
        return (scene.concerns?.builds ?? []).map { .build($0) } + (scene.spec?.images ?? []).map { .image($0.name) }
            + (scene.spec?.servers ?? []).map { .server($0.name) }
    }

    private static func library(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let failure = await BlockingCall.run { () -> LabError? in
            do throws(LabError) {
                try CurlLibrary.load()
                return nil
            } catch {
                return error
            }
        }
        guard let failure else { return .good(Text(verbatim: CurlLibrary.version)) }
        let evidence = [failure.message] + (failure.cause.map { [Text(verbatim: $0)] } ?? [])
        return await scene.found("libcurl-missing", failure.message, evidence: evidence, concerns: concerns(scene))
    }
}
