package import LabFile
import LabSupport
import Telemetry

/// Checks what only the telemetry can know of a lab: whether it can ask the lab's schedulers.
package enum LabSchedulerCheck {
    /// A mistake for each scheduler of an unknown kind. The lab itself was read without errors.
    package static func diagnostics(_ spec: LabSpec) -> [LabDiagnostic] {
        let kinds = SchedulerKind.allCases.map(\.rawValue)
        return spec.schedulers.compactMap { scheduler in
            guard !kinds.contains(scheduler.kind), let place = scheduler.kindPosition else { return nil }
            let known = kinds.map { "`\($0)`" }
            return LabDiagnostic(
                .error, file: place.file, line: place.line, column: place.column,
                message: Text(
                    en: "ailab can't ask a scheduler of the kind `\(scheduler.kind)`; it knows \(Text.words(known).en)",
                    zh: "ailab 无法查询 `\(scheduler.kind)` 类型的调度器；支持的类型：\(Text.words(known).zh)"),
                suggestion: NearestWord.to(scheduler.kind, among: kinds))
        }
    }
}
