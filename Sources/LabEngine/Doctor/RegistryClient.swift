import ContainerEngine
import HTTPTransport
import LabSupport

/// The part of the registry protocol that asks for an image: https://distribution.github.io/distribution/spec/api/
struct RegistryClient: Sendable {
    /// `https://registry-1.docker.io`, with a mirror's path.
    let place: String
    let asker: ReachAsker

    private static let kinds = [
        "application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.manifest.v1+json",
    ].joined(separator: ", ")

    func manifest(_ reference: String) async -> Reach {
        let image = ImageReference(reference)
        let path = image.repository.contains("/") ? image.repository : "library/\(image.repository)"
        let url = "\(place)/v2/\(path)/manifests/\(image.digest ?? image.tag ?? "latest")"
        do {
            let head = try await asker.head(url, method: "HEAD", headers: ["Accept": Self.kinds])
            guard head.status == 401, let challenge = head.headers["Www-Authenticate"].flatMap(BearerChallenge.init) else {
                return ReachAsker.reach(head)
            }
            guard let token = try await token(challenge, path) else { return ReachAsker.reach(head) }
            let headers: HTTPHeaders = ["Accept": Self.kinds, "Authorization": "Bearer \(token)"]
            return ReachAsker.reach(try await asker.head(url, method: "HEAD", headers: headers))
        } catch {
            return asker.failure(error, url)
        }
    }

    /// A token for anonymous requests.
    private func token(_ challenge: BearerChallenge, _ path: String) async throws -> String? {
        let query: HTTPQuery = ["service": challenge.service, "scope": "repository:\(path):pull"]
        let response = try await asker.http.send(try asker.request(challenge.realm + query.encoded))
        let body = JSONValue(try await response.body.collect(limit: 1 << 20))
        return (body?.at("/token") ?? body?.at("/access_token"))?.scalar
    }
}
