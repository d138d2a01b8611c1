import Glibc
import Testing

@testable import LabTUI

@Suite struct FrameCaptureTests {
    private func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        #expect(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    }

    private func place(_ descriptor: Int32) -> [UInt64] {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : []
    }

    @Test("What is written during a frame comes back in one piece, and nothing of the frame before")
    func pieces() {
        let capture = FrameCapture()
        defer { close(capture.output) }
        let long = capture.text {
            write("first frame, ", to: capture.output)
            write("second piece", to: capture.output)
        }
        #expect(String(decoding: long, as: UTF8.self) == "first frame, second piece")
        #expect(String(decoding: capture.text { write("short", to: capture.output) }, as: UTF8.self) == "short")
        #expect(capture.text {}.isEmpty)
    }

    @Test("Outside of a frame, curses writes to the terminal")
    func outside() {
        let capture = FrameCapture()
        #expect(place(capture.output) == place(STDOUT_FILENO))
        _ = capture.text { #expect(place(capture.output) != place(STDOUT_FILENO)) }
        #expect(place(capture.output) == place(STDOUT_FILENO))
        close(capture.output)
    }
}
