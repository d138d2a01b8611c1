import LoadTest
import Testing

@Suite("The search for a rate") struct RateSearchTests {
    @Test func itGrowsByHalfAtFirstThenByAStepAndFallsByAFactor() {
        var search = RateSearch(start: 50, step: 10)
        search.take(handled: true)
        #expect(search.rate == 75 && search.best == 50)
        search.take(handled: true)
        #expect(!search.hasExceeded)
        search.take(handled: false)
        #expect(abs(search.rate - 78.75) < 1e-9 && search.best == 75 && search.hasExceeded)
        search.take(handled: true)
        #expect(abs(search.rate - 88.75) < 1e-9)
    }

    @Test(arguments: [37.0, 80, 143]) func itEndsNearWhatTheServerCanDo(capacity: Double) throws {
        var search = RateSearch(start: 50, step: 10)
        var tried: [Double] = []
        for _ in 0..<40 {
            tried.append(search.rate)
            search.take(handled: search.rate <= capacity)
        }
        let best = try #require(search.best)
        #expect(best <= capacity && best >= capacity - 10)
        #expect(tried.allSatisfy { $0 >= 1 })
    }

    @Test func aServerThatHandlesNothingHasNoBestRate() {
        var search = RateSearch(start: 0, step: 0)
        for _ in 0..<5 { search.take(handled: false) }
        #expect(search.rate == 1 && search.best == nil)
    }
}
