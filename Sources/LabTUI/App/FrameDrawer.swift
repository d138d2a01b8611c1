import LabFile
import LabRunner

/// Draws one frame after another. If nothing but more of the shown output came since the last one, only the output's pane is drawn again.
/// In a flood of output, everything else would be most of the work.
package struct FrameDrawer {
    /// The last frame, if the next one can be drawn upon it.
    private var last: (frame: CellBuffer, layout: WalkthroughLayout)?

    package init() {}

    /// Call this for each event between two frames.
    package mutating func note(_ event: AppEvent) {
        if !event.isOnlyOutput { last = nil }
    }

    package mutating func frame(of model: AppModel) -> CellBuffer {
        if let (known, layout) = last {
            var frame = known
            AppView.drawOutput(of: model, layout, on: &frame)
            assert(frame == AppView.view(model), "something beside the output changed")
            last = (frame, layout)
            return frame
        }
        let layout = WalkthroughLayout(model)
        let frame = AppView.view(model, layout)
        if Self.followsOutput(model, layout) { last = (frame, layout) }
        return frame
    }

    /// Nothing outside of the output's pane depends on how much output there is.
    private static func followsOutput(_ model: AppModel, _ layout: WalkthroughLayout) -> Bool {
        let state = model.walkthrough
        guard layout.mode == .full || layout.mode == .compact, model.overlays.isEmpty, model.message == nil, let task = state.selected
        else {
            return false
        }
        let isLooking = state.logView.filter.isOn || !state.logView.search.isEmpty
        return state.tab == .output && !isLooking && !state.log.isEmpty && model.lab.progress.working.contains(task)
    }
}

extension AppEvent {
    /// It only brings more output of tasks that are running.
    fileprivate var isOnlyOutput: Bool {
        switch self {
        case .outputRead, .framePaced: true
        case .journal(_, let events): events.allSatisfy { if case .output = $0.payload { true } else { false } }
        case .key, .pasted, .mouse, .resized, .background, .ticked, .labLoaded, .labFailed, .workspaceJournal, .runClosed, .historyRead,
            .engine, .host, .prepared, .launched, .looked, .examined, .examinationEnded, .diagnosed, .fileRead, .fileExamined,
            .pictureRead, .telemetry, .said, .failed, .terminalReturned, .removable, .cleanable, .glossaryRead, .commandWordsRead,
            .settingsWeighed, .demoEnded, .pathsFound, .predicted, .boxSettled, .terminated:
            false
        }
    }
}
