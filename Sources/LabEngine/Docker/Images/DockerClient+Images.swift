package import HTTPTransport

extension DockerClient {
    /// Fetches an image from its registry. The engine may work for long before it says anything, hence the long wait for the head.
    package func pullImage(_ name: String, platform: String? = nil) async throws -> EventStream<PullInterpreter> {
        let reference = ImageReference(name)
        let operation = DockerOperation.pull(reference.description)
        let query: HTTPQuery = ["fromImage": reference.repository, "tag": reference.digest ?? reference.tag, "platform": platform]
        let deadline = DockerDeadline(head: .seconds(180), idle: .seconds(600))
        let response = try await open(
            DockerCall(operation: operation, method: "POST", path: "/images/create", query: query, deadline: deadline))
        return EventStream(response.body, PullInterpreter(operation))
    }

    /// Makes an image of one layer from a tar archive of a file system, as `docker import` does. Returns the image's id.
    package func importImage(from tar: HTTPBody, as name: String, changes: [String] = [], message: String? = nil) async throws -> String {
        let reference = ImageReference(name)
        let operation = DockerOperation.image(name, verb: "import")
        // The tag goes along with the name: Podman overlooks a `tag` here and calls everything `latest`.
        var query: HTTPQuery = ["fromSrc": "-", "repo": "\(reference.repository):\(reference.tag ?? "latest")", "message": message]
        query.append("changes", each: changes)
        let response = try await open(
            DockerCall(
                operation: operation, method: "POST", path: "/images/create", query: query, body: tar, contentType: "application/x-tar",
                deadline: .none))
        var id: String?
        for try await event in EventStream(response.body, PullInterpreter(operation)) {
            if case .message(let text) = event, text.hasPrefix("sha256:") { id = text }
        }
        guard let id else { throw DockerProtocolError("import of \(name)", "the stream ended without an image") }
        return id
    }

    /// Loads the images of an archive that `docker save` wrote. Returns the engine's lines, such as `Loaded image: alpine:latest`.
    package func loadImages(from tar: HTTPBody) async throws -> [String] {
        let operation = DockerOperation.image("", verb: "load")
        let response = try await open(
            DockerCall(
                operation: operation, method: "POST", path: "/images/load", query: ["quiet": "1"], body: tar,
                contentType: "application/x-tar", deadline: .none))
        var lines: [String] = []
        for try await line in JSONLines<ProgressLine>(response.body) {
            if let failure = line.failure(operation) { throw failure }
            if let text = line.stream?.trimmingWhitespace(), !text.isEmpty { lines.append(text) }
        }
        return lines
    }

    /// Gives an image a further name.
    package func tagImage(_ source: String, as name: String) async throws {
        let reference = ImageReference(name)
        try await perform(
            imageCall(source, "POST", "/tag", verb: "tag", query: ["repo": reference.repository, "tag": reference.tag]))
    }

    /// An image in detail; `DockerError` with status 404 where there is none.
    package func inspectImage(_ name: String) async throws -> ImageDetails {
        try await value(imageCall(name, "GET", "/json", verb: "inspect"))
    }

    /// An image in detail, nil where there is none.
    package func imageIfPresent(_ name: String) async throws -> ImageDetails? {
        do {
            return try await inspectImage(name)
        } catch let error as DockerError where error.status == 404 {
            return nil
        }
    }

    /// The images of the engine, optionally only those with all of `labels` (`name` or `name=value`) or with a name like `reference`.
    package func listImages(all: Bool = false, labels: [String] = [], reference: String? = nil) async throws -> [ImageSummary] {
        var filters: [String: [String]] = [:]
        if !labels.isEmpty { filters["label"] = labels }
        if let reference { filters["reference"] = [reference] }
        var query = HTTPQuery()
        query.append("all", flag: all)
        if !filters.isEmpty { query.append("filters", try Self.jsonText(filters)) }
        return try await value(DockerCall(operation: .engine("list images"), method: "GET", path: "/images/json", query: query))
    }

    /// Removes an image's name, and its layers when it was the last name.
    @discardableResult
    package func removeImage(_ name: String, force: Bool = false) async throws -> [ImageRemoval] {
        var call = imageCall(name, "DELETE", "", verb: "remove")
        call.query.append("force", flag: force)
        call.deadline = .work
        return try await value(call)
    }

    private func imageCall(_ name: String, _ method: String, _ end: String, verb: String, query: HTTPQuery = [:]) -> DockerCall {
        DockerCall(
            operation: .image(name, verb: verb), method: method, path: "/images/\(HTTPQuery.encodePath(name))\(end)", query: query)
    }
}
