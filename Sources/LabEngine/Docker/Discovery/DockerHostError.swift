/// Why a value of `DOCKER_HOST` is not usable.
package enum DockerHostError: Error, Sendable, Equatable {
    /// `ssh://…`. The docker client runs `docker system dial-stdio` over ssh, which needs a docker client on both sides.
    case ssh(String)
    /// Anything else.
    case notUnderstood(String)
}
