import Glibc
import LabSupport

extension Workspace {
    /// Refuses a folder that another user owns, or in which everybody can make files. That user could replace its folders by links, and ailab
    /// would follow them.
    static func checkOwner(_ root: String) throws(LabError) {
        // Its folders would be among the system's.
        guard Files.resolved(root) != "/" else { throw unsafe(Text(en: "The root folder cannot be the workspace.", zh: "根目录不能用作工作区。")) }
        var status = stat()
        // A folder that doesn't exist is made with a mode that admits nobody else.
        guard stat(root, &status) == 0 else { return }
        if status.st_mode & 0o1002 == 0o1002 { throw shared(root) }
        guard !owners.contains(status.st_uid) else { return }
        // Root may work for somebody, in a container for example, but not in a folder that anybody could have put there.
        var parent = stat()
        if geteuid() == 0, stat(Files.folder(of: root), &parent) == 0, parent.st_mode & 0o002 == 0 { return }
        throw foreign(root, status.st_uid)
    }

    /// The users whose folders this process may work in.
    private static var owners: Set<uid_t> {
        var owners: Set<uid_t> = [geteuid(), 0]
        if geteuid() == 0, let student = getenv("SUDO_UID").flatMap({ uid_t(String(cString: $0)) }) { owners.insert(student) }
        return owners
    }

    private static func shared(_ root: String) -> LabError {
        unsafe(
            Text(
                en: "Every user of this machine can create files in \(root), so it cannot be the workspace.",
                zh: "本机的所有用户都能在 \(root) 中创建文件，因此它不能用作工作区。"))
    }

    private static func foreign(_ root: String, _ owner: uid_t) -> LabError {
        unsafe(
            Text(
                en: "\(root) belongs to another user (uid \(owner)), who could replace its files.",
                zh: "\(root) 属于另一个用户（uid \(owner)），对方可以替换其中的文件。"))
    }

    private static func unsafe(_ message: Text) -> LabError {
        LabError(
            .workspaceUnusable, message,
            hint: Text(en: "Set AILAB_HOME to a folder of your own.", zh: "请把 AILAB_HOME 设为你自己的目录。"), errno: EPERM)
    }
}
