/// Options for starting a private engine.
package struct PrivateEngineOptions: Sendable, Equatable {
    /// Registries to ask before the public hub.
    package var registryMirrors: [String]
    /// Free space that the data folder must have.
    package var minimumFreeBytes: Int64
    /// Timeout for the first response.
    package var startTimeout: Duration
    /// Timeout for an orderly end. The engine itself gives its containers fifteen seconds.
    package var stopTimeout: Duration
    /// For tests: use a separate network namespace without a bridge, so that the machine's own engine keeps its bridge and rules.
    package var isolatesNetwork: Bool

    package init(
        registryMirrors: [String] = [], minimumFreeBytes: Int64 = 6 << 30, startTimeout: Duration = .seconds(60),
        stopTimeout: Duration = .seconds(40), isolatesNetwork: Bool = false
    ) {
        self.registryMirrors = registryMirrors
        self.minimumFreeBytes = minimumFreeBytes
        self.startTimeout = startTimeout
        self.stopTimeout = stopTimeout
        self.isolatesNetwork = isolatesNetwork
    }
}
