import LabEngine

/// The sampler of a command: for the lab where there is one, for the machine in any case.
struct TopSource {
    let home: String
    let labFile: String?
    let interval: Double

    var sampler: TelemetrySampler {
        LabTelemetry(environment: Console.environment, folder: home, interval: .milliseconds(Int(interval * 1000))).sampler
    }
}
