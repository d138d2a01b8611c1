import ContainerEngine
package import Diagnosis
import HTTPTransport
import LabFile
import LabRunner
package import LabSupport

/// Names the cause of a failure by what was printed.
package enum OutputDiagnosis {
    /// The step of a lab that failed.
    package struct FailedStep: Sendable {
        package var lab: OpenedLab
        package var selection: String
        /// The words that mean the lab in another command. None for the usual one.
        package var labWords: [String]

        package init(lab: OpenedLab, selection: String, labWords: [String]) {
            self.lab = lab
            self.selection = selection
            self.labWords = labWords
        }
    }

    /// Where a captured output comes from.
    package enum Source: Sendable {
        /// This machine.
        case here
        /// Another machine.
        case elsewhere
        /// Nobody said. What the output reveals comes first.
        case unknown
    }

    /// The findings in output that a person captured, the best first. `environment` is that of this machine.
    package static func findings(
        in bytes: [UInt8], from source: Source, places: [Symptom.Place], step: FailedStep?, environment: [String: String]
    ) async throws -> [Finding] {
        var context = DiagnosisContext(places: Set(places.map(\.rawValue)))
        switch source {
        case .elsewhere: break
        case .here, .unknown: context.facts = await EngineFinder.facts(http: CurlHTTPClient.shared, environment: environment)
        }
        if case .here = source { context.isHere = true }
        if let step { try add(step, isPlaceKnown: !places.isEmpty, to: &context) }
        return Diagnosis.diagnose(output: CapturedText.decode(bytes), context: context)
    }

    private static func add(_ step: FailedStep, isPlaceKnown: Bool, to context: inout DiagnosisContext) throws {
        let lab = step.lab
        let tasks = Set(try lab.tasks(step.selection))
        if !isPlaceKnown { for task in lab.spec.tasks where tasks.contains(task.id) { context.places.formUnion(task.action.places) } }
        let builtIns = BuiltIns.values(lab.workspace, lab: lab.spec, device: "cpu", environment: lab.environment)
        let variables = try LabVariables.resolve(spec: lab.spec, builtIns: builtIns).filter { name, _ in builtIns[name] == nil }
        context.isLab = true
        let again = ([step.selection] + step.labWords.map(ShellWord.quoted)).joined(separator: " ")
        context.facts = context.facts.with(["STEP": again], variables: variables)
    }

    /// The findings in what a run printed, together with the failure's own words.
    package static func findings(in bytes: [UInt8], failure: LabError?) -> [Finding] {
        let words = failure.map { "\n\($0.cause ?? $0.message.en)\n" } ?? ""
        let context = DiagnosisContext(exitCode: failure?.exitCode, isLab: true)
        return Diagnosis.diagnose(output: CapturedText.decode(bytes + Array(words.utf8)), context: context)
    }
}
