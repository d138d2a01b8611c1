package import HTTPTransport

/// The addresses of one TorchServe.
package struct TorchServeAddresses: Sendable, Hashable {
    package var inference: Endpoint
    package var management: Endpoint
    package var metrics: Endpoint

    package init(inference: Endpoint, management: Endpoint, metrics: Endpoint) {
        self.inference = inference
        self.management = management
        self.metrics = metrics
    }

    /// Three ports on this machine. The lab publishes servers only on loopback, because the management API loads code from anywhere.
    package init(inferencePort: Int, managementPort: Int, metricsPort: Int) {
        func loopback(_ port: Int) -> Endpoint { .tcp(host: "127.0.0.1", port: port, tls: nil) }
        self.init(inference: loopback(inferencePort), management: loopback(managementPort), metrics: loopback(metricsPort))
    }
}
