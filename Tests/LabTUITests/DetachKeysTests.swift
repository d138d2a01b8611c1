import LabTUI
import Testing

@Suite struct DetachKeysTests {
    @Test func bothKeysLeaveAlsoInTwoPieces() {
        var keys = DetachKeys()
        #expect(keys.take([0x61, 0x10]) == (passed: [0x61], leaves: false))
        #expect(keys.take([0x11, 0x62]) == (passed: [], leaves: true))
    }

    @Test func aFirstKeyThatMeantItselfIsPassedOn() {
        var keys = DetachKeys()
        #expect(keys.take([0x10, 0x62]) == (passed: [0x10, 0x62], leaves: false))
        #expect(keys.take([0x10, 0x10]) == (passed: [0x10], leaves: false))
        #expect(keys.take([0x11]) == (passed: [], leaves: true))
    }

    @Test func theSecondKeyAloneIsOrdinary() {
        var keys = DetachKeys()
        #expect(keys.take([0x11, 0x61]) == (passed: [0x11, 0x61], leaves: false))
    }
}
