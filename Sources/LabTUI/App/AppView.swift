/// `model → frame`. It only dispatches: the screens and overlays draw.
package enum AppView {
    package static func view(_ model: AppModel) -> CellBuffer {
        var buffer = CellBuffer(model.size)
        buffer.fill(Rect(model.size), model.look[.text])
        let layout = WalkthroughLayout(model)
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
