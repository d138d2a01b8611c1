/// `model → frame`. It only dispatches: the screens and overlays draw.
package enum AppView {
    package static func view(_ model: AppModel) -> CellBuffer { view(model, WalkthroughLayout(model)) }

    /// Draws the pane of the output again, on a frame of the same layout.
    static func drawOutput(of model: AppModel, _ layout: WalkthroughLayout, on frame: inout CellBuffer) {
        WalkthroughView(model).drawLive(layout, on: &frame)
        frame.underlay(model.look.ground)
    }

    static func view(_ model: AppModel, _ layout: WalkthroughLayout) -> CellBuffer {
        var buffer = CellBuffer(model.size)
        buffer.fill(Rect(model.size), model.look[.text])
        switch layout.mode {
        case .sentence: LinearView(model).sentence(on: &buffer)
        case .linear: LinearView(model).draw(on: &buffer)
        case .compact, .full: WalkthroughView(model).draw(layout, on: &buffer)
        }
        if layout.mode != .sentence {
            for overlay in model.overlays {
                // The screen behind a box is dimmed, so that no cut word catches the eye.
                if overlay.isBox { buffer.cover(Rect(model.size).inset(rows: 1), model.look[.muted]) }
                OverlayView(model).draw(overlay, on: &buffer)
            }
        }
        buffer.underlay(model.look.ground)
        return buffer
    }
}
