import FoundationEssentials
import HTTPTransport

extension DockerClient {
    /// What BuildKit keeps to build faster: layers, downloads, contexts. Empty on engines without it.
    package func buildCache() async throws -> [DiskUsage.CacheRecord] {
        // Without the filter, which older engines lack, the engine also measures all images and volumes.
        let query: HTTPQuery = version >= APIVersion(major: 1, minor: 42) ? ["type": "build-cache"] : [:]
        let usage: DiskUsage = try await value(
            DockerCall(operation: .engine("disk usage"), method: "GET", path: "/system/df", query: query, deadline: .work))
        return usage.buildCache ?? []
    }

    /// Removes one record of that cache. A record that something uses stays, without an error.
    package func removeBuildCache(_ id: String) async throws {
        let query: HTTPQuery = ["filters": try Self.jsonText(["id": [id]]), "all": "1"]
        try await perform(
            DockerCall(operation: .engine("build cache"), method: "POST", path: "/build/prune", query: query, deadline: .work))
    }
}

extension DiskUsage.CacheRecord {
    /// When it was made, in seconds since 1970. The engine's text has up to nine decimals, which the parser doesn't read.
    package var createdAt: Double? {
        guard let text = created, let end = text.firstIndex(where: { $0 == "." || $0 == "Z" }) else { return nil }
        guard let date = try? Date(text[..<end] + "Z", strategy: .iso8601) else { return nil }
        let decimals = text[end...].dropFirst().prefix { $0.isNumber }
        return date.timeIntervalSince1970 + (decimals.isEmpty ? 0 : Double("0.\(decimals)") ?? 0)
    }
}
