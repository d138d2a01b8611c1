import ArgumentParser
import LabEngine

/// `ailab top`: what the machine, its GPUs, the containers and the servers do.
struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: said("GPU, containers, servers and this machine, live.", "实时查看 GPU、容器、服务器和本机。"),
        discussion: said("Example: ailab top --once", "示例：ailab top --once"))

    @Flag(help: help("One look, as lines of text.", "只看一次，输出为文本。"))
    var once = false

    @Flag(help: help("One JSON object a sample, until interrupted; with --once a single one.", "每次采样输出一个 JSON 对象，直到中断；与 --once 连用时只输出一个。"))
    var json = false

    @Option(help: help("Seconds between two samples, from 0.2 on.", "采样间隔（秒），最小 0.2。"))
    var interval: Double = 1

    @OptionGroup var lab: LabOptions

    func validate() throws {
        guard interval.isFinite, interval >= 0.2, interval <= 3600 else {
            throw ValidationError(said("--interval takes seconds between 0.2 and 3600.", "--interval 的取值为 0.2 到 3600 秒。"))
        }
    }

    func run() async throws {
        let source = TopSource(home: lab.home.root, labFile: try? lab.labFile(), interval: interval)
        var count = 0
        for await sample in source.sampler.samples() {
            count += 1
            // Rates need two looks; the second comes a moment after the first, the third a whole interval later.
            if once, count < 3 { continue }
            Console.output(try sample.line)
            if once { return }
        }
    }
}
