import CCurl
import Glibc
import LabSupport

extension CurlEasy {
    private static let ordinaryBuffer = 64 << 10
    /// libcurl's maximum, so that a paced reader empties the socket with one read.
    private static let pacedBuffer = 512 << 10
    /// The size of one send. Parts of it leave the socket while the rest waits there.
    private static let uploadBuffer = 64 << 10
    /// The send buffer of a unix socket. The system wakes a sender when three quarters of it are free. With the usual 200 kB, the receiver
    /// runs dry before a busy machine wakes this thread.
    private static let sendBuffer: Int32 = 2 << 20
    private static let redirectLimit = 10

    /// Sets every option that the request needs.
    func apply(_ request: HTTPRequest, uploading upload: UploadSource?) {
        applyBasics(request)
        applyEndpoint(request)
        applyMethod(request.method, at: request.endpoint, uploading: upload)
        applyHeaders(request.headers)
    }

    /// Sets the options of a connection that libcurl only opens and secures. The caller speaks the protocol itself.
    func applyConnection(_ request: HTTPRequest) {
        applyBasics(request)
        applyEndpoint(request)
        set(CURLOPT_CONNECT_ONLY, true)
    }

    private func applyBasics(_ request: HTTPRequest) {
        set(CURLOPT_NOSIGNAL, true)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        allowHTTPOnly()
        set(CURLOPT_PATH_AS_IS, true)
        // Otherwise a proxy's "200 Connection established" would count as the response's head.
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, request.connectTimeout.wholeMilliseconds))
        set(CURLOPT_BUFFERSIZE, request.readPacing == nil ? Self.ordinaryBuffer : Self.pacedBuffer)
        set(CURLOPT_FOLLOWLOCATION, request.followsRedirects)
        set(CURLOPT_MAXREDIRS, Self.redirectLimit)
    }

    private func applyEndpoint(_ request: HTTPRequest) {
        set(CURLOPT_URL, request.url)
        switch request.endpoint {
        case .unix(let path):
            set(CURLOPT_UNIX_SOCKET_PATH, path)
            set(CURLOPT_PROXY, "")
        case .tcp(let host, _, let tls):
            set(CURLOPT_TCP_KEEPALIVE, true)
            // An empty proxy overrides the environment. If the option is not set, libcurl reads http_proxy, no_proxy and so on.
            if Loopback.contains(host: host) { set(CURLOPT_PROXY, "") }
            if let tls { applyTLS(tls) }
        }
    }

    private func applyTLS(_ tls: TLSSettings) {
        if let file = tls.authorityFile { set(CURLOPT_CAINFO, file) }
        if let file = tls.certificateFile { set(CURLOPT_SSLCERT, file) }
        if let file = tls.keyFile { set(CURLOPT_SSLKEY, file) }
        set(CURLOPT_SSL_VERIFYPEER, tls.verifiesPeer)
        set(CURLOPT_SSL_VERIFYHOST, tls.verifiesPeer ? 2 : 0)
    }

    private func applyMethod(_ method: String, at endpoint: Endpoint, uploading upload: UploadSource?) {
        if let upload {
            // UPLOAD for every method: the option for POST would add a form's content type.
            set(CURLOPT_UPLOAD, true)
            set(CURLOPT_INFILESIZE_LARGE, large: upload.length ?? -1)
            if case .unix = endpoint { widenSendBuffer() }
            set(CURLOPT_UPLOAD_BUFFERSIZE, upload.bufferSize(atMost: Self.uploadBuffer))
            set(CURLOPT_CUSTOMREQUEST, method)
            set(CURLOPT_FRESH_CONNECT, !upload.canRewind)
            addHeaderLine("Expect:")
        } else if method == "HEAD" {
            set(CURLOPT_NOBODY, true)
        } else if method != "GET" {
            set(CURLOPT_CUSTOMREQUEST, method)
        }
    }

    private func widenSendBuffer() {
        set(
            CURLOPT_SOCKOPTFUNCTION,
            socket: { _, socket, _ in
                var size = CurlEasy.sendBuffer
                let length = socklen_t(MemoryLayout<Int32>.size)
                // Only root may exceed the system's limit. Other users get as much as the limit allows.
                if setsockopt(socket, SOL_SOCKET, SO_SNDBUFFORCE, &size, length) != 0 {
                    setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, length)
                }
                return CURL_SOCKOPT_OK
            })
    }

    private func applyHeaders(_ headers: HTTPHeaders) {
        for field in headers.fields {
            addHeaderLine(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        useHeaderLines()
    }

    /// Routes the callbacks to the `Transfer` behind `context`, which must outlive the handle.
    func connectCallbacks(to context: UnsafeMutableRawPointer, uploads: Bool) {
        set(CURLOPT_PRIVATE, context: context)
        set(CURLOPT_HEADERDATA, context: context)
        set(
            CURLOPT_HEADERFUNCTION,
            data: { bytes, size, count, context in
                Transfer.from(context)?.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
                return size * count
            })
        set(CURLOPT_WRITEDATA, context: context)
        set(
            CURLOPT_WRITEFUNCTION,
            data: { bytes, size, count, context in
                guard let transfer = Transfer.from(context) else { return 0 }
                let taken = transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
                return taken ? size * count : Int(CURL_WRITEFUNC_PAUSE)
            })
        guard uploads else { return }
        set(CURLOPT_READDATA, context: context)
        set(
            CURLOPT_READFUNCTION,
            data: { bytes, size, count, context in
                let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
                return Transfer.from(context)?.send(into: buffer) ?? Int(CURL_READFUNC_ABORT)
            })
        set(CURLOPT_SEEKDATA, context: context)
        set(
            CURLOPT_SEEKFUNCTION,
            seek: { context, offset, origin in
                guard origin == SEEK_SET, let transfer = Transfer.from(context) else { return CURL_SEEKFUNC_CANTSEEK }
                return transfer.seek(to: Int64(offset)) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_CANTSEEK
            })
    }
}

extension Transfer {
    /// The transfer that libcurl passes around as a pointer.
    static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}

extension UploadSource {
    fileprivate func bufferSize(atMost limit: Int) -> Int {
        guard let length, length < Int64(limit) else { return limit }
        return max(Int(length), 16 << 10)
    }
}
