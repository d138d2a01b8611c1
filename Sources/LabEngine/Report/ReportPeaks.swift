import LabFile
import LabRunner
import LabSupport
import Telemetry

/// The peaks of a run's recording.
enum ReportPeaks {
    /// The number of samples to read from all runs together, so that a report of a long lab doesn't take longer.
    static let budget = 600

    /// Nil if nothing was recorded. `count` is how many evenly distributed samples to read.
    static func read(_ folder: RunFolder, count: Int, _ censor: ReportCensor) -> LabReport.Peaks? {
        guard let size = Files.size(folder.telemetry), size > 0,
            let samples = try? TelemetryRecord.spread(count, of: folder.telemetry), !samples.isEmpty
        else { return nil }
        return fold(samples, censor)
    }

    static func fold(_ samples: [TelemetrySample], _ censor: ReportCensor) -> LabReport.Peaks {
        var peaks = LabReport.Peaks(samples: samples.count)
        var containers: [String: LabReport.Peaks.Container] = [:]
        for sample in samples {
            if let host = sample.host {
                raise(&peaks.cpu, host.cpu)
                raise(&peaks.memory, host.memory?.used)
                peaks.processors = max(peaks.processors, host.processors)
                raise(&peaks.memoryTotal, host.memory?.total)
            }
            for gpu in sample.gpu.devices {
                raise(&peaks.gpuBusy, gpu.busy)
                raise(&peaks.gpuMemory, gpu.memoryUsed)
                raise(&peaks.gpuPower, gpu.power)
            }
            // Other people's containers aren't part of the lab.
            for container in sample.containers.list {
                guard let task = container.task.flatMap({ TaskID($0) }) else { continue }
                let name = censor.name(container.name)
                var peak = containers[name] ?? LabReport.Peaks.Container(name: name, task: task)
                raise(&peak.cpu, container.cpu)
                raise(&peak.memory, container.memory)
                containers[name] = peak
            }
        }
        peaks.containers = containers.values.sorted {
            ($0.task ?? TaskID(step: 0, number: 0), $0.name) < ($1.task ?? TaskID(step: 0, number: 0), $1.name)
        }
        return peaks
    }

    private static func raise(_ peak: inout Double?, _ value: Double?) {
        guard let value, value.isFinite else { return }
        peak = max(peak ?? value, value)
    }
}
