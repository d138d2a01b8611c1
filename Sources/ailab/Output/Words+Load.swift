import LabEngine
import LabSupport
import LabTUI
import LoadTest
import Telemetry

/// What is said about load tests.
extension Words {
    func pacing(_ pacing: LoadPlan.Pacing) -> String {
        switch pacing {
        case .concurrency(let count): pick("\(count) at a time", "同时 \(count) 个请求")
        case .rate(let rate, _): pick("\(Figure.given(rate)) a second", "每秒 \(Figure.given(rate)) 个请求")
        }
    }

    func seconds(_ value: Double) -> String { pick("\(Figure.fixed(value, 1)) s", "\(Figure.fixed(value, 1)) 秒") }

    func loadPlan(_ plan: LoadPlan, _ subject: LoadSubject) -> String {
        let warmUp = plan.warmUp > 0 ? pick(", after \(seconds(plan.warmUp)) of warm-up", "，预热 \(seconds(plan.warmUp))") : ""
        return pick(
            "Load-testing \(subject.title): \(pacing(plan.pacing)) for \(seconds(plan.duration))\(warmUp). Ctrl-C ends it early.",
            "对 \(subject.title) 施加负载：\(pacing(plan.pacing))，持续 \(seconds(plan.duration))\(warmUp)。按 Ctrl-C 提前结束。")
    }

    func sweepPlan(_ levels: Int, _ total: Double, _ subject: LoadSubject) -> String {
        pick(
            "Load-testing \(subject.title) in \(levels) levels, about \(clock(total)). Ctrl-C ends it early.",
            "对 \(subject.title) 逐级施加负载，共 \(levels) 级，约 \(clock(total))。按 Ctrl-C 提前结束。")
    }

    func failure(_ failure: LoadFailure) -> String {
        switch failure {
        case .refused: pick("connection refused (nothing is listening)", "没有程序在监听（连接被拒绝）")
        case .connect: pick("no connection", "无法建立连接")
        case .timeout: pick("timeout", "超时")
        case .reset: pick("connection reset by the server (RST)", "连接被服务器中断（RST）")
        case .closed: pick("connection closed before the response", "连接被关闭，没有响应")
        case .cut: pick("connection closed during the response", "响应传到一半时连接被关闭")
        case .malformed: pick("not an HTTP response", "收到的不是 HTTP 响应")
        case .tls: pick("no encrypted connection", "无法建立加密连接")
        case .other: pick("other", "其他")
        }
    }

    // MARK: - The meaning of the figures

    /// What the latency of an open loop is, in one sentence.
    var openLoop: String {
        pick(
            "\"From due\" starts when a request was due. It includes the wait for late responses (no coordinated omission). \"From sent\" "
                + "leaves that wait out, as most tools do.",
            "“自应发时刻”从请求应当发出的时刻算起，包含因前面的响应迟到而等待的时间（没有协同遗漏）。“自实际发送”不包含这段等待，多数工具显示的是它。")
    }

    var closedLoop: String {
        pick(
            "Closed loop: each request waits for the previous response, so a slow server gets fewer requests. Users who don't wait for each "
                + "other see longer delays; measure them with --rate.",
            "闭环：每个请求都要等前一个响应，服务器变慢时请求也会变少。互不等待的真实用户会遇到更长的延迟；用 --rate 可以测出。")
    }

    func unsent(_ count: Int) -> String {
        pick(
            "\(Figure.count(count)) requests were due but never sent, because all connections were busy: the server can't keep up with this "
                + "rate. \"From due\" includes the time that they had waited at the end.",
            "有 \(Figure.count(count)) 个请求到了时间却没能发出：所有连接都在忙，服务器跟不上这个速率。它们以截至结束时的等待时间计入“自应发时刻”。")
    }

    func busyGenerator(_ share: Double) -> String {
        pick(
            "ailab itself used \(Figure.fixed(share * 100, 0))% of a core, so these figures show its own limit, too.",
            "ailab 自身占用了 \(Figure.fixed(share * 100, 0))% 的一个核：这些数字也受它自身的限制，并不只反映服务器。")
    }

    func lateGenerator(_ p99: Int64) -> String {
        pick(
            "ailab sent some requests late (99%: \(Figure.milliseconds(p99)) ms) because this machine is busy; \"from due\" includes that.",
            "由于本机繁忙，ailab 发送部分请求时有延误（99%：\(Figure.milliseconds(p99)) 毫秒），“自应发时刻”包含这一延误。")
    }

    func fewSamples(_ percent: Double, _ count: Int) -> String {
        pick(
            count == 0
                ? "No responses, so no percentiles."
                : "\(Figure.percent(percent)) needs more than \(Figure.count(count)) responses.",
            count == 0 ? "没有收到响应，因此没有分位数。" : "要得出 \(Figure.percent(percent)) 分位数，\(Figure.count(count)) 个响应还不够。")
    }

    // MARK: - The server's view

