import LabFile
import LabSupport

/// A text of any value that is the same in every process. Dictionaries are sorted, because their order differs between processes.
enum Canonical {
    static func text(_ value: Any) -> String {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .dictionary?:
            let pairs = mirror.children.map { pair in
                Mirror(reflecting: pair.value).children.map { text($0.value) }.joined(separator: ":")
            }
            return "{\(pairs.sorted().joined(separator: ","))}"
        case .optional?: return mirror.children.first.map { text($0.value) } ?? "-"
        case .collection?: return "[\(mirror.children.map { text($0.value) }.joined(separator: ","))]"
        case .set?: return "{\(mirror.children.map { text($0.value) }.sorted().joined(separator: ","))}"
        // Strings are quoted. Otherwise two strings would look the same as one string with a comma.
        case nil: return (value as? String).map { JSONText.array([$0]) } ?? "\(value)"
        default:
            if mirror.children.isEmpty { return "\(value)" }
            return "(\(mirror.children.map { "\($0.label ?? "")=\(text($0.value))" }.joined(separator: ",")))"
        }
    }

    /// The values of an action that its task's fingerprint depends on.
    static func text(of action: LabAction) -> String {
        action.runnable.hashedValue.map { "(\(action.key)=\(text($0)))" } ?? action.key
    }
}
