/// A worker's state in TorchServe's words. Unknown states of later versions are kept.
package struct TorchServeWorkerStatus: RawRepresentable, Hashable, Sendable, Decodable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(String.self) }

    /// True if the worker accepts requests.
    package var isReady: Bool { rawValue == "READY" }
}
