import FoundationEssentials
import HTTPTransport

extension DockerClient {
    /// What BuildKit keeps to build faster: layers, downloads, contexts. Empty on engines without it.
    package func buildCache() async throws -> [DiskUsage.CacheRecord] {
        // Without the filter, which older engines lack, the engine also measures all images and volumes.
        let query: HTTPQuery = version >= APIVersion(major: 1, minor: 42) ? ["type": "build-cache"] : [:]
        let usage: DiskUsage = try await value(
            DockerCall(
                operation: .engine("disk usage"), method: "GET", path: "/system/df", query: query, deadline: .work,
                newestVersion: Self.newestDiskUsage))
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
    /// When it was made, in seconds since 1970. Nil if the text can't be read.
    ///
    /// The engine's text has up to nine decimals, which the parser doesn't read, and the time zone of older daemons is their own.
    package var createdAt: Double? {
        guard let text = created, text.utf8.count > 19 else { return nil }
        let seconds = text.prefix(19)
        var zone = text.dropFirst(19)
        var fraction = 0.0
        if zone.first == "." {
            let decimals = zone.dropFirst().prefix { $0.isNumber }
            fraction = Double("0.\(decimals)") ?? 0
            zone = zone.dropFirst(1 + decimals.count)
        }
        guard zone == "Z" || zone.count == 6, let date = try? Date(String(seconds + zone), strategy: .iso8601) else { return nil }
        return date.timeIntervalSince1970 + fraction
    }
}
