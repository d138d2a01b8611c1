// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// Rooms with more than a dozen files, which open with a README.
let explained: Set = [
    "Diagnosis", "Docker", "Dockerfile", "Doctor", "Host", "Lab", "Report", "Runner", "Support", "Telemetry", "Transport", "UseCases",
]

/// A room of the engine: its name, its folder below `Sources/LabEngine/`, and what it uses. docs/ARCHITECTURE.md draws them.
func room(_ name: String, _ folder: String, uses: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: uses, path: "Sources/LabEngine/\(folder)", exclude: explained.contains(folder) ? ["README.md"] : [],
        swiftSettings: strict)
}

let rooms: [Target] = [
    room("LabSupport", "Support", uses: ["CSystem"]),
    room("DockerfileCheck", "Dockerfile", uses: ["LabSupport"]),
    room("HTTPTransport", "Transport", uses: ["CCurl", "LabSupport"]),
    room("LabFile", "Lab", uses: ["CYAML", "DockerfileCheck", "LabSupport"]),
    room("HostFacts", "Host", uses: ["LabSupport"]),
    room("ContainerEngine", "Docker", uses: ["CSystem", "HTTPTransport", "LabSupport"]),
    room("InferenceServer", "TorchServe", uses: ["HTTPTransport", "LabSupport"]),
    room("PrivateEngine", "PrivateEngine", uses: ["CSystem", "HTTPTransport", "HostFacts", "LabSupport"]),
    room(
        "Telemetry", "Telemetry",
        uses: [
            "CNVML", "CSystem", "ContainerEngine", "HTTPTransport", "HostFacts", "InferenceServer", "LabSupport",
            .product(name: "Histogram", package: "hdrhistogram-swift"),
        ]),
    room("LoadTest", "LoadTest", uses: ["CCurl", "CSystem", "HTTPTransport", "InferenceServer", "LabSupport", "Telemetry"]),
    room("Diagnosis", "Diagnosis", uses: ["CSymptoms", "ContainerEngine", "HostFacts", "LabFile", "LabSupport"]),
    room(
        "LabRunner", "Runner",
        uses: [
            "CSystem", "ContainerEngine", "Diagnosis", "DockerfileCheck", "HTTPTransport", "HostFacts", "InferenceServer", "LabFile",
            "LabSupport", "LoadTest", "PrivateEngine", "Telemetry",
        ]),
    room(
        "Doctor", "Doctor",
        uses: [
            "ContainerEngine", "Diagnosis", "HTTPTransport", "HostFacts", "InferenceServer", "LabFile", "LabRunner", "LabSupport",
            "PrivateEngine", "Telemetry",
        ]),
    room("LabReport", "Report", uses: ["ContainerEngine", "Diagnosis", "LabFile", "LabRunner", "LabSupport", "Telemetry"]),
    room(
        "LabEngine", "UseCases",
        uses: [
            "ContainerEngine", "Diagnosis", "DockerfileCheck", "Doctor", "HTTPTransport", "HostFacts", "InferenceServer", "LabFile",
            "LabReport", "LabRunner", "LabSupport", "LoadTest", "PrivateEngine", "Telemetry",
        ]),
]

/// What a front end may name: every room, for the values that `LabEngine` takes and gives.
let engine = rooms.map { Target.Dependency.byName(name: $0.name) }

let package = Package(
    name: "ailab",
    products: [
        .executable(name: "ailab", targets: ["ailab"]),
        .executable(name: "ailab-dev", targets: ["ailab-dev"]),
    ],
    dependencies: [
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    ],
    targets: rooms + [
        .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CNcursesw", providers: [.apt(["libncurses-dev"])]),
        .target(name: "CCurl"),
        .target(name: "CNVML"),
        .target(name: "CPictures", linkerSettings: [.linkedLibrary("png16"), .linkedLibrary("jpeg"), .linkedLibrary("z")]),
        .target(name: "CSystem"),
        .target(name: "CSymptoms"),
        .target(name: "CTerminal"),
        .target(name: "LabTUI", dependencies: engine + ["CNcursesw", "CPictures", "CTerminal"], swiftSettings: strict),
        .executableTarget(
            name: "ailab",
            dependencies: engine + ["LabTUI", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: strict
        ),
        // What helps only the developers. It names the rooms that it uses, so that nothing of the users' program comes along.
        .executableTarget(
            name: "ailab-dev",
            dependencies: [
                "ContainerEngine", "Diagnosis", "HTTPTransport", "LabFile", "LabRunner", "LabSupport", "Telemetry",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .target(name: "TestSupport", dependencies: engine + ["LabTUI", "CSystem"], path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "LabEngineTests", dependencies: engine + ["TestSupport"], exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "LabTUITests", dependencies: engine + ["LabTUI", "TestSupport"], exclude: ["Golden", "Fixtures"], swiftSettings: strict),
        .testTarget(name: "FaultTests", dependencies: engine + ["TestSupport"], exclude: ["Support"], swiftSettings: strict),
        .testTarget(
            name: "AilabTests",
            dependencies: engine + [
                "LabTUI", "ailab", "CSystem", "TestSupport", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
