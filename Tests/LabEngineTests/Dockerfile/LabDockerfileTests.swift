import DockerfileCheck
import Foundation
import LabEngine
import LabFile
import LabRunner
import LabSupport
import TestSupport
import Testing

/// Lab 5's own Dockerfiles, those of the course, and those of a beginner, against what the lab file says.
struct LabDockerfileTests {
    @Test(arguments: ["cpu", "gpu"], ["train", "serve"])
    func theSolutionsHaveNoFindings(device: String, part: String) throws {
        let spec = try BeginnerMistake.spec(device: device)
        let review = try BeginnerMistake.exam("Dockerfile.\(part)", device: device)
            .review(Files.read("\(spec.directory)/\(part)/Dockerfile.\(device)"))
        #expect(review.findings.map { "\($0.code) \($0.place.line) \($0.message.en)" } == [])
        #expect(!review.ticks.isEmpty && review.ticks.allSatisfy(\.isMet))
    }

    @Test func theLabHasNoMistakesInItsDockerfiles() throws {
        let path = URL(filePath: #filePath).appending(path: "../../../../labs/lab5.yaml").standardizedFileURL.path()
        #expect(LabSolutionCheck.diagnostics(try LabSpecLoader.spec(path: path)) == [])
    }

    @Test(arguments: [("train", [1, 2, 3, 4, 5]), ("serve", [1, 2, 3, 4, 5, 6])], Language.allCases)
    func everyTodoOfATemplateIsNamed(part: (name: String, todos: [Int]), language: Language) throws {
        let spec = try BeginnerMistake.spec()
        let todos = part.todos
        let template = try #require(spec.fileAction(of: "Dockerfile.\(part.name)")).template[language]
        let bytes = try Files.read("\(spec.directory)/\(template)")
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(
            lines.filter { $0.hasPrefix("#") }.allSatisfy { $0.unicodeScalars.reduce(0) { $0 + ($1.isASCII || $1 == "…" ? 1 : 2) } < 80 },
            "it fits a terminal")
        let review = try BeginnerMistake.exam("Dockerfile.\(part.name)").review(bytes)
        for todo in todos {
            #expect(review.findings.contains { $0.message.en.contains("TODO \(todo)") }, "TODO \(todo)")
        }
        let open = review.ticks.filter { !$0.isMet }.compactMap(\.want.todo)
        #expect(Set(open) == Set(todos))
    }

    /// The instructions are the same in every language. Only the comments differ.
    @Test(arguments: ["train", "serve"]) func theTemplatesSayTheSame(part: String) throws {
        let spec = try BeginnerMistake.spec()
        let template = try #require(spec.fileAction(of: "Dockerfile.\(part)")).template
        let files = try Language.allCases.map { Dockerfile(try Files.read("\(spec.directory)/\(template[$0])")) }
        #expect(files[0].instructions.map(\.arguments) == files[1].instructions.map(\.arguments))
        #expect(files[0].instructions.count >= 4)
    }

    /// TorchServe's own handler imports captum. Without it, the build succeeds, and a worker dies three sub-steps later.
    @Test func aServingImageWithoutWhatItsHandlersImportIsNamed() throws {
        let solution = try Files.text("\(BeginnerMistake.spec().directory)/serve/Dockerfile.cpu")
        let without = solution.replacing(" captum==0.8.0", with: "")
        let review = try BeginnerMistake.exam("Dockerfile.serve").review(Array(without.utf8))
        #expect(review.ticks.filter { !$0.isMet }.map(\.want.text.en) == ["captum and EfficientNet-Lite"])
    }

    /// The ticks follow the file as it grows.
    @Test func todosTickOneByOne() throws {
        let exam = try BeginnerMistake.exam("Dockerfile.train")
        let lines = BeginnerMistake.good.split(separator: "\n", omittingEmptySubsequences: false)
        let counts = (0...lines.count).map { count in
            exam.review(Array(lines.prefix(count).joined(separator: "\n").utf8)).ticks.count { $0.isMet }
        }
        #expect(counts == [0, 0, 1, 1, 1, 1, 2, 3, 4, 5, 5])
    }

    @Test func theGoodFileHasNoErrors() throws {
        let review = try BeginnerMistake.exam("Dockerfile.train").review(Array(BeginnerMistake.good.utf8))
        #expect(review.errors == [] && review.warnings == [])
    }

    @Test(arguments: BeginnerMistake.all.map(\.what))
    func aBeginnersMistakeIsNamedWithItsLine(what: String) throws {
        let mistake = try #require(BeginnerMistake.all.first { $0.what == what })
        try #require(mistake.file != BeginnerMistake.good)
        let review = try BeginnerMistake.exam("Dockerfile.train").review(Array(mistake.file.utf8))
        let found = review.errors.map { "\($0.code) \($0.place.line)" }
        #expect(found.contains("\(mistake.code) \(mistake.line)"), "\(found)")
    }

    /// https://github.com/microsoft/AI-System/blob/main/Labs/BasicLabs/Lab5/Dockerfile.gpu
    private static let course = """
        # 继承自哪个基础镜像
        FROM nvidia/cuda:10.1-cudnn7-devel

        # 创建镜像中的文件夹，用于存储新的代码或文件
        RUN mkdir -p /src/app
        WORKDIR /src/app
        COPY pytorch_mnist_basic.py /src/app

        RUN apt-get update && apt-get install wget -y
        RUN wget https://repo.continuum.io/miniconda/Miniconda3-latest-Linux-x86_64.sh -O miniconda.sh
        RUN bash miniconda.sh -b -p /opt/conda
        ENV PATH /opt/conda/bin:$PATH

        RUN conda install pytorch torchvision cudatoolkit=10.1 -c pytorch
        CMD [ "python", "pytorch_mnist_basic.py" ]
        """

    @Test func everyLineOfTheCoursesFileIsNamed() throws {
        let review = try BeginnerMistake.exam("Dockerfile.train").review(Array(Self.course.utf8))
        let errata = review.findings.filter { $0.code == "course-erratum" }
        #expect(errata.map(\.place.line) == [2, 5, 6, 7, 10, 11, 12, 14, 15])
        #expect(errata.filter { $0.severity == .error }.map(\.place.line) == [2, 7, 14, 15])
        #expect(errata.allSatisfy { $0.message.en.hasPrefix("The course prints this: ") && !$0.why.en.isEmpty && !$0.instead.zh.isEmpty })
    }

    @Test func theCoursesServingFileIsNamed() throws {
        let file = """
            FROM ubuntu:18.04
            RUN apt-get update && \\
                apt-get install --no-install-recommends -y \\
                openjdk-11-jdk \\
                curl \\
                && curl -O https://bootstrap.pypa.io/get-pip.py
            ADD serve serve
            RUN pip install ../serve/
            COPY dockerd-entrypoint.sh /usr/local/bin/dockerd-entrypoint.sh
            ENTRYPOINT ["/usr/local/bin/dockerd-entrypoint.sh"]
            CMD ["serve"]
            """
        let review = try BeginnerMistake.exam("Dockerfile.serve").review(Array(file.utf8))
        #expect(review.findings.filter { $0.code == "course-erratum" }.map(\.place.line) == [1, 4, 6, 7, 8, 9, 10, 11])
    }

    @Test func thePageOfTheRulesIsTheProgramsOwn() {
        let file = URL(filePath: #filePath).appending(path: "../../../../docs/dockerfile-check.md").standardizedFileURL
        if let difference = GoldenFile.difference(DockerfilePage.text, file) { Issue.record("\(difference)") }
    }
}
