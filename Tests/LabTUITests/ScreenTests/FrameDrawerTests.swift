import LabRunner
import LabSupport
import LabTUI
import Testing

@Suite struct FrameDrawerTests {
    @Test(
        "A frame that is drawn upon the one before is the same as a whole one",
        arguments: ["first", "train", "serve"], [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40), Size(columns: 200, rows: 60)])
    func framesAreTheSame(recording: String, size: Size) throws {
        // A wide character takes two cells, on one of the sizes.
        var session = try Session.started(size.columns, size.rows, size.columns == 80 ? .zh : .en)
        var drawer = FrameDrawer()
        session.observer = { drawer.note($0) }
        session.replay(recording, count: 0)
        for event in Fixture.run(recording) {
            session.take(.journal(run: 1, [event]))
            #expect(drawer.frame(of: session.model) == session.frame, "\(event.sequence) of \(recording)")
        }
    }

    /// Each of them changes something beside the output, which the next frame must show.
    @Test(arguments: [
        AppEvent.said(Text(verbatim: "a message")), .key(.character("?")), .key(.character("2")), .key(.character("z")),
        .ticked(1_795_368_500),
        .resized(Size(columns: 90, rows: 30)), .key(.tab), .key(.up), .key(.character("/")), .key(.character("C")),
    ])
    func whatHappensBetweenIsShown(event: AppEvent) throws {
        var session = try Session.started(120, 40)
        var drawer = FrameDrawer()
        session.observer = { drawer.note($0) }
        session.replay("train", count: 0)
        let events = Fixture.run("train")
        let half = try #require(events.lastIndex { if case .output = $0.payload { true } else { false } })
        for event in events[..<half] { session.take(.journal(run: 1, [event])) }
        _ = drawer.frame(of: session.model)
        session.take(event)
        session.take(.journal(run: 1, [events[half]]))
        #expect(drawer.frame(of: session.model) == session.frame)
    }
}
