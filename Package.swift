// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "ailab",
    products: [
        .executable(name: "ailab", targets: ["ailab"])
    ],
    dependencies: [
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    ],
    targets: [
        .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CNcursesw", providers: [.apt(["libncurses-dev"])]),
        .target(name: "CCurl"),
        .target(name: "CNVML"),
        .target(name: "CSystem"),
        .target(name: "CSymptoms"),
        .target(name: "CTerminal"),
        .target(
            name: "LabEngine",
            dependencies: [
                "CCurl", "CNVML", "CSymptoms", "CSystem", "CYAML", .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            swiftSettings: strict
        ),
        .target(name: "LabTUI", dependencies: ["LabEngine", "CNcursesw", "CTerminal"], swiftSettings: strict),
        .executableTarget(
            name: "ailab",
            dependencies: ["LabEngine", "LabTUI", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: strict
        ),
        .target(name: "TestSupport", dependencies: ["LabEngine", "LabTUI", "CSystem"], path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "LabEngineTests", dependencies: ["LabEngine", "TestSupport"], exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "LabTUITests", dependencies: ["LabTUI", "TestSupport"], exclude: ["Golden", "Fixtures"], swiftSettings: strict),
        .testTarget(name: "FaultTests", dependencies: ["LabEngine", "TestSupport"], exclude: ["Support"], swiftSettings: strict),
        .testTarget(name: "AilabTests", dependencies: ["ailab", "CSystem", "LabEngine", "TestSupport"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
