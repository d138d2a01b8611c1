import HTTPTransport

extension DockerClient {
    /// The engine's description of itself.
    package func info() async throws -> EngineInfo {
        try await value(DockerCall(operation: .engine("info"), method: "GET", path: "/info"))
    }

    /// The versions of the engine and its parts.
    package func engineVersion() async throws -> EngineVersion {
        try await value(DockerCall(operation: .engine("version"), method: "GET", path: "/version"))
    }

    /// The newest version whose disk usage lists the objects. Later ones only count them, unless asked otherwise:
    /// https://docs.docker.com/reference/api/engine/version-history/
    static let newestDiskUsage = APIVersion(major: 1, minor: 51)

    /// The engine's disk usage. The engine has to walk its files, which takes seconds if there are many images.
    package func diskUsage() async throws -> DiskUsage {
        try await value(
            DockerCall(
                operation: .engine("disk usage"), method: "GET", path: "/system/df", deadline: .work,
                newestVersion: Self.newestDiskUsage))
    }

    /// The engine's events from now on, or since `since` (seconds since 1970). `until` ends the stream. Filters by the kind of object
    /// (`container`, `image`) and by labels.
    package func events(
        kinds: [String] = [], labels: [String] = [], since: String? = nil, until: String? = nil
    ) async throws -> JSONLines<DockerEvent> {
        var filters: [String: [String]] = [:]
        if !kinds.isEmpty { filters["type"] = kinds }
        if !labels.isEmpty { filters["label"] = labels }
        var query: HTTPQuery = ["since": since, "until": until]
        if !filters.isEmpty { query.append("filters", try Self.jsonText(filters)) }
        let call = DockerCall(operation: .engine("events"), method: "GET", path: "/events", query: query, deadline: .stream)
        return JSONLines(try await open(call).body)
    }
}
