import Diagnosis
import LabSupport

/// The cures that a view shows of a finding. A key shows the others: nobody tries more than three.
struct ShownCures {
    /// The number of cures that are shown without the key.
    static let limit = 3

    let remedies: [Remedy]
    /// The number of cures that are left out.
    let others: Int

    init(_ remedies: [Remedy], all: Bool) {
        let shown = all ? remedies : Array(remedies.prefix(Self.limit))
        self.remedies = shown
        others = remedies.count - shown.count
    }

    /// Says how many cures are left out, and which key shows them.
    func note(_ model: AppModel, columns: Int) -> [RichLine] {
        guard others > 0 else { return [] }
        let key = model.settings.keys.bindings.first { $0.command == .allCures }?.keys.first?.name ?? ""
        guard !key.isEmpty else { return [] }
        let words = Text(en: others == 1 ? " 1 more cure" : " \(others) more cures", zh: " 还有 \(others) 种解决办法")
        return RichLine([Span(key, model.look[.key]), Span(model.say(words), model.look[.muted])]).wrapped(to: columns)
    }
}
