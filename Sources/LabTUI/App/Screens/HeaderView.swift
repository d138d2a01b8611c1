import LabFile
import LabRunner
import LabSupport

/// The first line: lab, engine, GPU, disk, run.
package struct HeaderView {
    private let model: AppModel

    package init(_ model: AppModel) { self.model = model }

    package func draw(in rect: Rect, on buffer: inout CellBuffer) {
        guard !rect.isEmpty else { return }
        let style = model.look[.header]
        buffer.fill(rect, style)
        let title = model.lab.spec.map { model.say($0.title) } ?? ""
        var facts = self.facts
        let separator = " \(model.look.glyphs.separator) "
        // If the line is too short, the least important facts are left out.
        while facts.count > 1, CellWidth.of(facts.joined(separator: separator)) > rect.columns - 22 { facts.removeLast() }
        let right = facts.joined(separator: separator)
        let room = rect.columns - CellWidth.of(right) - 4
        let left = ("ailab" + (title.isEmpty ? "" : "  " + title)).truncated(to: room, ellipsis: model.look.glyphs.ellipsis)
        buffer.put(left, at: rect.column + 1, rect.row, style.with(Style(-1, .bold)))
        buffer.put(right, at: rect.right - CellWidth.of(right) - 1, rect.row, style)
    }

    /// The most important first.
    package var facts: [String] { [demo, run, settings, engine, gpu, disk].compactMap(\.self).filter { !$0.isEmpty } }

    private var demo: String? { model.settings.demoSpeed.map { model.say(Phrase.demo($0)) } }

    private var run: String? {
        guard let run = model.lab.progress.run else { return nil }
        let name = model.say(Phrase.run(run.number))
        guard run.isAlive else { return nil }
        return "\(model.look.glyphs.running) \(name) \(Phrase.clock(model.now - run.began))"
    }

    /// The settings that differ from the lab's own.
    private var settings: String? {
        SettingsWords.short(SettingsChanged(model.options)).map { model.say($0) }
    }

    private var engine: String {
        switch model.lab.engine {
        case .unknown: model.say(.engineUnknown)
        case .reachable(let engine): "\(engine.kind) \(engine.version.prefix { $0 != "+" })"
        case .unreachable: "\(model.look.glyphs.failed) \(model.say(.engineUnreachable))"
        }
    }

    private var gpu: String? {
        guard let host = model.lab.host else { return nil }
        return host.gpus.first.map { host.gpus.count > 1 ? "\(host.gpus.count)× \($0)" : $0 } ?? model.say(.noGPU)
    }

    private var disk: String? { model.lab.host?.freeBytes.map { "\(ByteSize.shown($0)) \(model.say(.free))" } }
}
