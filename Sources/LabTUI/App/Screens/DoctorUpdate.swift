import Diagnosis
import Doctor
import LabFile

/// Handles keys and events of the box.
enum DoctorUpdate {
    /// Opens the box. The first time, this also starts the checks.
    static func open(_ model: inout AppModel) -> [AppEffect] {
        guard isLive(&model) else { return [] }
        model.overlays.removeAll { if case .doctor = $0 { true } else { false } }
        model.overlays.append(.doctor(DoctorBox()))
        return model.lab.doctor.results.isEmpty && !model.lab.doctor.isRunning ? start(&model) : []
    }

    /// Starts the checks again, for a view without a box.
    static func begin(_ model: inout AppModel) -> [AppEffect] {
        isLive(&model) && !model.lab.doctor.isRunning ? start(&model) : []
    }

    /// A demo checks no machine, so a view that waits for results would wait forever.
    private static func isLive(_ model: inout AppModel) -> Bool {
        guard model.settings.demoSpeed != nil else { return true }
        model.tell(.demoOnly)
        return false
    }

    static func pressed(_ key: Key, _ box: DoctorBox, _ model: inout AppModel) -> [AppEffect] {
        var box = box
        let rows = DoctorRow.rows(model.lab.doctor, lab: model.lab.spec?.id)
        let index = rows.firstIndex { $0.id == box.selected } ?? 0
        if let moved = OverlayUpdate.moved(key, index, count: rows.count, page: max(1, model.size.rows - 6)) {
            box.selected = rows.indices.contains(moved) ? rows[moved].id : nil
            OverlayUpdate.replace(.doctor(box), &model)
            return []
        }
        switch key {
        case .enter, .right, .left:
            guard rows.indices.contains(index) else { return [] }
            let id = rows[index].id
            if box.unfolded.remove(id) == nil { box.unfolded.insert(id) }
            box.selected = id
            OverlayUpdate.replace(.doctor(box), &model)
        case .character("r"), .character("v"): return model.lab.doctor.isRunning ? [] : start(&model)
        case .character("y"): return copy(rows.indices.contains(index) ? rows[index] : nil, &model)
        case .character("q"), .character("d"): return OverlayUpdate.close(&model)
        case .character("A"): model.walkthrough.showsAllCures.toggle()
        case .character("L"): return CommandUpdate.perform(.language, &model)
        default: break
        }
        return []
    }

    static func came(_ result: ProbeResult, _ model: inout AppModel) {
        model.lab.doctor.results.removeAll { $0.id == result.id }
        model.lab.doctor.results.append(result)
    }

    private static func start(_ model: inout AppModel) -> [AppEffect] {
        model.lab.doctor = DoctorState()
        model.lab.doctor.isRunning = true
        return [.doctor(model.size)]
    }

    /// Copies the commands of the first cure that has any.
    private static func copy(_ row: DoctorRow?, _ model: inout AppModel) -> [AppEffect] {
        guard let commands = row?.result.finding?.remedies.first(where: { !$0.commands.isEmpty })?.commands else {
            model.tell(.copiedNothing)
            return []
        }
        model.tell(.copied)
        return [.terminal(.copy(commands.joined(separator: "\n")))]
    }
}
