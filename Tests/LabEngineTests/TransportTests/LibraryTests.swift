import Testing

@testable import HTTPTransport
@testable import LabRunner
@testable import LabSupport

@Suite("Transport: libcurl itself") struct TransportLibraryTests {
    @Test("What is not there, and what lacks a function, is named with its reason")
    func missing() throws {
        let error = try #require(throws: LabError.self) { try CurlLibrary.open(["/nowhere/libcurl.so.4", "libc.so.6"]) }
        #expect(error.code == .transportLibraryMissing && error.exitStatus == 3)
        #expect(error.cause?.contains("/nowhere/libcurl.so.4: cannot open") == true, "\(error)")
        #expect(error.cause?.contains("libc.so.6: no function curl_global_init") == true, "\(error)")
    }

    @Test("One that is there and too old is updated, and not installed")
    func old() throws {
        let old = try #require(throws: LabError.self) { try CurlLibrary.open(["/nowhere/libcurl.so.4", "libc.so.6"]) }
        #expect(old.hint?.en.contains("7.68 or newer") == true && old.hint?.zh.contains("7.68") == true, "\(old)")
        let absent = try #require(throws: LabError.self) { try CurlLibrary.open(["/nowhere/libcurl.so.4"]) }
        #expect(absent.hint?.en.contains("7.68") == false, "\(absent)")
    }

    @Test("The one of this machine says its version")
    func found() throws {
        try CurlLibrary.load()
        #expect(CurlLibrary.version.hasPrefix("libcurl/"))
    }
}
