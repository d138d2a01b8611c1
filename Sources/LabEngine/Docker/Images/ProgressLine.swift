/// A message of the engine's progress streams, with only the fields that ailab reads.
package struct ProgressLine: Decodable, Sendable {
    var status: String?
    var id: String?
    var progressDetail: Detail?
    var stream: String?
    var error: String?
    var errorDetail: ErrorDetail?
    var aux: Aux?

    struct Detail: Decodable, Sendable {
        var current: Int64?
        var total: Int64?
    }

    struct ErrorDetail: Decodable, Sendable {
        var code: Int?
        var message: String?
    }

    /// An object with an image's id, or BuildKit's progress in Base64.
    struct Aux: Decodable, Sendable {
        var id: String?
        var trace: String?

        private enum CodingKeys: String, CodingKey { case id = "ID" }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                trace = text
            } else {
                id = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .id)
            }
        }
    }

    /// The failure that the line reports, or nil.
    func failure(_ operation: DockerOperation) -> DockerError? {
        guard error != nil || errorDetail != nil else { return nil }
        let message = (errorDetail?.message ?? error ?? "").trimmingWhitespace()
        // One field has two meanings: an instruction's exit code, or the status of a registry's response.
        let code = errorDetail?.code ?? 0
        return DockerError(
            operation: operation, status: code >= 400 ? code : nil, message: message, exitCode: (1...255).contains(code) ? code : nil)
    }

    /// The pull event that the line reports, or nil.
    var pullEvent: PullEvent? {
        guard let status, !status.isEmpty else { return nil }
        if let id, id.count == 12, id.allSatisfy(\.isHexDigit) {
            let counted = progressDetail
            return .layer(id: id, phase: LayerPhase(rawValue: status), current: counted?.current, total: counted?.total)
        }
        let digest = "Digest: "
        if status.hasPrefix(digest) { return .digest(String(status.dropFirst(digest.count))) }
        return .message(id.map { "\($0): \(status)" } ?? status)
    }
}
