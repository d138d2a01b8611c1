import Glibc
import LabSupport
package import LoadTest
import Telemetry

/// One load test as it goes on: other programs of the workspace see what it sends, and a stop gives what was measured until then.
package struct LoadRun: Sendable {
    package let plan: LoadPlan
    /// How far it is. A reader that stands still misses looks and holds up nothing that is measured.
    package let progress: AsyncStream<LoadProgress>
    private let feed: AsyncStream<LoadProgress>.Continuation
    private let test: LoadTest
    private let board: RequestBoard

    /// `home` is the workspace's folder.
    package init(_ plan: LoadPlan, home: String) throws {
        self.plan = plan
        Self.raiseDescriptorLimit(for: plan.pacing.connections)
        test = try LoadTest(plan)
        board = RequestBoard(home: home)
        (progress, feed) = AsyncStream.makeStream(of: LoadProgress.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Ends it early. From any thread, also from a signal's handler.
    package func stop() { test.stop() }

    /// Runs it to its end, which also ends `progress`. Throws `load.unreachable` if not even one request is answered.
    package func report() async throws -> LoadReport {
        let (posts, news) = AsyncStream.makeStream(of: RequestSample.self, bufferingPolicy: .bufferingNewest(1))
        let posting = Task { [board] in
            for await post in posts { board.post([post]) }
            board.withdraw()
        }
        let result = await outcome(news)
        feed.finish()
        news.finish()
        await posting.value
        return try result.get()
    }

    private func outcome(_ news: AsyncStream<RequestSample>.Continuation) async -> Result<LoadReport, any Error> {
        do {
            return .success(
                try await test.run { [feed] look in
                    feed.yield(look)
                    if let post = look.requests { news.yield(post) }
                })
        } catch {
            return .failure(error)
        }
    }

    /// Many connections need many descriptors; the usual limit is 1024, the one that may be asked for far higher.
    private static func raiseDescriptorLimit(for connections: Int) {
        var limit = rlimit()
        let wanted = rlim_t(connections + 64)
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
