import Diagnosis
import HTTPTransport
import LabFile
import LabSupport

/// What ailab itself needs to send requests to engines and servers.
enum TransportProbes {
    static let all: [Probe] = [
        Probe(
            "transport.library", Text(en: "Request library", zh: "网络请求库"), causes: ["libcurl-missing"], look: library)
    ]

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
        // A library that's too old is already installed, so the general cure, which installs it, doesn't help.
        let isOld = failure.hint == CurlLibrary.update
        return await scene.found(
            "libcurl-missing", failure.message, evidence: evidence, concerns: [.engine], first: isOld ? [Remedy(CurlLibrary.update)] : []
        ) { _ in !isOld }
    }
}
