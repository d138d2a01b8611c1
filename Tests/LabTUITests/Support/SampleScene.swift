import LabSupport
import LabTUI
import Telemetry

/// Two minutes of made-up measurements, the same every time.
enum SampleScene {
    static let start = 1_795_368_440.0

    enum Kind {
        /// A training on the processor of a machine without a GPU.
        case processor
        /// A training on one of two GPUs, with a server beside it.
        case gpu
    }

    static func samples(_ kind: Kind) -> [TelemetrySample] {
        (0..<120).map { second in
            var sample = TelemetrySample(time: start + Double(second))
            sample.host = host(second)
            sample.containers.list = containers(second, kind)
            sample.training = training(second)
            if second % 30 == 20 {
                let epoch = second / 30 + 1
                sample.marks = [
                    TelemetryMark(time: sample.time, kind: .epoch, text: Text(en: "epoch \(epoch)", zh: "第 \(epoch) 轮"))
                ]
            }
            switch kind {
            case .processor:
                sample.gpu.absence = Absence(
                    "gpu.none", Text(en: "No NVIDIA graphics processor is on the PCI bus.", zh: "PCI 总线上没有 NVIDIA 显卡。"))
                sample.insight = Text(
                    en: "lab5-training uses 198% of 200% CPU: the CPU is the bottleneck.",
                    zh: "lab5-training 占用 CPU 198% / 200%：瓶颈在 CPU。")
            case .gpu:
                sample.gpu.devices = [device(0, second), device(1, second)]
                sample.servers = [server(second)]
                sample.requests = requests(second)
                sample.insight = Text(
                    en: "GPU 0 3% busy: the data loader is the bottleneck, CPU at 198% of 200%.",
                    zh: "GPU 0 利用率 3%：瓶颈在数据加载，CPU 已用 198% / 200%。")
            }
            return sample
        }
    }

    private static func wave(_ second: Int, _ low: Double, _ high: Double) -> Double {
        let phase = Double(second % 40) / 40
        return low + (high - low) * (phase < 0.5 ? 2 * phase : 2 - 2 * phase)
    }

    private static func host(_ second: Int) -> HostSample {
        var host = HostSample()
        host.processors = 2
        host.cores = [wave(second, 20, 100), 97]
        host.cpu = host.cores.reduce(0, +)
        host.ioWait = 3
        host.load = [2.11, 1.5, 0.9]
        host.memory = HostMemory(total: 8.2e9, used: wave(second, 2e9, 4e9), swapTotal: 0, swapUsed: 0)
        host.pressure = Pressure()
        host.pressure?.cpu = 41
        host.pressure?.memory = 0
        host.pressure?.io = 2
        host.disk = HostDisk()
        host.disk.read = wave(second, 0, 40e6)
        host.disk.written = 1_000_000
        host.network = Flow(into: 1200, out: 300)
        return host
    }

    private static func containers(_ second: Int, _ kind: Kind) -> [ContainerSample] {
        var training = ContainerSample(id: "t", name: "lab5-training", image: "train_dl")
        training.cpu = wave(second, 150, 198)
        training.memory = 1.21e9
        training.memoryLimit = 4.3e9
        training.processes = 12
        training.network = Flow(into: 0, out: 0)
        training.disk = Flow(into: 12_000_000, out: 300)
        training.top = [ProcessSample(pid: 4242, name: "python3", cpu: 190.2, memory: 1.1e9, threads: 9)]
        var serving = ContainerSample(id: "s", name: "lab5-serving", image: "torchserve_dl")
        serving.cpu = 50
        serving.cpuLimit = 50
        serving.throttled = 63
        serving.memory = 600e6
        serving.processes = 40
        return kind == .gpu ? [training, serving] : [training]
    }

    private static func training(_ second: Int) -> TrainingSample {
        var training = TrainingSample()
        training.loss = 2.3 / (1 + Double(second) / 10)
        training.samplesPerSecond = wave(second, 900, 1100)
        return training
    }

    private static func device(_ index: Int, _ second: Int) -> GPUSample {
        var device = GPUSample(index: index, maker: .nvidia, name: "NVIDIA H100 80GB HBM3")
        device.busy = index == 0 ? wave(second, 0, 6) : 0
        device.memoryUsed = index == 0 ? 20e9 : 600e6
        device.memoryTotal = 85.9e9
        device.power = 112.4
        device.powerLimit = 700
        device.temperature = 41
        device.clock = 1755
        device.maxClock = 1980
        if index == 0 {
            device.activity = GPUActivity()
            device.activity?.multiprocessors = 2
            device.processes = [
                GPUProcess(pid: 4242, name: "python3", memory: 19.4e9, busy: 3, containerID: "t", container: "lab5-training")
            ]
        } else {
            device.throttle = [.idle]
        }
        return device
    }

    private static func requests(_ second: Int) -> [RequestSample] {
        var engine = RequestSample(sender: "top", server: "/var/run/docker.sock", rate: 0, inFlight: 1)
        engine.total.statuses = ["2xx": 4]
        let median = wave(second, 80, 200)
        var load = RequestSample(
            sender: "load", server: "127.0.0.1:8080", rate: wave(second, 4, 12), inFlight: 8,
            latency: RequestLatency(median: median, p90: median * 1.5, p99: median * 2, maximum: median * 3))
        load.phases = RequestPhases()
        load.phases?.connect = 0.01
        load.phases?.send = 0.4
        load.phases?.wait = median * 0.97
        load.phases?.receive = 0.1
        load.total.statuses = ["2xx": 9 * second, "5xx": second / 40]
        load.failed = ["5xx": 2]
        return [engine, load]
    }

    private static func server(_ second: Int) -> ServerSample {
        var model = ModelSample(name: "densenet161")
        model.readyWorkers = 1
        model.workers = 2
        model.rate = wave(second, 0, 12)
        model.queueTime = 121.4
        model.workTime = 80.2
        model.workerMemory = 1.4e9
        var server = ServerSample(name: "torchserve", container: "lab5-serving")
        server.models = [model]
        return server
    }
}
