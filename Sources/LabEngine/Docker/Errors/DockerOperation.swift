/// What the client asked of the engine. A status means different things for different operations: 404 is a missing image for `create`,
/// and a missing container for `start`.
package enum DockerOperation: Sendable, Equatable {
    case engine(String)
    case image(String, verb: String)
    case pull(String)
    case build(String)
    case create(image: String, name: String?)
    case start(String)
    case container(String, verb: String)
    case exec(container: String)
    case archive(container: String, path: String)
    case swarm(String)
    case service(String, verb: String)
}
