import FoundationEssentials
import Testing

@testable import Diagnosis
@testable import LabSupport

@Suite("Which torch runs on which card") struct WheelTableTests {
    private let symptoms = SymptomLoader.builtIn

    private func install(_ named: [String: String], isWindows: Bool = false) -> String {
        WheelTable(rows: symptoms.wheels, drivers: symptoms.drivers).values(named, isWindows: isWindows)["TORCH"] ?? ""
    }

    @Test("no row is older than a year") func age() throws {
        #expect(symptoms.wheels.count > 5)
        let rows = symptoms.wheels.map { ($0.install, $0.source, $0.date) } + [("drivers", symptoms.drivers.source, symptoms.drivers.date)]
        for (name, source, day) in rows {
            let date = try Date("\(day)T00:00:00Z", strategy: .iso8601)
            #expect(Date.now.timeIntervalSince(date) < 366 * 86_400, "check again: \(name), \(source)")
            #expect(source.hasPrefix("https://"))
        }
    }

    @Test("no set-up is older than a year, and each cure finds its own") func setups() throws {
        #expect(symptoms.setups.count > 5)
        for row in symptoms.setups {
            let date = try Date("\(row.date)T00:00:00Z", strategy: .iso8601)
            #expect(Date.now.timeIntervalSince(date) < 366 * 86_400, "check again: \(row.name), \(row.source)")
            #expect(row.source.hasPrefix("https://") && !row.commands.isEmpty)
        }
        for cure in symptoms.causes.flatMap(\.cures) where cure.setup != nil { #expect(!cure.variants.isEmpty, "\(cure.text.en)") }
        let used = Set(symptoms.causes.flatMap(\.cures).compactMap(\.setup))
        #expect(Set(symptoms.setups.map(\.name)) == used)
    }

    @Test("a driver that the table doesn't have supports what the one before it does") func drivers() {
        #expect(install(["DRIVER": "999"]) == "torch torchvision")
        #expect(install(["DRIVER": "536"]).hasSuffix("cu126"))
        #expect(install(["DRIVER": "471"]).hasSuffix("cu118"))
        #expect(install(["DRIVER_CUDA": "10020"]).hasSuffix("cu102"))
        #expect(install(["DRIVER": "390"]).hasSuffix("cpu"))
        #expect(install(["CARD": "35"]).hasSuffix("cpu"))
        #expect(install(["CARD": "37"]).hasSuffix("cu113"))
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
