package import Diagnosis
package import LabFile
package import LabRunner
package import LabSupport

extension LabReport {
    /// One run, according to its journal.
    package struct Run: Sendable, Equatable {
        package enum Outcome: String, Sendable {
            case succeeded
            case failed
            case blocked
            case cancelled
            /// Its journal has no end: the runner was killed, or the machine went down.
            case interrupted
            case running
        }

        package var number: Int
        package var selection: String
        /// The equal command line.
        package var command: String
        package var options: RunOptions
        /// The version of the program that wrote it. Empty if the journal doesn't say.
        package var version: String
        package var labDigest: String?
        /// The values that it used for the variables that differ from student to student.
        package var studentValues: [String: String] = [:]
        package var began: Double?
        /// The time of its last event.
        package var ended: Double?
        package var seconds = 0.0
        package var outcome = Outcome.interrupted
        package var exitCode: Int32?
        package var engine: EngineConnected?
        package var device: DeviceChosen?
        package var notices: [Notice] = []
        /// The problems that stopped it before its first task.
        package var findings: [Finding] = []
        package var error: LabError?
        package var peaks: Peaks?
        package var unreadable = 0
        package var missing = 0
        package var unknown = 0
        /// How the lines of its journal follow each other.
        package var chain = ChainAccount()
        /// Its journal follows the end of the journal before it. Nil if one of the two has no chain or is missing.
        package var followsEarlier: Bool?
        /// The largest step back of the clock between two events, in seconds.
        package var setBack = 0.0
    }

    /// The maximum of each measured value during a run, in the samples that were read.
    package struct Peaks: Sendable, Equatable {
        /// The peaks of one container.
        package struct Container: Sendable, Equatable {
            package var name: String
            package var task: TaskID?
            /// In percent of one core.
            package var cpu: Double?
            /// In bytes.
            package var memory: Double?
        }

        package var samples = 0
        /// In percent of one core.
        package var cpu: Double?
        package var processors = 0
        /// In bytes.
        package var memory: Double?
        package var memoryTotal: Double?
        /// In percent.
        package var gpuBusy: Double?
        package var gpuMemory: Double?
        /// In watts.
        package var gpuPower: Double?
        package var containers: [Container] = []
    }

    /// The numbers that a training reported.
    package struct Training: Sendable, Equatable {
        /// One pass over the training set.
        package struct Epoch: Sendable, Equatable {
            package var number: Double
            /// The last value of each metric.
            package var last: [String: Double] = [:]
            /// The mean of each metric.
            package var mean: [String: Double] = [:]
            fileprivate var counts: [String: Double] = [:]
        }

        /// A reported loss.
        package struct Point: Sendable, Equatable {
            package var epoch: Double?
            package var loss: Double
        }

        package private(set) var epochs: [Epoch] = []
        package private(set) var losses: [Point] = []
        /// The last accuracy, 0…1.
        package private(set) var accuracy: Double?

        package init() {}

        package var isEmpty: Bool { epochs.isEmpty && losses.isEmpty && accuracy == nil }

        package mutating func add(_ metric: Metric) {
            guard metric.value.isFinite else { return }
            if metric.name == "loss" { losses.append(Point(epoch: metric.epoch, loss: metric.value)) }
            if metric.name == "accuracy" { accuracy = metric.value }
            guard let number = metric.epoch, number.isFinite else { return }
            let place =
                epochs.lastIndex { $0.number == number }
                ?? {
                    epochs.append(Epoch(number: number))
                    return epochs.count - 1
                }()
            let count = (epochs[place].counts[metric.name] ?? 0) + 1
            let mean = epochs[place].mean[metric.name] ?? 0
            epochs[place].counts[metric.name] = count
            epochs[place].mean[metric.name] = mean + (metric.value - mean) / count
            epochs[place].last[metric.name] = metric.value
        }
    }
}
