package import Telemetry

/// The loop of `ailab top`: it takes samples and keys, and paints frames.
package struct TopLoop<S: Screen> {
    private let screen: S
    private let mailbox: Mailbox<AppEvent>

    package init(screen: S, mailbox: Mailbox<AppEvent>) {
        self.screen = screen
        self.mailbox = mailbox
    }

    /// Runs until the student quits. `samples` comes from a sampler or from a recording.
    package func run(_ model: TopModel, samples: AsyncStream<TelemetrySample>) async throws {
        var model = model
        model.size = try await screen.open()
        let mailbox = mailbox
        let measuring = Task.detached { for await sample in samples { mailbox.send(.telemetry([sample])) } }
        var painted = TopView.view(model)
        await screen.paint(painted)
        var isQuitting = false
        while !isQuitting {
            for event in await mailbox.nextBatch() {
                switch TopUpdate.update(&model, event) {
                case .quit: isQuitting = true
                case .redraw: await screen.redraw(painted)
                case .stop: await screen.stop()
                case nil: break
                }
            }
            let frame = TopView.view(model)
            guard frame != painted, !isQuitting else { continue }
            await screen.paint(frame)
            painted = frame
        }
        measuring.cancel()
        await screen.close()
    }
}
