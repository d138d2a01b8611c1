import LabSupport
import Telemetry
import Testing

@Suite("Telemetry: the sentence")
struct InsightTests {
    /// A machine with two cores and a container on it.
    private static func sample(_ change: (inout TelemetrySample) -> Void = { _ in }) -> TelemetrySample {
        var sample = TelemetrySample(time: 0)
        var host = HostSample()
        host.processors = 2
        host.cpu = 10
        host.memory = HostMemory(total: 8e9, used: 3e9, swapTotal: 0, swapUsed: 0)
        sample.host = host
        var container = ContainerSample(id: "c1", name: "training", image: "train_dl")
        container.cpu = 5
        sample.containers.list = [container]
        change(&sample)
        return sample
    }

    private static func gpu(_ busy: Double, _ change: (inout GPUSample) -> Void = { _ in }) -> GPUSample {
        var device = GPUSample(index: 0, maker: .nvidia, name: "H100")
        device.busy = busy
        device.processes = [GPUProcess(pid: 7, name: "python3", memory: 4e9, containerID: "c1", container: "training")]
        change(&device)
        return device
    }

    private static func judged(_ change: (inout TelemetrySample) -> Void) -> String? {
        var judge = TelemetryJudge()
        return judge.judge(sample(change))?.en
    }

    @Test("A starved GPU names who starves it")
    func starved() {
        #expect(
            Self.judged {
                $0.gpu.devices = [Self.gpu(3)]
                $0.containers.list[0].cpu = 198
            } == "GPU 3% busy: the data loader is the bottleneck, CPU at 198% of 200%.")
        #expect(
            Self.judged { $0.gpu.devices = [Self.gpu(0)] }
                == "GPU 0% busy, although training holds 4.0 GB of its memory: waiting for data or requests.")
        #expect(
            Self.judged {
                $0.gpu.devices = [Self.gpu(5)]
                $0.host?.pressure = Pressure()
                $0.host?.pressure?.io = 55
            } == "GPU 5% busy: it waits for the disk 55% of the time.")
    }

    @Test("A busy GPU: used, half used, or slowed down")
    func busy() {
        #expect(Self.judged { $0.gpu.devices = [Self.gpu(96)] } == "GPU 96% busy: the GPU is the bottleneck, as it should be.")
        #expect(
            Self.judged {
                $0.gpu.devices = [
                    Self.gpu(99) {
                        $0.activity = GPUActivity()
                        $0.activity?.multiprocessors = 12
                    }
                ]
            } == "GPU 99% busy, but only 12% of its multiprocessors have work: try larger batches.")
        #expect(
            Self.judged { $0.gpu.devices = [Self.gpu(99) { $0.throttle = [.powerCap] }] } == "GPU 99% busy, but slowed down: power limit.")
        #expect(
            Self.judged { $0.gpu.devices = [Self.gpu(99) { $0.failure = Absence("gpu.lost", Text(en: "Gone.", zh: "掉线。")) }] }
                == "GPU 0: Gone.")
    }

    @Test("A container at its limits")
    func limits() {
        #expect(
            Self.judged {
                $0.containers.list[0].memory = 95
                $0.containers.list[0].memoryLimit = 100
            } == "training uses 95% of its memory limit. If it exceeds the limit, the kernel kills it (exit code 137).")
        #expect(
            Self.judged {
                $0.containers.list[0].cpu = 50
                $0.containers.list[0].cpuLimit = 50
                $0.containers.list[0].throttled = 63
            } == "training is throttled by its CPU limit 63% of the time: 50% of 50%.")
        #expect(Self.judged { $0.containers.list[0].cpu = 199 } == "training uses 199% of 200% CPU: the CPU is the bottleneck.")
        #expect(
            Self.judged {
                $0.containers.list[0].cpu = 199
                $0.gpu.devices = [Self.gpu(0) { $0.processes = [] }]
            } == "training uses 199% of 200% CPU: it doesn't use this machine's GPU.")
    }

    @Test("Servers, the machine, and nothing at all")
    func others() {
        #expect(
            Self.judged {
                var model = ModelSample(name: "densenet")
                model.queueTime = 120.4
                model.workTime = 80
                $0.servers = [ServerSample(name: "s", container: "c")]
                $0.servers[0].models = [model]
            } == "Requests for densenet wait 120 ms for a worker that takes 80 ms: add workers or enlarge the batch.")
        #expect(
            Self.judged { $0.host?.cpu = 190 } == "CPU busy (190% of 200%), mostly outside containers.")
        #expect(Self.judged { _ in } == "No bottleneck: CPU 10% of 200%, memory 3.0 GB of 8.0 GB.")
        var judge = TelemetryJudge()
        #expect(judge.judge(TelemetrySample(time: 0)) == nil)
    }

    @Test("A load test's failures, and nobody else's")
    func failures() {
        func sample(_ sender: String, ended: Int, _ failed: [String: Int] = [:]) -> TelemetrySample {
            Self.sample {
                var request = RequestSample(sender: sender, server: "127.0.0.1:8080")
                request.ended = ended
                request.failed = failed
                $0.requests = [request]
            }
        }
        func judged(_ samples: [TelemetrySample]) -> String? {
            var judge = TelemetryJudge()
            return samples.map { judge.judge($0) }.last??.en
        }
        let overload = sample("load", ended: 100, ["5xx": 7, "timeout": 3])
        let told = "10 of 100 requests to 127.0.0.1:8080 in a second failed (5xx, timeout): the load is more than it can handle."
        #expect(judged([overload]) == told)
        // One good second does not make it well; some do.
        #expect(judged([overload, sample("load", ended: 90)]) == told)
        #expect(judged([overload] + (0..<5).map { _ in sample("load", ended: 90) })?.hasPrefix("No bottleneck") == true)
        #expect(judged([sample("run 7", ended: 7, ["5xx": 7])])?.hasPrefix("No bottleneck") == true)
        #expect(judged([sample("load", ended: 7, ["refused": 7])])?.hasSuffix("(refused).") == true)
    }

    @Test("One spike does not change the sentence")
    func steady() {
        var judge = TelemetryJudge()
        for _ in 0..<4 { _ = judge.judge(Self.sample()) }
        let text = judge.judge(Self.sample { $0.containers.list[0].cpu = 200 })
        #expect(text?.en.hasPrefix("No bottleneck") == true)
    }
}
