package import LabSupport

extension LabError {
    /// The error if a run's folder disappeared while the run was active. `id` is the workspace's name on the engine.
    package static func workspaceGone(_ folder: String, id: String?) -> LabError {
        let filter = "label=\(Label.workspace)" + (id.map { "=\($0)" } ?? "")
        return LabError(
            .workspaceGone,
            Text(
                en: "\(folder) was removed during the run. The run's record is lost, and so is what was in that folder.",
                zh: "\(folder) 在运行期间被删除。本次运行的记录以及该目录中的内容已丢失。"),
            hint: Text(
                en: "The containers and images are still there: `docker ps -a --filter \(filter)` lists the containers, and `docker rm -f` "
                    + "removes one. The next run starts with a new workspace, which doesn't know them.",
                zh: "容器和镜像仍然存在：`docker ps -a --filter \(filter)` 可列出容器，`docker rm -f` 可删除容器。下次运行会使用新的工作区，它不认识这些容器。"))
    }
}
