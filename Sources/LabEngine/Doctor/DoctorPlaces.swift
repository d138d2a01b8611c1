package import HostFacts

/// The servers that the probes contact.
package struct DoctorPlaces: Sendable, Equatable {
    /// The API of Docker Hub.
    package var hub: String
    /// Debian's archive, or the mirror that replaces it.
    package var packages: String
    /// The Python package index.
    package var index: String

    package init(hub: String, packages: String, index: String) {
        self.hub = hub
        self.packages = packages
        self.index = index
    }

    package init(_ network: HostNetwork) {
        hub = "https://registry-1.docker.io"
        packages = network.aptMirror?.value.archive ?? "http://deb.debian.org/debian"
        index = network.pypiIndex?.value ?? "https://pypi.org/simple"
        while index.hasSuffix("/") { index.removeLast() }
    }
}
