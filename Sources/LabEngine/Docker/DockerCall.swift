import HTTPTransport

/// One API call, before it becomes a request.
struct DockerCall {
    var operation: DockerOperation
    var method: String
    var path: String
    var query = HTTPQuery()
    var body: HTTPBody?
    var contentType: String?
    var headers: HTTPHeaders = [:]
    var deadline = DockerDeadline.question
    var readPacing: Duration?
    var deliveryPacing: Duration?
    /// The newest version whose response has what this client reads. Nil: any.
    var newestVersion: APIVersion?
}
