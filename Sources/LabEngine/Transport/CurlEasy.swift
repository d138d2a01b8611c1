package import CCurl
import Glibc

/// One libcurl easy handle and the memory that libcurl borrows from it.
///
/// Created and destroyed on the loop's thread. Remove it from the multi handle before it is destroyed.
package final class CurlEasy {
    package let handle: UnsafeMutableRawPointer
    /// The code of the first option that libcurl refused.
    private(set) var refusal: CURLcode?
    private let message: UnsafeMutablePointer<CChar>
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var places: UnsafeMutablePointer<curl_slist>?

    package init?() {
        guard let handle = cc_easy_init() else { return nil }
        self.handle = handle
        // libcurl writes here until the handle is gone, so this memory cannot belong to a Swift array.
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        note(cc_set_ptr(handle, CURLOPT_ERRORBUFFER, message))
    }

    deinit {
        cc_easy_cleanup(handle)
        cc_slist_free_all(headers)
        cc_slist_free_all(places)
        message.deallocate()
    }

    package func set(_ option: CURLoption, _ value: Int) { note(cc_set_long(handle, option, value)) }

    package func set(_ option: CURLoption, _ value: Bool) { note(cc_set_long(handle, option, value ? 1 : 0)) }

    package func set(_ option: CURLoption, large value: Int64) { note(cc_set_off(handle, option, curl_off_t(value))) }

    package func set(_ option: CURLoption, _ value: String) { note(cc_set_str(handle, option, value)) }

    package func set(_ option: CURLoption, context: UnsafeMutableRawPointer) { note(cc_set_ptr(handle, option, context)) }

    package func set(_ option: CURLoption, data function: cc_data_fn) { note(cc_set_data_fn(handle, option, function)) }

    func set(_ option: CURLoption, socket function: cc_sockopt_fn) { note(cc_set_sockopt_fn(handle, option, function)) }

    func set(_ option: CURLoption, seek function: cc_seek_fn) { note(cc_set_seek_fn(handle, option, function)) }

    /// Refuses other protocols, even if a server redirects to one.
    func allowHTTPOnly() { note(cc_allow_http_only(handle)) }

    /// Adds one line in libcurl's notation: `Name: value`, `Name;` for an empty value, `Name:` to omit a default field.
    package func addHeaderLine(_ line: String) {
        guard let longer = cc_slist_append(headers, line) else { return note(CURLE_OUT_OF_MEMORY) }
        headers = longer
    }

    /// Passes the collected lines to libcurl, which keeps only the pointer.
    package func useHeaderLines() {
        if let headers { note(cc_set_slist(handle, CURLOPT_HTTPHEADER, headers)) }
    }

    /// Connects to another place than the URL names, in libcurl's notation: `host:port:address:port`.
    package func connectTo(_ place: String) {
        places = cc_slist_append(places, place)
        if let places { note(cc_set_slist(handle, CURLOPT_CONNECT_TO, places)) }
    }

    package func long(_ info: CURLINFO) -> Int {
        var value = 0
        return cc_info_long(handle, info, &value) == CURLE_OK ? value : 0
    }

    func microseconds(_ info: CURLINFO) -> Duration {
        var value: curl_off_t = 0
        return cc_info_off(handle, info, &value) == CURLE_OK ? .microseconds(Int64(value)) : .zero
    }

    /// libcurl's own explanation of `code`.
    package func explanation(of code: CURLcode) -> String {
        message[0] != 0 ? String(cString: message) : String(cString: cc_easy_strerror(code))
    }

    private func note(_ code: CURLcode) {
        if code != CURLE_OK, refusal == nil { refusal = code }
    }
}
