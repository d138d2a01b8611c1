import Foundation
import Testing

@testable import ContainerEngine
@testable import HTTPTransport
@testable import LabRunner

@Suite("Engines on other machines")
struct RemoteEngineTests {
    private static let this = RemoteEngine.Machine(name: "here", kernel: "6.1.0")

    private static func host(_ endpoint: Endpoint, _ info: String) throws -> String? {
        RemoteEngine.host(endpoint: endpoint, info: try JSONDecoder().decode(EngineInfo.self, from: Data(info.utf8)), this: this)
    }

    @Test("A forwarded socket is known by the engine's machine; a container, a new kernel and Docker Desktop aren't other machines")
    func sockets() throws {
        let socket = Endpoint.unix(path: "/tmp/docker.sock")
        #expect(try Self.host(socket, #"{"Name":"lab","KernelVersion":"5.15.0"}"#) == "lab")
        #expect(try Self.host(socket, #"{"Name":"here","KernelVersion":"6.1.0"}"#) == nil)
        #expect(try Self.host(socket, #"{"Name":"lab","KernelVersion":"6.1.0"}"#) == nil)
        #expect(try Self.host(socket, #"{"Name":"here","KernelVersion":"5.15.0"}"#) == nil)
        #expect(try Self.host(socket, "{}") == nil)
        let desktop = #"{"Name":"docker-desktop","KernelVersion":"6.6-linuxkit","OperatingSystem":"Docker Desktop"}"#
        #expect(try Self.host(socket, desktop) == nil)
    }

    @Test("An address that isn't loopback is another machine unless the engine says that it's this one")
    func addresses() throws {
        let remote = Endpoint.tcp(host: "192.0.2.7", port: 2376, tls: nil)
        #expect(try Self.host(remote, #"{"Name":"lab","KernelVersion":"6.1.0"}"#) == "lab")
        #expect(try Self.host(remote, "{}") == "192.0.2.7")
        #expect(try Self.host(remote, #"{"Name":"here","KernelVersion":"6.1.0"}"#) == nil)
        #expect(try Self.host(.tcp(host: "127.0.0.1", port: 2375, tls: nil), #"{"Name":"lab","KernelVersion":"6.1.0"}"#) == nil)
        #expect(try Self.host(.tcp(host: "localhost", port: 2375, tls: nil), #"{"Name":"lab","KernelVersion":"5.15.0"}"#) == "lab")
    }

    @Test("This machine has a name and a kernel") func thisMachine() {
        #expect(!RemoteEngine.Machine.this.name.isEmpty && !RemoteEngine.Machine.this.kernel.isEmpty)
    }
}
