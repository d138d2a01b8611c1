/// A set of PEM certificates without duplicates.
package struct CertificateBundle: Sendable, Equatable {
    /// The base64 text of each certificate without line ends, in order of first appearance.
    package private(set) var certificates: [String] = []
    private var known: Set<String> = []

    package init() {}

    /// The certificates in a PEM file. Text between them is ignored.
    package init(pem: String) { add(pem: pem) }

    package var isEmpty: Bool { certificates.isEmpty }

    package func contains(_ certificate: String) -> Bool { known.contains(certificate) }

    /// Adds the certificates in a PEM file, without duplicates.
    package mutating func add(pem: String) {
        // This works on bytes for speed: a machine has about 150 certificates, twice, and the walkthrough reads them when it starts.
        var pem = pem
        pem.withUTF8 { bytes in
            var body: [UInt8]?
            var rest = bytes[...]
            while !rest.isEmpty {
                let end = rest.firstIndex { $0 == 10 || $0 == 13 } ?? rest.endIndex
                let line = rest[..<end]
                rest = rest[min(end + 1, rest.endIndex)...]
                if line.starts(with: "-----BEGIN CERTIFICATE".utf8) {
                    body = []
                } else if line.starts(with: "-----END".utf8) {
                    if let body { add(String(decoding: body, as: UTF8.self)) }
                    body = nil
                } else {
                    for byte in line where byte > 32 { body?.append(byte) }
                }
            }
        }
    }

    /// Adds the certificates of another bundle, without duplicates.
    package mutating func add(_ other: CertificateBundle) {
        for certificate in other.certificates { add(certificate) }
    }

    /// The certificates that `other` lacks.
    package func subtracting(_ other: CertificateBundle) -> [String] {
        certificates.filter { !other.contains($0) }
    }

    /// The bundle as a PEM file.
    package var pem: String {
        certificates.map { certificate in
            var lines = ["-----BEGIN CERTIFICATE-----"]
            var rest = Substring(certificate)
            while !rest.isEmpty {
                lines.append(String(rest.prefix(64)))
                rest = rest.dropFirst(64)
            }
            return lines.joined(separator: "\n") + "\n-----END CERTIFICATE-----\n"
        }.joined()
    }

    private mutating func add(_ certificate: String) {
        if !certificate.isEmpty, known.insert(certificate).inserted { certificates.append(certificate) }
    }
}
