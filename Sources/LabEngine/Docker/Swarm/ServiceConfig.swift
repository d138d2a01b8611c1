/// The settings of a replicated service. The swarm's name server leads its name to its healthy containers, in turns.
package struct ServiceConfig: Sendable, Equatable {
    /// A command that says in the container whether it can serve.
    package struct HealthCheck: Sendable, Equatable {
        /// The program and its arguments. It succeeds if the container can serve.
        package var command: [String]
        /// Between two checks.
        package var interval: Duration
        /// Of one check.
        package var timeout: Duration
        /// So many checks in a row must fail.
        package var retries: Int
        /// Before that, a failed check doesn't count.
        package var start: Duration

        package init(command: [String], interval: Duration, timeout: Duration, retries: Int, start: Duration) {
            self.command = command
            self.interval = interval
            self.timeout = timeout
            self.retries = retries
            self.start = start
        }
    }

    /// Unique in the swarm. Other containers of its network find it by this name.
    package var name: String
    /// One of its containers. Ports, GPUs, the hostname and everything about terminals don't apply.
    package var container: ContainerConfig
    /// How many containers run at the same time.
    package var replicas: Int
    /// The network that leads to it.
    package var network: String
    /// Nil: a container that runs counts as one that can serve, also if the image has a health check.
    package var health: HealthCheck?
    /// The labels of the service itself. Its containers have those of `container`.
    package var labels: [String: String]
    /// The ID of the node that makes all its containers. Nil: any node.
    package var node: String?

    package init(
        name: String, container: ContainerConfig, replicas: Int, network: String, health: HealthCheck?, labels: [String: String]
    ) {
        self.name = name
        self.container = container
        self.replicas = replicas
        self.network = network
        self.health = health
        self.labels = labels
    }
}

extension ServiceConfig {
    /// A container that ended is replaced after this time.
    package static let restartDelay = Duration.seconds(1)
    /// How long an update watches its last container before it's complete.
    package static let monitor = Duration.seconds(2)
    /// How long a container may take to finish its work.
    package static let stopGrace = Duration.seconds(30)

    /// The body of `POST /services/create`.
    var wire: ServiceWire {
        let check = health.map { health in
            ServiceWire.Health(
                test: ["CMD"] + health.command, interval: health.interval.inNanoseconds, timeout: health.timeout.inNanoseconds,
                retries: health.retries, startPeriod: health.start.inNanoseconds)
        }
        let spec = ServiceWire.Container(
            // The API's names differ from those of a container: `Command` is the entry point, and `Args` the command.
            image: container.image, command: container.entrypoint, args: container.command,
            env: container.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }, user: container.user,
            labels: container.labels, mounts: container.mounts.map(\.wire), healthcheck: check ?? ServiceWire.Health(test: ["NONE"]),
            stopGracePeriod: Self.stopGrace.inNanoseconds, init: container.usesInit ? true : nil)
        let limits = ServiceWire.Limits(
            nanoCPUs: container.nanoCPUs, memoryBytes: container.memory)
        return ServiceWire(
            name: name, labels: labels,
            taskTemplate: ServiceWire.Template(
                containerSpec: spec, resources: ServiceWire.Resources(limits: limits),
                restartPolicy: ServiceWire.Restart(condition: "any", delay: Self.restartDelay.inNanoseconds),
                networks: [ServiceWire.Network(target: network)],
                placement: node.map { ServiceWire.Placement(constraints: ["node.id==\($0)"]) }),
            mode: ServiceWire.Mode(replicated: ServiceWire.Mode.Replicated(replicas: replicas)),
            // The new container must serve before an old one ends. If it doesn't get there, the old version stays.
            updateConfig: ServiceWire.Update(
                parallelism: 1, order: "start-first", failureAction: "rollback", monitor: Self.monitor.inNanoseconds),
            // The swarm's own load balancer needs IP_VS in the kernel. Its name server doesn't.
            endpointSpec: ServiceWire.Endpoint(mode: "dnsrr"))
    }
}

extension Duration {
    /// The engine's unit in descriptions of services.
    fileprivate var inNanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}

/// The create request in the engine's terms.
struct ServiceWire: Encodable {
    var name: String
    var labels: [String: String]
    var taskTemplate: Template
    var mode: Mode
    var updateConfig: Update
    var endpointSpec: Endpoint

    struct Template: Encodable {
        var containerSpec: Container
        var resources: Resources
        var restartPolicy: Restart
        var networks: [Network]
        var placement: Placement?
    }

    struct Placement: Encodable {
        var constraints: [String]
    }

    struct Container: Encodable {
        var image: String
        var command: [String]?
        var args: [String]?
        var env: [String]
        var user: String?
        var labels: [String: String]
        var mounts: [ContainerWire.MountPoint]
        var healthcheck: Health
        var stopGracePeriod: Int64
        var `init`: Bool?
    }

    struct Health: Encodable {
        var test: [String]
        var interval: Int64?
        var timeout: Int64?
        var retries: Int?
        var startPeriod: Int64?
    }

    struct Resources: Encodable {
        var limits: Limits
    }

    struct Limits: Encodable {
        var nanoCPUs: Int64?
        var memoryBytes: Int64?
    }

    struct Restart: Encodable {
        var condition: String
        var delay: Int64
    }

    struct Network: Encodable {
        var target: String
    }

    struct Mode: Encodable {
        var replicated: Replicated

        struct Replicated: Encodable {
            var replicas: Int
        }
    }

    struct Update: Encodable {
        var parallelism: Int
        var order: String
        var failureAction: String
        var monitor: Int64
    }

    struct Endpoint: Encodable {
        var mode: String
    }
}
