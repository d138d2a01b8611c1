import TestSupport

@testable import ContainerEngine
@testable import Doctor
@testable import HTTPTransport
@testable import HostFacts
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// A small lab and a machine for the doctor to look at.
enum DoctorLab {
    static let image = LabImage(
        name: "alpine", tag: "alpine:latest", text: Text(verbatim: ""),
        sources: [
            .pull(reference: "alpine:latest"), .busybox(tag: "ailab/standin-alpine:doctor", command: ["/bin/sh"], files: []),
        ])

    /// The same image without a way to make it here.
    static var pulledOnly: LabImage {
        var image = image
        image.sources = [.pull(reference: "alpine:latest")]
        return image
    }

    /// 1.1 reads, 1.2 gets the image, 2.1 runs a container, 2.2 serves on a port, 2.3 asks for a GPU, 3.1 builds.
    static func spec(port: String = "65000", name: String = "doctor-test-none", images: [LabImage] = [image]) -> LabSpec {
        let mount = LabMount(source: .workspace("out"), target: "/out")
        let build = LabBuildAction(tag: "doctor-test:none", context: ".", dockerfile: "Dockerfile")
        return Mini.spec(
            [
                Mini.task("1.1", .read(LabReadAction())), Mini.task("1.2", .image(LabImageAction(name: "alpine"))),
                Mini.task("2.1", .run(LabRunAction(LabContainer(image: "image:alpine", name: name, mounts: [mount]))), needs: ["1.2"]),
                Mini.task(
                    "2.2",
                    .run(
                        LabRunAction(LabContainer(image: "image:alpine", name: name + "-port", ports: [LabPort(host: port, container: 80)]))
                    ),
                    needs: ["1.2"]),
                Mini.task("2.3", .run(LabRunAction(LabContainer(image: "image:alpine", name: name + "-gpu", gpu: .auto))), needs: ["2.2"]),
                Mini.task("3.1", .build(build)),
            ], images: images)
    }

    /// A machine without an engine, unless one is given; nothing outside of it is asked.
    static func scene(
        spec: LabSpec? = spec(), home: String = "/tmp/ailab-doctor-none", environment: [String: String] = [:], root: HostRoot = .machine,
        engine: Endpoint = .unix(path: "/tmp/ailab-doctor-none.sock"), hub: String = "http://127.0.0.1:1",
        device: RunOptions.Device = .auto,
        packages: String = "http://127.0.0.1:1"
    ) -> DoctorScene {
        var variables = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "DOCKER_HOST": engine.dockerHost]
        variables.merge(environment) { _, new in new }
        variables = variables.filter { !$0.value.isEmpty }
        var options = RunOptions()
        options.device = device
        return DoctorScene(
            environment: variables, home: home, lab: spec, options: options, root: root,
            discovery: EngineDiscovery(environment: variables, home: "/nonexistent", uid: 0, systemRoot: root.real("")),
            places: DoctorPlaces(hub: hub, packages: packages, index: "http://127.0.0.1:1/simple"))
    }

    /// One check of that machine.
    static func check(_ id: String, _ scene: DoctorScene) async -> ProbeResult? { await Doctor(scene).check(id) }
}
