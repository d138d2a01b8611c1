/// A sample as a page of metrics in the OpenMetrics text format, for Prometheus and compatible programs.
package struct OpenMetricsText {
    private struct Family {
        var kind: String
        var unit: String
        var help: String
        var lines: [String] = []
    }

    private var names: [String] = []
    private var families: [String: Family] = [:]

    package init(_ sample: TelemetrySample) {
        add(sample.host)
        for device in sample.gpu.devices { add(device) }
        for container in sample.containers.list { add(container) }
        for server in sample.servers { for model in server.models { add(model, server) } }
        for scheduler in sample.schedulers where scheduler.absence == nil { add(scheduler) }
        for request in sample.requests { add(request) }
        if let training = sample.training { add(training) }
    }

    /// The page.
    package var text: String {
        var text = ""
        for name in names {
            guard let family = families[name] else { continue }
            text += "# TYPE \(name) \(family.kind)\n"
            if !family.unit.isEmpty { text += "# UNIT \(name) \(family.unit)\n" }
            text += "# HELP \(name) \(family.help)\n" + family.lines.joined()
        }
        return text + "# EOF\n"
    }

    package static let contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    private mutating func gauge(_ name: String, _ value: Double?, unit: String = "", _ help: String, _ labels: [(String, String)] = []) {
        put("ailab_\(name)", "", value, Family(kind: "gauge", unit: unit, help: help), labels)
    }

    private mutating func counter(_ name: String, _ value: Double?, unit: String = "", _ help: String, _ labels: [(String, String)]) {
        put("ailab_\(name)", "_total", value, Family(kind: "counter", unit: unit, help: help), labels)
    }

    private mutating func put(_ name: String, _ suffix: String, _ value: Double?, _ family: Family, _ labels: [(String, String)]) {
        guard let value, value.isFinite else { return }
        if families[name] == nil {
            names.append(name)
            families[name] = family
        }
        let shown = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        families[name]?.lines.append("\(name)\(suffix)\(shown.isEmpty ? "" : "{\(shown)}") \(value)\n")
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    private mutating func add(_ host: HostSample?) {
        guard let host else { return }
        for (core, busy) in host.cores.enumerated() {
            gauge("host_cpu_busy_ratio", busy / 100, unit: "ratio", "Share of a core's time at work.", [("core", String(core))])
        }
        gauge("host_memory_used_bytes", host.memory?.used, unit: "bytes", "Memory in use.")
        gauge("host_memory_size_bytes", host.memory?.total, unit: "bytes", "Memory in all.")
        gauge("host_disk_free_bytes", host.disk.free, unit: "bytes", "Room below the workspace.")
        let waits = [
            ("cpu", host.pressure?.cpu), ("memory", host.pressure?.memory), ("io", host.pressure?.io),
        ]
        for (resource, share) in waits {
            gauge(
                "host_pressure_ratio", share.map { $0 / 100 }, unit: "ratio", "Share of the last ten seconds in which work waited.",
                [("resource", resource)])
        }
        gauge("host_memory_bandwidth_bytes_per_second", host.memoryBandwidth, "Bytes between memory and processors.")
    }

    private mutating func add(_ device: GPUSample) {
        let labels = [("gpu", String(device.index)), ("maker", device.maker.rawValue), ("name", device.name)]
        let ratio = { (percent: Double?) in percent.map { $0 / 100 } }
        gauge("gpu_busy_ratio", ratio(device.busy), unit: "ratio", "Share of the time in which a program was at work.", labels)
        gauge("gpu_memory_used_bytes", device.memoryUsed, unit: "bytes", "Memory in use.", labels)
        gauge("gpu_memory_size_bytes", device.memoryTotal, unit: "bytes", "Memory in all.", labels)
        gauge("gpu_power_watts", device.power, unit: "watts", "Power.", labels)
        gauge("gpu_temperature_celsius", device.temperature, unit: "celsius", "Temperature.", labels)
        gauge("gpu_clock_hertz", device.clock.map { $0 * 1e6 }, unit: "hertz", "Clock of the multiprocessors.", labels)
        gauge(
            "gpu_multiprocessors_active_ratio", ratio(device.activity?.multiprocessors), unit: "ratio",
            "Share of the multiprocessors with work.", labels)
        for reason in device.throttle {
            gauge("gpu_throttled", 1, "Why clocks are not higher.", labels + [("reason", reason.rawValue)])
        }
        for process in device.processes {
            let owner = [("pid", String(process.pid)), ("process", process.name ?? ""), ("container", process.container ?? "")]
            gauge("gpu_process_memory_bytes", process.memory, unit: "bytes", "Memory of a program on a GPU.", labels + owner)
        }
    }

    private mutating func add(_ container: ContainerSample) {
        let labels = [("container", container.name)]
        gauge("container_cpu_cores", container.cpu.map { $0 / 100 }, "Processors at work for it.", labels)
        gauge("container_cpu_limit_cores", container.cpuLimit.map { $0 / 100 }, "Processors that it may use.", labels)
        gauge(
            "container_throttled_ratio", container.throttled.map { $0 / 100 }, unit: "ratio",
            "Share of its scheduling periods in which its limit held it back.", labels)
        gauge("container_memory_used_bytes", container.memory, unit: "bytes", "Memory without page cache.", labels)
        gauge("container_memory_limit_bytes", container.memoryLimit, unit: "bytes", "Memory that it may use.", labels)
        gauge("container_processes", container.processes.map(Double.init), "Its processes and threads.", labels)
        for (direction, bytes) in [("received", container.network?.intoTotal), ("sent", container.network?.outTotal)] {
            counter("container_network_bytes", bytes, unit: "bytes", "Bytes over its network.", labels + [("direction", direction)])
        }
        for (direction, bytes) in [("read", container.disk?.intoTotal), ("written", container.disk?.outTotal)] {
            counter("container_disk_bytes", bytes, unit: "bytes", "Bytes from and to disks.", labels + [("direction", direction)])
        }
    }

    private mutating func add(_ model: ModelSample, _ server: ServerSample) {
        let labels = [("server", server.name), ("model", model.name), ("version", model.version ?? "")]
        gauge("model_ready_workers", model.readyWorkers.map(Double.init), "Workers that take requests.", labels)
        gauge("model_pending_requests", model.pending.map(Double.init), "Requests that wait for a worker.", labels)
        gauge("model_worker_memory_bytes", model.workerMemory, unit: "bytes", "Memory of its workers.", labels)
        counter("model_requests", model.requests, "Requests.", labels)
        gauge("model_queue_seconds", model.queueTime.map { $0 / 1000 }, unit: "seconds", "Mean wait for a worker.", labels)
        gauge("model_work_seconds", model.workTime.map { $0 / 1000 }, unit: "seconds", "Mean time with a worker.", labels)
    }

    private mutating func add(_ scheduler: SchedulerSample) {
        let labels = [("cluster", scheduler.name)]
        let totals = scheduler.totals
        for state in SchedulerNode.State.allCases {
            gauge("cluster_nodes", Double(totals.nodes(in: state)), "Nodes in a state.", labels + [("state", state.rawValue)])
        }
        gauge("cluster_gpus_used", totals.gpusUsed.map(Double.init), "GPUs that jobs have.", labels)
        gauge("cluster_gpus", totals.gpus.map(Double.init), "GPUs in all.", labels)
        gauge("cluster_processors_used", Double(totals.processorsUsed), "Processors that jobs have.", labels)
        gauge("cluster_processors", Double(totals.processors), "Processors in all.", labels)
        for (state, jobs) in [("running", totals.running), ("waiting", totals.waiting)] {
            gauge("cluster_jobs", Double(jobs), "Jobs in the queue.", labels + [("state", state)])
        }
        for reason in scheduler.reasons {
            gauge("cluster_waiting_jobs", Double(reason.jobs), "Jobs that wait for a reason.", labels + [("reason", reason.code)])
        }
        for partition in scheduler.partitions {
            let place = labels + [("partition", partition.name)]
            for (state, jobs) in [("running", partition.running), ("waiting", partition.waiting)] {
                gauge("cluster_partition_jobs", Double(jobs), "Jobs in the queue of a partition.", place + [("state", state)])
            }
        }
    }

    private mutating func add(_ request: RequestSample) {
        let labels = [("sender", request.sender), ("process", request.process.map(String.init) ?? ""), ("server", request.server)]
        gauge("requests_in_flight", Double(request.inFlight), "Requests of ailab's own that are under way.", labels)
        for (status, count) in request.total.statuses.sorted(by: { $0.key < $1.key }) {
            counter("requests", Double(count), "Requests of ailab's own that were answered.", labels + [("status", status)])
        }
        for (kind, count) in request.total.failures.sorted(by: { $0.key < $1.key }) {
            counter("request_failures", Double(count), "Requests of ailab's own without a whole answer.", labels + [("kind", kind)])
        }
        for phase in request.phases?.all ?? [] {
            gauge(
                "request_phase_seconds", phase.value / 1000, unit: "seconds", "Mean length of a phase of the newest requests.",
                labels + [("phase", phase.name)])
        }
        let name = "ailab_request_duration_seconds"
        let family = Family(kind: "histogram", unit: "seconds", help: "From a request's beginning to its answer's last byte.")
        guard request.total.buckets.count == RequestTotal.bounds.count else { return }
        let bounds = RequestTotal.bounds.map { "\($0)" } + ["+Inf"]
        for (bound, count) in zip(bounds, request.total.buckets + [request.total.answered]) {
            put(name, "_bucket", Double(count), family, labels + [("le", bound)])
        }
        put(name, "_count", Double(request.total.answered), family, labels)
        put(name, "_sum", request.total.seconds, family, labels)
    }

    private mutating func add(_ training: TrainingSample) {
        let labels = [("task", training.task ?? "")]
        gauge("training_loss", training.loss, "Loss.", labels)
        gauge("training_accuracy_ratio", training.accuracy, unit: "ratio", "Share of the test set that is read rightly.", labels)
        gauge("training_samples_per_second", training.samplesPerSecond, "Speed.", labels)
    }
}
