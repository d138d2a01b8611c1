/// One message of a build's progress, as BuildKit sends it: `StatusResponse` in
/// https://github.com/moby/buildkit/blob/master/api/services/control/control.proto. Only the fields that ailab reads.
struct BuildKitStatus: Equatable {
    /// The instructions and internal steps that changed.
    var vertexes: [Vertex] = []
    /// Parts of them that count something, such as layers of a download.
    var statuses: [Status] = []
    var logs: [Log] = []
    var warnings: [Warning] = []

    struct Vertex: Equatable {
        var digest = ""
        var name = ""
        var isCached = false
        /// Seconds since 1970.
        var started: Double?
        var completed: Double?
        /// Empty unless it failed.
        var error = ""
    }

    struct Status: Equatable {
        var id = ""
        var vertex = ""
        var current: Int64 = 0
        var total: Int64 = 0
        var isComplete = false
    }

    struct Log: Equatable {
        var vertex = ""
        var time: Double?
        /// 1 is standard output, 2 standard error.
        var stream: Int64 = 0
        var message: [UInt8] = []
    }

    struct Warning: Equatable {
        var vertex = ""
        var short = ""
        var detail: [String] = []
        var url = ""
        /// The first line of the Dockerfile that it's about.
        var line: Int?
    }

    init(_ message: [UInt8]) throws(ProtobufError) {
        try Self.fields(message[...]) { number, value throws(ProtobufError) in
            guard let part = value.bytes else { return }
            switch number {
            case 1: vertexes.append(try Vertex(part))
            case 2: statuses.append(try Status(part))
            case 3: logs.append(try Log(part))
            case 4: warnings.append(try Warning(part))
            default: break
            }
        }
    }

    /// Calls `body` for each field.
    static func fields(
        _ bytes: ArraySlice<UInt8>, _ body: (Int, ProtobufReader.Value) throws(ProtobufError) -> Void
    ) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() { try body(field.number, field.value) }
    }

    /// `google.protobuf.Timestamp` as seconds since 1970.
    static func time(_ value: ProtobufReader.Value) throws(ProtobufError) -> Double? {
        guard let bytes = value.bytes else { return nil }
        var seconds: Int64 = 0
        var nanoseconds: Int64 = 0
        try fields(bytes) { number, value throws(ProtobufError) in
            if number == 1 { seconds = value.number ?? 0 }
            if number == 2 { nanoseconds = value.number ?? 0 }
        }
        return Double(seconds) + Double(nanoseconds) / 1e9
    }
}

extension BuildKitStatus.Vertex {
    fileprivate init(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        try BuildKitStatus.fields(bytes) { number, value throws(ProtobufError) in
            switch number {
            case 1: digest = value.text ?? ""
            case 3: name = value.text ?? ""
            case 4: isCached = value.number == 1
            case 5: started = try BuildKitStatus.time(value)
            case 6: completed = try BuildKitStatus.time(value)
            case 7: error = value.text ?? ""
            default: break
            }
        }
    }
}

extension BuildKitStatus.Status {
    fileprivate init(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        try BuildKitStatus.fields(bytes) { number, value throws(ProtobufError) in
            switch number {
            case 1: id = value.text ?? ""
            case 2: vertex = value.text ?? ""
            case 4: current = value.number ?? 0
            case 5: total = value.number ?? 0
            case 8: isComplete = true
            default: break
            }
        }
    }
}

extension BuildKitStatus.Log {
    fileprivate init(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        try BuildKitStatus.fields(bytes) { number, value throws(ProtobufError) in
            switch number {
            case 1: vertex = value.text ?? ""
            case 2: time = try BuildKitStatus.time(value)
            case 3: stream = value.number ?? 0
            case 4: message = value.bytes.map(Array.init) ?? []
            default: break
            }
        }
    }
}

extension BuildKitStatus.Warning {
    fileprivate init(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        try BuildKitStatus.fields(bytes) { number, value throws(ProtobufError) in
            switch number {
            case 1: vertex = value.text ?? ""
            case 3: short = value.text ?? ""
            case 4: if let text = value.text { detail.append(text) }
            case 5: url = value.text ?? ""
            case 7: if line == nil, let range = value.bytes { line = try Self.firstLine(range) }
            default: break
            }
        }
    }

    /// `Range { Position start = 1; Position end = 2; }`, `Position { int32 line = 1; int32 character = 2; }`.
    private static func firstLine(_ range: ArraySlice<UInt8>) throws(ProtobufError) -> Int? {
        var line: Int?
        try BuildKitStatus.fields(range) { number, value throws(ProtobufError) in
            guard number == 1, let start = value.bytes else { return }
            try BuildKitStatus.fields(start) { number, value throws(ProtobufError) in
                if number == 1 { line = value.number.flatMap { Int(exactly: $0) } }
            }
        }
        return line
    }
}
