import Telemetry
import Testing

@Suite("Telemetry: Prometheus text")
struct PrometheusTextTests {
    @Test("Names, labels, escapes, times, special values")
    func rules() throws {
        let page = PrometheusText(
            """
            # HELP http_requests_total The total\\nnumber of \\\\ requests.
            # TYPE http_requests_total counter
            http_requests_total{method="post",code="200"} 1027 1395066363000
              http_requests_total { method = "a\\"b\\\\c\\nd" , } 3.5e2
            # A comment
            metric_without_labels 12.47
            something_weird{problem="division by zero"} +Inf -3982045
            not_a_number NaN
            low -inf\r

            a:rule:name{l="{},= #"} .5
            """)
        #expect(page.broken == 0)
        #expect(page.types == ["http_requests_total": "counter"])
        #expect(page.helps["http_requests_total"] == "The total\nnumber of \\ requests.")
        let requests = page.samples(of: "http_requests_total")
        #expect(requests.map(\.value) == [1027, 350])
        #expect(requests.first?.labels == ["method": "post", "code": "200"])
        #expect(requests.first?.time == 1_395_066_363_000)
        #expect(requests.last?.labels == ["method": "a\"b\\c\nd"])
        #expect(page.samples(of: "something_weird").first?.value == .infinity)
        #expect(page.samples(of: "something_weird").first?.time == -3_982_045)
        #expect(page.samples(of: "not_a_number").first?.value.isNaN == true)
        #expect(page.samples(of: "low").first?.value == -.infinity)
        #expect(page.samples(of: "a:rule:name").first?.labels == ["l": "{},= #"])
    }

    @Test(
        "A broken line is counted and hides no other",
        arguments: [
            "1abc 2", "name", "name{a=\"b\" 3", "name{a=b} 3", "name{a=\"b\"c=\"d\"} 3", "name 1 2 3", "name x", "{a=\"b\"} 1", "n 1 1.5",
        ])
    func broken(_ line: String) {
        let page = PrometheusText("before 1\n\(line)\nafter 2\n")
        #expect(page.broken == 1)
        #expect(page.samples.map(\.name) == ["before", "after"])
    }

    @Test("Our own page is one that the parser reads")
    func roundTrip() throws {
        var sample = TelemetrySample(time: 1)
        var container = ContainerSample(id: "x", name: "evil\"\\name\n", image: "i")
        container.cpu = 150
        container.network = Flow(intoTotal: 7, outTotal: 8)
        sample.containers.list = [container]
        var device = GPUSample(index: 0, maker: .nvidia, name: "H100")
        device.busy = 3
        device.throttle = [.powerCap]
        sample.gpu.devices = [device]
        let text = OpenMetricsText(sample).text
        #expect(text.hasSuffix("\n# EOF\n"))
        let page = PrometheusText(text)
        #expect(page.broken == 0)
        #expect(page.samples(of: "ailab_container_cpu_cores").first?.value == 1.5)
        #expect(page.samples(of: "ailab_container_cpu_cores").first?.labels == ["container": "evil\"\\name\n"])
        #expect(page.samples(of: "ailab_container_network_bytes_total").map(\.value) == [7, 8])
        #expect(page.samples(of: "ailab_gpu_busy_ratio").first?.value == 0.03)
        #expect(page.types["ailab_container_network_bytes"] == "counter")
    }
}

extension PrometheusText {
    /// The samples of one metric.
    fileprivate func samples(of name: String) -> [Sample] { samples.filter { $0.name == name } }
}
