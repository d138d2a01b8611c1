/// A container's current state, or how it ended.
package struct ContainerState: Decodable, Sendable, Equatable {
    package var status: ContainerStatus
    package var isRunning: Bool
    package var exitCode: Int
    /// Whether the kernel killed one of its processes because memory ran out.
    package var wasOutOfMemory: Bool
    /// Why the container could not start, in the engine's words. Empty if it did start.
    package var error: String
    /// The first process's ID on the host, or 0 if the container is not running.
    package var pid: Int
    /// RFC 3339. Year 1 if the container never started.
    package var startedAt: String
    package var finishedAt: String

    private enum CodingKeys: String, CodingKey {
        case status = "Status"
        case isRunning = "Running"
        case exitCode = "ExitCode"
        case wasOutOfMemory = "OOMKilled"
        case error = "Error"
        case pid = "Pid"
        case startedAt = "StartedAt"
        case finishedAt = "FinishedAt"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        status = try fields.decode(ContainerStatus.self, forKey: .status)
        isRunning = try fields.decodeIfPresent(Bool.self, forKey: .isRunning) ?? (status == .running)
        exitCode = try fields.decodeIfPresent(Int.self, forKey: .exitCode) ?? 0
        wasOutOfMemory = try fields.decodeIfPresent(Bool.self, forKey: .wasOutOfMemory) ?? false
        error = try fields.decodeIfPresent(String.self, forKey: .error) ?? ""
        pid = try fields.decodeIfPresent(Int.self, forKey: .pid) ?? 0
        startedAt = try fields.decodeIfPresent(String.self, forKey: .startedAt) ?? ""
        finishedAt = try fields.decodeIfPresent(String.self, forKey: .finishedAt) ?? ""
    }
}
