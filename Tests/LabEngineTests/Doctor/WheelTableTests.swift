import FoundationEssentials
import Testing

@testable import Diagnosis

@Suite("Which torch runs on which card") struct WheelTableTests {
    private let symptoms = SymptomLoader.builtIn

    private func install(_ named: [String: String], isWindows: Bool = false) -> String {
        WheelTable(rows: symptoms.wheels, drivers: symptoms.drivers).values(named, isWindows: isWindows)["TORCH"] ?? ""
    }

    @Test("no row is older than a year") func age() throws {
        #expect(symptoms.wheels.count > 5)
        for row in symptoms.wheels {
            let date = try Date("\(row.date)T00:00:00Z", strategy: .iso8601)
            #expect(Date.now.timeIntervalSince(date) < 366 * 86_400, "check again: \(row.install), \(row.source)")
            #expect(row.source.hasPrefix("https://"))
        }
    }

    @Test("cards, drivers and Pythons") func rows() {
        #expect(install(["CARD": "120"]) == "torch torchvision")
        #expect(install(["CARD": "120"], isWindows: true).hasSuffix("cu130"))
        #expect(install(["CARD": "120", "DRIVER_CUDA": "12080"]).hasSuffix("cu128"))
        #expect(install(["CARD": "120", "DRIVER": "570"]).hasSuffix("cu128"))
        #expect(install(["CARD": "61"]).hasSuffix("cu126"))
        #expect(install(["CARD": "86", "PYTHON_VERSION": "3.7"]).hasSuffix("cu117"))
        #expect(install(["CARD": "86", "DRIVER": "580"]) == "torch torchvision")
        #expect(install(["DRIVER_CUDA": "11040"]).hasSuffix("cu118"))
        #expect(install(["DRIVER_CUDA": "12.2"]).hasSuffix("cu126"))
        #expect(install([:]).hasSuffix("cu126"))
    }
}
