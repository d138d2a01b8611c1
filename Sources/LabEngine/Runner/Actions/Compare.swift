import HostFacts
import LabFile
import LabSupport

extension LabCompareAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        var container = container
        container.command = ["/bin/sh", "-c", Self.survey]
        let outside = HostSurvey.read()
        try await task.run(container)
        let inside = HostSurvey.parse(task.transcript.withLock { $0.text })
        task.fact(
            "compare.table",
            Text(
                en: HostSurvey.table(inside, outside, head: ["", "INSIDE", "OUTSIDE", ""], same: "same", different: "different"),
                zh: HostSurvey.table(inside, outside, head: ["", "容器内", "容器外", ""], same: "相同", different: "不同")))
    }
}

extension LabCompareAction {
    /// Prints facts as `key=value` lines. It needs only a shell and /proc.
    package static let survey = """
        echo hostname=$(cat /proc/sys/kernel/hostname)
        echo processes=$(ls -d /proc/[0-9]* | wc -l)
        for n in pid mnt net uts ipc user; do echo $n=$(readlink /proc/self/ns/$n); done
        echo kernel=$(cat /proc/sys/kernel/osrelease)
        echo memory_limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null)
        """
}
