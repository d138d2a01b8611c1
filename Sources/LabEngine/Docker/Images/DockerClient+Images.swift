package import HTTPTransport

extension DockerClient {
    /// Pulls an image. The engine may work for a long time before it responds, so the timeout for the head is long.
    package func pullImage(_ name: String, platform: String? = nil) async throws -> EventStream<PullInterpreter> {
        let reference = ImageReference(name)
        let operation = DockerOperation.pull(reference.description)
        let query: HTTPQuery = ["fromImage": reference.repository, "tag": reference.digest ?? reference.tag, "platform": platform]
        let deadline = DockerDeadline(head: .seconds(180), idle: .seconds(600))
        let response = try await open(
            DockerCall(operation: operation, method: "POST", path: "/images/create", query: query, deadline: deadline))
        return EventStream(response.body, PullInterpreter(operation))
    }

    /// Makes a one-layer image from a tar archive of a file system, as `docker import` does. Returns the image's ID.
    package func importImage(from tar: HTTPBody, as name: String, changes: [String] = [], message: String? = nil) async throws -> String {
        let reference = ImageReference(name)
        let operation = DockerOperation.image(name, verb: "import")
        // The tag must be part of `repo`: Podman ignores `tag` here and names everything `latest`.
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

    /// Adds another name to an image.
    package func tagImage(_ source: String, as name: String) async throws {
        let reference = ImageReference(name)
        try await perform(
            imageCall(source, "POST", "/tag", verb: "tag", query: ["repo": reference.repository, "tag": reference.tag]))
    }

    /// An image in detail. Throws `DockerError` with status 404 if it does not exist.
    package func inspectImage(_ name: String) async throws -> ImageDetails {
        try await value(imageCall(name, "GET", "/json", verb: "inspect"))
    }

    /// An image in detail, or nil if it does not exist.
    package func imageIfPresent(_ name: String) async throws -> ImageDetails? {
        do {
            return try await inspectImage(name)
        } catch let error as DockerError where error.status == 404 {
            return nil
        }
    }

    /// Lists images, optionally only those with all of `labels` (`name` or `name=value`) or with a name that matches `reference`.
    package func listImages(all: Bool = false, labels: [String] = [], reference: String? = nil) async throws -> [ImageSummary] {
        var filters: [String: [String]] = [:]
        if !labels.isEmpty { filters["label"] = labels }
        if let reference { filters["reference"] = [reference] }
        var query = HTTPQuery()
        query.append("all", flag: all)
        if !filters.isEmpty { query.append("filters", try Self.jsonText(filters)) }
        return try await value(DockerCall(operation: .engine("list images"), method: "GET", path: "/images/json", query: query))
    }

    /// Removes an image's name. If it was the last name, this also removes the layers.
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
