package import ContainerEngine
import DockerfileCheck
import LabSupport

extension RunContext {
    /// What builds images on this run's engine. Nil if the engine hasn't answered yet, or doesn't say.
    package var builder: ImageBuilder? { engine.ping.flatMap { ImageBuilder(ping: $0, environment: environment) } }
}

extension TaskContext {
    /// The recipe as this engine's builder can read it. Says what it left out. Everything keeps its line.
    func prepared(_ recipe: BuildRecipe) async throws -> BuildRecipe {
        let file = Dockerfile(recipe.dockerfile)
        let name = Files.name(of: recipe.shownPath)
        var result = recipe
        switch run.builder?.kind {
        case .buildKit?:
            guard file.namesDockersSyntax, let syntax = file.syntax, try await !docker.reachesRegistry(of: syntax) else { return recipe }
            result.dockerfile = file.withoutSyntax
            notice(
                "build.syntax-left-out",
                Text(
                    en: "No registry answers for \(syntax). Left `# syntax=` in \(name) out: the engine's own version reads the file.",
                    zh: "没有镜像仓库能提供 \(syntax)，因此未使用 \(name) 中的 `# syntax=`，改由引擎自带的版本读取该文件。"))
        case .classic?:
            guard file.hasCacheMounts else { return recipe }
            result.dockerfile = file.withoutCacheMounts
            notice(
                "build.cache-left-out",
                Text(
                    en: "This engine builds without BuildKit, so `--mount=type=cache` in \(name) is left out. The image is the same.",
                    zh: "这个引擎不用 BuildKit 构建，因此未使用 \(name) 中的 `--mount=type=cache`；镜像内容相同。"))
        case .buildah?, nil: break
        }
        return result
    }
}
