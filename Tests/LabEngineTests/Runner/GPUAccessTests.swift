import FoundationEssentials
import TestSupport
import Testing

@testable import ContainerEngine
@testable import HostFacts
@testable import LabRunner
@testable import LabSupport

/// By which way an engine gives GPUs to containers.
@Suite struct GPUAccessTests {
    private static let docker = PingInfo(server: "Docker/28.5.2 (linux)")
    private static let specification = """
        cdiVersion: "0.6.0"
        kind: "nvidia.com/gpu"
        devices:
          - name: "0"
            containerEdits:
              deviceNodes:
                - path: /dev/nvidia0
          - containerEdits: {}
            name: all
        containerEdits:
          hooks:
            - hookName: createContainer
              name: not-a-device
        """

    private func way(
        _ info: String, _ ping: PingInfo = docker, files: [String: String] = [:], hook: Bool = false
    ) throws -> GPUAccess.Way? {
        let root = try FakeRoot(files)
        let programs = try TemporaryDirectory()
        if hook { try programs.write("#!/bin/sh\n", to: "usr/bin/nvidia-container-runtime-hook", mode: 0o755) }
        let info = try JSONDecoder().decode(EngineInfo.self, from: Data(info.utf8))
        return GPUAccess(info: info, ping: ping, programs: ExecutableLookup(path: nil, below: programs.path), root: root.root)?.way
    }

    @Test func theEnginesOwnDevicesCountFirst() throws {
        let all = #"{"DiscoveredDevices":[{"ID":"nvidia.com/gpu=0"},{"ID":"nvidia.com/gpu=all"}],"Runtimes":{"nvidia":{}}}"#
        #expect(try way(all, hook: true) == .cdi(["nvidia.com/gpu=all"]))
        let single =
            #"{"DiscoveredDevices":[{"ID":"nvidia.com/gpu=1"},{"ID":"nvidia.com/gpu=0"},{"ID":"nvidia.com/gpu=GPU-12"},{"ID":"x.y/z=0"}]}"#
        #expect(try way(single) == .cdi(["nvidia.com/gpu=0", "nvidia.com/gpu=1"]))
    }

    @Test func withoutDevicesTheRuntimeAndThenTheHookServe() throws {
        #expect(try way(#"{"Runtimes":{"nvidia":{}}}"#, hook: true) == .runtime)
        #expect(try way("{}", hook: true) == .hook)
        #expect(try way("{}") == nil)
    }

    @Test func anEngineThatNamesOnlyItsFoldersHasTheDevicesInThem() throws {
        let files = ["/etc/cdi/nvidia.yaml": Self.specification]
        #expect(try way(#"{"CDISpecDirs":["/etc/cdi"]}"#, files: files) == .cdi(["nvidia.com/gpu=all"]))
        #expect(try way(#"{"CDISpecDirs":[]}"#, files: files) == nil)
        #expect(try way("{}", files: files) == nil)
    }

    @Test(arguments: [("5.4.2", true), ("4.9.0", false)])
    func podmanTakesDevicesFromVersion5On(version: String, takes: Bool) throws {
        let podman = PingInfo(server: "Libpod/\(version) (linux)", libpodVersion: version)
        let found = try way("{}", podman, files: ["/var/run/cdi/nvidia.yaml": Self.specification], hook: true)
        #expect(found == (takes ? .cdi(["nvidia.com/gpu=all"]) : nil))
    }

    @Test func descriptionsInJSONAndInBrokenFiles() throws {
        let root = try FakeRoot([
            "/etc/cdi/a.json": #"{"cdiVersion":"0.6.0","kind":"nvidia.com/gpu","devices":[{"name":"3","containerEdits":{}}]}"#,
            "/etc/cdi/b.json": "{", "/etc/cdi/c.yaml": "kind: vendor.com/net\ndevices:\n- name: all\n",
            "/etc/cdi/d.txt": Self.specification,
        ])
        let found = DeviceDescriptions(kind: "nvidia.com/gpu", root: root.root)
        #expect(found.devices == ["nvidia.com/gpu=3"])
        #expect(found.files == ["/etc/cdi/a.json"])
    }
}
