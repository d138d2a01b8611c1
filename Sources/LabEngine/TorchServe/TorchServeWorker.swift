/// A process that runs the model.
package struct TorchServeWorker: Sendable, Equatable, Decodable {
    package var id: String
    package var status: TorchServeWorkerStatus
    /// Changes each time the worker restarts. Zero or less while there is no process.
    package var pid: Int?
    /// TorchServe's last measurement, in bytes.
    package var memoryUsage: Int?
    package var gpu: Bool?
}
