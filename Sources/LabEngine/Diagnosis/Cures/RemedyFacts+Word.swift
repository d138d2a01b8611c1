package import LabSupport

extension RemedyFacts {
    /// Words in capitals that commands may hold.
    package enum Word {
        /// All of them, and what each stands for.
        package static let meanings: [String: Text] = [
            "ACCOUNT": Text(en: "your login name", zh: "你的登录名"),
            "APK": Text(en: "Alpine's package for the command", zh: "Alpine 中提供该命令的软件包"),
            "BASE": Text(en: "the base image", zh: "基础镜像"),
            "BIG_FOLDER": Text(en: "a folder on a disk with room", zh: "空间充足的磁盘上的目录"),
            "BUILD_PACKAGE": Text(en: "the package that provides it", zh: "提供它的软件包"),
            "CA": Text(en: "the file of the network's own authority", zh: "网络自有 CA 的证书文件"),
            "CARD": Text(en: "the card's compute capability", zh: "显卡的计算能力"),
            "CHANNEL": Text(en: "the channel", zh: "频道"),
            "COMMAND": Text(en: "the command", zh: "命令"),
            "CONTAINER": Text(en: "the container's name", zh: "容器名"),
            "CONTEXT": Text(en: "the folder that is built", zh: "构建目录"),
            "DATA_FOLDER": Text(en: "a folder of root's on a disk with room", zh: "空间充足的磁盘上属于 root 的目录"),
            "DAEMON_JSON": Text(en: "the daemon's configuration", zh: "守护进程的配置文件"),
            "DEB": Text(en: "the package that provides the command", zh: "提供该命令的软件包"),
            "DISTRIBUTION": Text(en: "the package that provides the module", zh: "提供该模块的软件包"),
            "DRIVER": Text(en: "the driver's branch", zh: "驱动分支"),
            "DRIVER_CUDA": Text(en: "the newest CUDA version that the driver supports", zh: "驱动支持的最高 CUDA 版本"),
            dockerfile: Text(en: "the image's Dockerfile", zh: "该镜像的 Dockerfile"),
            "FILE": Text(en: "the file", zh: "文件"),
            "FOLDER": Text(en: "the folder", zh: "目录"),
            "FREE_PORT": Text(en: "a port that is free", zh: "空闲端口"),
            "HANDLER": Text(en: "the handler's module", zh: "处理程序的模块名"),
            "HOME_FOLDER": Text(en: "your home folder", zh: "你的主目录"),
            "HOST": Text(en: "the host", zh: "主机"),
            "IMAGE": Text(en: "the image", zh: "镜像"),
            "INSTALL": Text(en: "the package manager's command", zh: "包管理器的安装命令"),
            "KEY": Text(en: "the key", zh: "密钥"),
            "LIBRARY": Text(en: "the library", zh: "库"),
            "LIBRARY_PACKAGE": Text(en: "the package that provides the library", zh: "提供该库的软件包"),
            "LINK_MTU": Text(en: "the MTU of the outgoing interface", zh: "出口的 MTU"),
            "MEMORY": Text(en: "more memory, such as 512m", zh: "更大的内存，例如 512m"),
            "MEMORY_VARIABLE": Text(en: "the lab's variable for the memory", zh: "实验中的内存变量"),
            "MIRROR": Text(en: "the address of a mirror", zh: "镜像站地址"),
            "MODEL": Text(en: "the file of the weights", zh: "模型权重文件"),
            "MODULE": Text(en: "the Python module", zh: "Python 模块"),
            "NAME": Text(en: "the name", zh: "名称"),
            "NAMES": Text(en: "another prefix for names", zh: "名称前缀：换一个词"),
            "NAME_VARIABLE": Text(en: "the lab's variable for names", zh: "实验中的名称变量"),
            "NEED": Text(en: "what the build needs", zh: "构建所需的内容"),
            "NUMBER": Text(en: "the number", zh: "数字"),
            "OTHER": Text(en: "another name", zh: "另一个名称"),
            "OWNER": Text(en: "the owner", zh: "所有者"),
            "PACKAGE": Text(en: "the package", zh: "软件包"),
            "PATH": Text(en: "the path", zh: "路径"),
            "PICTURE": Text(en: "the picture", zh: "图片"),
            "PORT": Text(en: "the port", zh: "端口"),
            "PORT_VARIABLE": Text(en: "the lab's variable for that port", zh: "实验中对应该端口的变量"),
            "PROCESS": Text(en: "the process number", zh: "进程号"),
            "PROGRAM": Text(en: "the command that is missing", zh: "缺少的命令"),
            "PYTHON_VERSION": Text(en: "the Python version", zh: "Python 版本"),
            "RELEASE_FOLDER": Text(en: "the repository's folder for this release", zh: "软件源中该发行版的目录"),
            "RESTART_ENGINE": Text(en: "what restarts the engine", zh: "重启引擎的命令"),
            "SCRIPT": Text(en: "the script", zh: "脚本"),
            "SERVER": Text(en: "the address of a name server", zh: "DNS 服务器地址"),
            "START_ENGINE": Text(en: "what starts the engine", zh: "启动引擎的命令"),
            "STEP": Text(en: "the step's number", zh: "步骤编号"),
            "TAG": Text(en: "the tag", zh: "标签"),
            "TORCH": Text(en: "the torch build for this card", zh: "适合该显卡的 torch 版本"),
            "TORCH_CUDA": Text(en: "the CUDA version of that build", zh: "该版本的 CUDA 版本"),
            "URL": Text(en: "the address", zh: "地址"),
            "VERSION": Text(en: "the version", zh: "版本"),
            "WEIGHTS": Text(en: "the file of the weights", zh: "权重文件"),
        ]

        static let names = Set(meanings.keys)

        /// The student's file from which the image of the program that failed was built.
        package static let dockerfile = "DOCKERFILE"

        /// Whether a word that a program printed may stand in a command: nothing that a shell or an option parser takes for more than a
        /// word.
        package static func isHarmless(_ word: String) -> Bool {
            guard let first = word.utf8.first, word.utf8.count <= 200, first != UInt8(ascii: "-"), first != UInt8(ascii: "~") else {
                return false
            }
            return word.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: Array("._/:@+-,%".utf8).contains(byte)
                }
            }
        }
    }
}
