import Foundation
import LabSupport
import TestSupport
import Testing

/// A management library of our own, compiled from `Fixtures/telemetry/nvml.c`, with a script of answers beside it. Each has a file of
/// its own, so that the loader takes it for a library of its own.
final class ScriptedNVML: Sendable {
    /// What the library is called by the loader.
    let path: String
    private let folder: TemporaryDirectory

    init(_ script: String, old: Bool = false) async throws {
        folder = try TemporaryDirectory()
        path = "\(folder.path)/libnvidia-ml.so.1"
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/telemetry/nvml.c").path
        let environment = ProcessInfo.processInfo.environment
        let lookup = ExecutableLookup(path: environment["PATH"])
        // Whoever builds Swift has clang: the toolchain brings it.
        let compiler = try #require(lookup.find("clang") ?? lookup.find("cc"), "no C compiler on the PATH")
        let arguments = ["-shared", "-fPIC", "-o", path, source, "-ldl"] + (old ? ["-DOLD"] : [])
        let result = try await ChildProcess.run(ChildCommand(compiler, arguments, environment: environment, timeout: .seconds(120)))
        try #require(result.exitCode == 0, "the scripted library does not compile")
        try rewrite(script)
    }

    /// Other answers from now on.
    func rewrite(_ script: String) throws { try folder.write(script, to: "libnvidia-ml.so.1.script") }

    /// A Hopper device at work.
    static let hopper = """
        driver 550.54.15
        count 1
        0.name NVIDIA H100 80GB HBM3
        0.uuid GPU-1
        0.bus 00000000:19:00.0
        0.gpu 97
        0.memory-busy 41
        0.total 85899345920
        0.reserved 600000000
        0.used 20000000000
        0.power 312400
        0.power-limit 700000
        0.temperature 54
        0.clock 1755
        0.max-clock 1980
        0.memory-clock 2619
        0.reasons 0x4
        0.gpm 1
        0.gpm.2 12
        0.gpm.3 9
        0.gpm.5 4
        """

    /// A machine with an NVIDIA device whose driver is loaded.
    static func machine(driver: String? = "550.54.15") throws -> FakeRoot {
        let root = try FakeRoot([
            "/sys/bus/pci/devices/0000:19:00.0/vendor": "0x10de\n", "/sys/bus/pci/devices/0000:19:00.0/class": "0x030200\n",
        ])
        if let driver { try root.write("/sys/module/nvidia/version", driver + "\n") }
        return root
    }
}