    func share(_ share: ServerShare) -> String {
        func shown(_ microseconds: Double) -> String { Figure.milliseconds(microseconds * 1000) }
        return pick(
            "in the server   mean \(shown(share.total)) ms = queue \(shown(share.queue)) + worker \(shown(share.worker)) "
                + "(TorchServe's counters, \(Figure.count(share.requests)) requests, warm-up included)",
            "服务器内部      平均 \(shown(share.total)) 毫秒 = 排队 \(shown(share.queue)) + worker \(shown(share.worker))"
                + "（TorchServe 自己的计数，\(Figure.count(share.requests)) 个请求，含预热）")
    }

    /// What the shares mean; nil where there is nothing to say.
    func advice(_ share: ServerShare, clientMean: Double) -> String? {
        if share.queue > share.worker {
            let part = Figure.fixed(share.queue / share.total * 100, 0)
            return pick(
                "→ Requests spend \(part)% of their time in the server's queue: the workers are busy. If the machine has free cores, add "
                    + "workers or enlarge the batch. Fewer requests at a time shorten the wait.",
                "→ 请求在服务器内 \(part)% 的时间都在排队：worker 已经忙不过来。机器还有空闲的核时，可以增加 worker 或加大批；减少并发则能缩短等待。")
        }
        if clientMean > share.total * 2000, clientMean - share.total * 1000 > 1e6 {
            return pick(
                "→ Most of the time is spent outside TorchServe's queue and workers: in the network, in its HTTP threads, or on the cores that "
                    + "client and server share.",
                "→ 大部分时间不在 TorchServe 的队列和 worker 里，而在网络、它的 HTTP 线程，或客户端与服务器共用的本机处理器上。")
        }
        return nil
    }
}

/// What is said about sweeps.
extension Words {
    func sweepHeader(isRate: Bool) -> String {
        let load = isRate ? pick("target/s", "目标/秒") : pick("at a time", "并发")
        return [load, pick("correct/s", "正确/秒"), "50% ms", "99% ms", pick("errors", "出错")].map { title in
            String(repeating: " ", count: max(0, 12 - CellWidth.of(title))) + title
        }.joined()
    }

    func sweepRow(_ level: LoadSweep.Level, _ report: LoadReport) -> String {
        let load = if case .concurrency(let count) = report.pacing { String(count) } else { Figure.given(level.load) }
        let cells = [
            load, Figure.rate(level.throughput), Figure.milliseconds(level.median), Figure.milliseconds(level.p99),
            level.faults == 0 ? "-" : "\(Figure.fixed(level.faults * 100, 1))%",
        ]
        return cells.map { Figure.right($0, 12) }.joined()
            + (report.isGeneratorBusy ? "  " + pick("(ailab at its limit)", "（ailab 已达上限）") : "")
    }

    func knee(_ knee: LoadSweep.Knee, _ levels: [LoadSweep.Level], isRate: Bool, workers: Int?) -> String {
        switch knee {
        case .none:
            return pick(
                "No limit found: even the lightest level wasn't answered correctly and in time.", "没有找到上限：连最轻的一级都没能正确、及时地响应。")
        case .beyond:
            return isRate
                ? pick(
                    "The server kept up with every level. Try a higher --rate to find its limit.", "每一级服务器都跟得上。请尝试更大的 --rate 来找出上限。")
                : pick(
                    "Throughput still grew at the heaviest level. Try a higher --concurrency to find the limit.",
                    "到最高负载时吞吐量仍在增长。请尝试更大的 --concurrency 来找出上限。")
        case .at(let index):
            let level = levels[index]
            let pace = "\(Figure.rate(level.throughput))"
            if isRate {
                let within = level.p99.map { Figure.milliseconds($0) }.map { pick(" (99% within \($0) ms)", "（99% 在 \($0) 毫秒内）") } ?? ""
                return pick(
                    "Limit: the server keeps up with \(Figure.given(level.load)) requests a second\(within). Beyond that, a queue grows.",
                    "性能上限：每秒不超过 \(Figure.given(level.load)) 个请求时服务器跟得上\(within)；再多就会开始排队。")
            }
            let count = Int(shown: level.load)
            return pick(
                "Limit: \(count) requests at a time give \(pace) responses a second, at least 95% of the maximum. More at a time only wait longer.",
                "性能上限：同时 \(count) 个请求时每秒有 \(pace) 个响应，已达到最大吞吐量的 95% 以上；再增加并发只会等得更久。")
                + workerRemark(workers) + faultRemark(levels)
        }
    }

    /// From where on answers go wrong, where they do.
    private func faultRemark(_ levels: [LoadSweep.Level]) -> String {
        guard let level = levels.first(where: { $0.faults > LoadSweep.toleratedFaults }) else { return "" }
        let count = Int(shown: level.load)
        return pick(
            " From \(count) requests at a time on, requests fail (\(Figure.fixed(level.faults * 100, 1))%).",
            "从同时 \(count) 个起开始有请求出错（\(Figure.fixed(level.faults * 100, 1))%）。")
    }

    private func workerRemark(_ workers: Int?) -> String {
        guard let workers else { return "" }
        return pick(" The model has \(workers) worker\(workers == 1 ? "" : "s").", "该模型有 \(workers) 个 worker。")
    }
}
