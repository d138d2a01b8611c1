/// The settings of a TLS connection. They match the docker client's `ca.pem`, `cert.pem` and `key.pem`.
package struct TLSSettings: Sendable, Hashable {
    /// PEM file of the trusted authorities, or nil for the system's.
    package var authorityFile: String?
    /// PEM file of the client certificate.
    package var certificateFile: String?
    /// PEM file of the client certificate's private key.
    package var keyFile: String?
    /// False to skip the check of the server's name and certificate.
    package var verifiesPeer: Bool

    package init(authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, verifiesPeer: Bool = true) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.verifiesPeer = verifiesPeer
    }
}
