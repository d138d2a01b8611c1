/// A service of a swarm.
package struct SwarmService: Decodable, Sendable, Equatable {
    /// Stays the same in updates.
    package var id: String
    /// Unique in the swarm.
    package var name: String
    /// The labels of the service, not those of its containers.
    package var labels: [String: String]
    /// Changes with each update.
    package var version: Int
    /// Nil before the first update.
    package var update: Update?

    /// How its newest update goes.
    package enum Update: Sendable, Equatable {
        case running
        case completed
        /// It failed, and was stopped or taken back. The engine's words.
        case failed(String)
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        let spec = try fields.decode(Spec.self, forKey: .spec)
        name = spec.name
        labels = spec.labels ?? [:]
        version = try fields.decode(Version.self, forKey: .version).index
        let status = try fields.decodeIfPresent(Status.self, forKey: .update)
        update = status?.state.flatMap { $0.isEmpty ? nil : Update($0, status?.message ?? "") }
    }

    private struct Spec: Decodable {
        var name: String
        var labels: [String: String]?

        private enum CodingKeys: String, CodingKey {
            case name = "Name"
            case labels = "Labels"
        }
    }

    private struct Version: Decodable {
        var index: Int

        private enum CodingKeys: String, CodingKey { case index = "Index" }
    }

    private struct Status: Decodable {
        var state: String?
        var message: String?

        private enum CodingKeys: String, CodingKey {
            case state = "State"
            case message = "Message"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id = "ID"
        case spec = "Spec"
        case version = "Version"
        case update = "UpdateStatus"
    }
}

extension SwarmService.Update {
    fileprivate init(_ state: String, _ message: String) {
        switch state {
        case "completed": self = .completed
        case "updating", "rollback_started": self = .running
        default: self = .failed("\(state): \(message)")
        }
    }
}

/// A container of a service, as the swarm plans it and as it is.
package struct ServiceTask: Decodable, Sendable, Equatable {
    package enum State: Sendable, Equatable {
        /// On its way to run.
        case starting
        /// It runs, and is healthy if it has a health check.
        case running
        /// The node could not make a container of it.
        case rejected
        /// It has ended.
        case ended
    }

    /// The task's ID, which isn't that of its container.
    package var id: String
    /// The ID of its service.
    package var service: String
    /// The replica that it is, from 1. A task that replaces another one has its number.
    package var slot: Int
    /// How far it is.
    package var state: State
    /// The swarm wants it to run.
    package var isWanted: Bool
    /// Why it didn't run, in the engine's words.
    package var error: String?
    /// The ID of its container. Nil before there is one.
    package var container: String?

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        service = try fields.decodeIfPresent(String.self, forKey: .service) ?? ""
        isWanted = try fields.decodeIfPresent(String.self, forKey: .wanted) == "running"
        let status = try fields.decodeIfPresent(Status.self, forKey: .status)
        slot = try fields.decodeIfPresent(Int.self, forKey: .slot) ?? 0
        state = State(status?.state ?? "")
        error = status?.error
        container = status?.container?.id.flatMap { $0.isEmpty ? nil : $0 }
    }

    private struct Status: Decodable {
        var state: String?
        var error: String?
        var container: Container?

        struct Container: Decodable {
            var id: String?

            private enum CodingKeys: String, CodingKey { case id = "ContainerID" }
        }

        private enum CodingKeys: String, CodingKey {
            case state = "State"
            case error = "Err"
            case container = "ContainerStatus"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id = "ID"
        case service = "ServiceID"
        case slot = "Slot"
        case wanted = "DesiredState"
        case status = "Status"
    }
}

extension ServiceTask {
    /// Why no replica will ever run: the node rejected each of them, and what should replace it, too. Nil while some may run.
    package static func rejected(in tasks: [ServiceTask], replicas: Int) -> ServiceTask? {
        guard !tasks.contains(where: { $0.state == .running || $0.state == .ended }) else { return nil }
        let rejected = tasks.filter { $0.state == .rejected }
        let times = Dictionary(grouping: rejected, by: \.slot).values.map(\.count)
        guard times.count >= replicas, times.allSatisfy({ $0 > 1 }) else { return nil }
        return rejected.first
    }

    /// The task itself asks for something that isn't there, so the node can make other containers.
    package var lacksItsFiles: Bool {
        ["no such image", "bind source path does not exist"].contains { (error ?? "").lowercased().contains($0) }
    }
}

extension ServiceTask.State {
    fileprivate init(_ word: String) {
        switch word {
        case "running": self = .running
        case "rejected": self = .rejected
        case "complete", "shutdown", "failed", "remove", "orphaned": self = .ended
        default: self = .starting
        }
    }
}
