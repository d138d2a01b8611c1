import ContainerEngine
import Testing

@Suite("Docker: command lines")
struct DockerCommandTests {
    @Test(
        "Words are quoted only where a shell would change them",
        arguments: [
            ("plain", "plain"), ("a=b/c:d,e", "a=b/c:d,e"), ("", "''"), ("two words", "'two words'"), ("it's", #"'it'\''s'"#),
            ("$HOME", "'$HOME'"), ("a;b", "'a;b'"), ("~", "'~'"), ("数据", "'数据'"), ("'", #"''\'''"#), ("a\nb", "'a\nb'"),
        ])
    func quoting(word: String, expected: String) { #expect(ShellWord.quoted(word) == expected) }

    @Test("A run is written as a student would type it")
    func run() {
        var config = ContainerConfig(image: "ts:1", command: ["sh", "-c", "echo hi"])
        config.removesItself = true
        config.hasTerminal = true
        config.keepsInputOpen = true
        config.ports = [PortMapping(container: 8080, host: 8080), PortMapping(container: 53, host: nil, address: nil, transport: "udp")]
        config.mounts = [ContainerMount(source: "/home/x/my data", target: "/data", isReadOnly: true)]
        config.environment = ["B": "2", "A": "1 2"]
        config.gpus = .all
        config.memory = 2 << 30
        config.cpus = 1.5
        #expect(
            ShellWord.line(DockerCommand.run(config, name: "serve"))
                == "docker run --rm -it --name serve -p 127.0.0.1:8080:8080 -p 53/udp -v '/home/x/my data:/data:ro' -e 'A=1 2' -e B=2 "
                + "--gpus all --memory 2g --cpus 1.5 ts:1 sh -c 'echo hi'")
    }

    @Test("Entry points, devices and paths with colons take their long forms")
    func longForms() {
        var config = ContainerConfig(image: "i", command: ["c"])
        config.entrypoint = ["/bin/sh", "-e"]
        config.gpus = .devices(["0", "2"])
        config.mounts = [ContainerMount(source: "/a:b", target: "/t")]
        #expect(
            ShellWord.line(DockerCommand.run(config, isDetached: true))
                == #"docker run -d --mount type=bind,source=/a:b,target=/t --gpus '"device=0,2"' --entrypoint /bin/sh i -e c"#)
    }

    @Test("Builds, programs and copies")
    func others() {
        var build = BuildOptions(tags: ["train_dl"], arguments: ["BASE": "debian"], usesCache: false)
        build.dockerfile = "Dockerfile.cpu"
        #expect(
            ShellWord.line(DockerCommand.build(build, directory: "."))
                == "docker build -t train_dl -f Dockerfile.cpu --build-arg BASE=debian --no-cache .")
        #expect(ShellWord.line(DockerCommand.exec("c", ExecConfig(["ls", "-l", "a b"]))) == "docker exec c ls -l 'a b'")
        #expect(ShellWord.line(DockerCommand.copy("/m.mar", from: "c", to: ".")) == "docker cp c:/m.mar .")
    }
}
