import Glibc
import HostFacts
import PrivateEngine
import TestSupport
import Testing

/// Real interfaces on a fake machine: the real one runs an engine, whose ports must stay.
@Suite(.tags(.root), .needsOfTags, .serialized)
struct BridgeLeftoverTests {
    private let port = "ailab\(getpid() % 100_000)a"
    private let peer = "ailab\(getpid() % 100_000)b"

    private func machine(_ more: [String: String] = [:]) throws -> FakeRoot {
        let index = if_nametoindex(port)
        try #require(index > 0, "the interface was not made")
        return try FakeRoot(
            ["/sys/class/net/docker0/brif/\(port)": "", "/sys/class/net/\(port)/ifindex": "\(index)\n"].merging(more) { $1 })
    }

    private func withInterfaces(_ body: () throws -> Void) throws {
        #expect(try Shell.run("ip link add \(port) type veth peer name \(peer)", in: "/") == 0)
        let outcome = Result { try body() }
        if if_nametoindex(port) > 0 { _ = try Shell.run("ip link delete \(port)", in: "/") }
        try outcome.get()
    }

    @Test func thePortsOfADeadEngineGo() throws {
        try withInterfaces {
            let fake = try machine()
            withExtendedLifetime(fake) {
                let leftovers = BridgeLeftovers(root: fake.root)
                #expect(leftovers.found() == [port])
                leftovers.remove()
            }
            #expect(if_nametoindex(port) == 0)
            #expect(if_nametoindex(peer) == 0)
        }
    }

    @Test(arguments: ["/usr/sbin/dockerd", "/usr/bin/containerd-shim-runc-v2"])
    func thePortsOfTheLivingStay(program: String) throws {
        try withInterfaces {
            let stat = "77 (x) S 1 " + Array(repeating: "0", count: 17).joined(separator: " ") + " 4711 0\n"
            let fake = try machine(["/proc/77/stat": stat, "/proc/77/cmdline": program + "\0"])
            withExtendedLifetime(fake) {
                let leftovers = BridgeLeftovers(root: fake.root)
                #expect(fake.root.names(in: "/sys/class/net/docker0/brif") == [port])
                #expect(leftovers.found() == [])
                leftovers.remove()
            }
            #expect(if_nametoindex(port) > 0)
        }
    }
}
