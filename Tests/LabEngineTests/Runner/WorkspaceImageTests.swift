import FoundationEssentials
import TestSupport
import Testing

@testable import ContainerEngine
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// Whose an image or a container is, and which image a workspace uses.
@Suite struct WorkspaceImageTests {
    private let tag = "train_dl:latest"
    private let ownTag = "ailab-mine/train_dl:latest"

    private func labels(_ workspace: String, image: String = "train_dl:latest", _ more: [String: String] = [:]) -> [String: String] {
        [Label.workspace: workspace, Label.image: image].merging(more) { _, new in new }
    }

    private func details(_ id: String, _ labels: [String: String]? = nil) throws -> ImageDetails {
        let text = (labels ?? [:]).map { #""\#($0.key)":"\#($0.value)""# }.joined(separator: ",")
        return try JSONDecoder().decode(ImageDetails.self, from: Data(#"{"Id":"\#(id)","Config":{"Labels":{\#(text)}}}"#.utf8))
    }

    private func image(own: ImageDetails? = nil, plain: ImageDetails? = nil, content: String? = nil) -> WorkspaceImage {
        WorkspaceImage(tag: "train_dl", workspace: "mine", own: own, plain: plain, content: content)
    }

    @Test(arguments: [
        ("train_dl", "ailab-w/train_dl:latest"), ("train_dl:2", "ailab-w/train_dl:2"), ("a/b:c", "ailab-w/a/b:c"),
        ("localhost:5000/a", "ailab-w/localhost-5000/a:latest"),
    ])
    func aWorkspacesOwnName(name: String, own: String) { #expect(Label.ownTag(name, workspace: "w") == own) }

    @Test func labelsCountOnlyForTheImageThatTheyName() {
        let owner = { (tag: String, labels: [String: String]?) in Owner(imageNamed: tag, labels, workspace: "mine") }
        #expect(owner(tag, labels("mine")) == .own)
        #expect(owner("train_dl", labels("mine")) == .own)
        #expect(owner(ownTag, labels("mine")) == .own)
        #expect(owner(tag, labels("theirs")) == .neighbour("theirs"))
        #expect(owner(tag, nil) == .person)
        #expect(owner(tag, [:]) == .person)
        // Inherited: from a base of the lab, by a build on ours under another name, by a commit of our container.
        #expect(owner(tag, labels("theirs", image: "ailab/lab5-base:trixie")) == .person)
        #expect(owner("mine:1", labels("mine")) == .person)
        #expect(owner(tag, labels("mine", [Label.container: "c"])) == .person)
        // The name that another workspace would have for it.
        #expect(owner("ailab-theirs/train_dl:latest", labels("mine")) == .person)
    }

    @Test func theContentOfABaseIsNotThatOfTheImagesOnIt() {
        let base = labels("w", image: "base:1", [Label.content: Label.contentValue("c1", of: "base:1")])
        #expect(Label.contentHash(base) == "c1")
        #expect(Label.contentHash(base.merging([Label.image: "train_dl:latest"]) { _, new in new }) == nil)
        #expect(Label.contentHash(labels("w")) == nil && Label.contentHash(nil) == nil)
    }

    @Test func containersInheritAllLabelsButTheirOwn() {
        let owner = { (labels: [String: String]?) in Owner(containerNamed: "c", labels, workspace: "mine") }
        #expect(owner([Label.workspace: "mine", Label.container: "c"]) == .own)
        #expect(owner([Label.workspace: "theirs", Label.container: "c"]) == .neighbour("theirs"))
        #expect(owner([Label.workspace: "theirs", Label.container: "d"]) == .person)
        #expect(owner(labels("mine")) == .person)
        #expect(owner(nil) == .person)
    }

    @Test func onlyNamesThatAilabGaveCountAsOurs() {
        let tags = [ownTag, "train_dl:latest", "me/train_dl:latest", "kept:1"]
        #expect(Label.ownTags(tags, labels("mine"), workspace: "mine") == ["train_dl:latest", ownTag])
        #expect(Label.ownTags(tags, labels("theirs"), workspace: "mine") == [])
        let podman = ["docker.io/ailab-mine/train_dl:latest", "docker.io/library/train_dl:latest", "localhost/kept:1"]
        #expect(Label.ownTags(podman, labels("mine"), workspace: "mine") == [podman[1], podman[0]])
    }

    @Test func nothingIsThere() {
        #expect(image().used == nil && image().takesPlain && image().reference == tag && image().shownTag == tag)
    }

    @Test func ownImageUnderBothNames() throws {
        let both = image(own: try details("1", labels("mine")), plain: try details("1", labels("mine")))
        #expect(both.used?.reference == tag && both.used?.entry.owner == .own && both.takesPlain)
        #expect(!both.isByHand(recorded: false))
    }

    @Test func anImageOfAProgramWithoutOwnNamesIsOurs() throws {
        let earlier = image(plain: try details("1", labels("mine")))
        #expect(earlier.used?.reference == tag && earlier.used?.entry.owner == .own && earlier.takesPlain)
    }

    @Test func anotherWorkspacesImageIsNeitherUsedNorRenamed() throws {
        let theirs = try details("2", labels("theirs"))
        let none = image(plain: theirs)
        #expect(none.used == nil && !none.takesPlain)
        // Better a name that the engine doesn't know than the wrong image.
        #expect(none.reference == ownTag && none.shownTag == ownTag)
        let beside = image(own: try details("1", labels("mine")), plain: theirs)
        #expect(beside.used?.reference == ownTag && beside.used?.entry.owner == .own && !beside.takesPlain)
    }

    @Test func anImageMadeByHandIsUsedUntilThereIsAnOwnOne() throws {
        let byHand = image(plain: try details("3"))
        #expect(byHand.used?.reference == tag && byHand.isByHand(recorded: true) && !byHand.takesPlain && byHand.shownTag == ownTag)
        let beside = image(own: try details("1", labels("mine")), plain: try details("3"))
        #expect(beside.used?.reference == ownTag && !beside.isByHand(recorded: false) && !beside.takesPlain)
    }

    @Test func aBuildByHandOnOursUnderItsNameIsByHand() throws {
        let derived = image(own: try details("1", labels("mine")), plain: try details("4", labels("mine")))
        #expect(derived.plain?.owner == .person && !derived.takesPlain && derived.used?.reference == ownTag)
    }

    @Test func aSharedBaseIsUsedIfItIsMadeOfTheSame() throws {
        let theirs = try details("2", labels("theirs", [Label.content: "train_dl:latest@c1"]))
        let same = image(plain: theirs, content: "c1")
        #expect(same.used?.reference == tag && same.used?.entry.owner == .neighbour("theirs") && !same.isByHand(recorded: false))
        let other = image(plain: theirs, content: "c2")
        #expect(other.used == nil && !other.takesPlain && other.reference == ownTag)
        // A base that was pulled and only named has no labels.
        let pulled = image(plain: try details("5"), content: "c1")
        #expect(pulled.used?.reference == tag && !pulled.isByHand(recorded: true))
    }

    @Test func aNeighboursFolderIsFoundWhereItsContainersLook() throws {
        let home = try TemporaryDirectory()
        let workspace = try Workspace(root: home.path + "/a b")
        let summary = { (labels: [String: String], source: String) in
            let text = labels.map { #""\#($0.key)":"\#($0.value)""# }.joined(separator: ",")
            let json = #"{"Id":"1","Labels":{\#(text)},"Mounts":[{"Type":"volume"},{"Type":"bind","Source":"\#(source)"}]}"#
            return try JSONDecoder().decode(ContainerSummary.self, from: Data(json.utf8))
        }
        let labels = [Label.workspace: workspace.id, Label.lab: "mini"]
        let neighbour = { (containers: [ContainerSummary]) in
            Neighbour(workspace.id, containers: containers, environment: ["HOME": home.path])
        }
        #expect(neighbour([try summary(labels, "\(workspace.root)/work/mini/data")]).folder == workspace.root)
        #expect(neighbour([try summary(labels, "\(workspace.root)/work/mini")]).name == workspace.root)
        // The mount of somebody else, or one that lies elsewhere, or a folder that is another workspace by now.
        #expect(neighbour([try summary([Label.workspace: "other", Label.lab: "mini"], "\(workspace.root)/work/mini")]).folder == nil)
        #expect(neighbour([try summary(labels, "/etc")]).folder == nil)
        #expect(neighbour([]).name == workspace.id)
        let standard = try Workspace(root: home.path + "/.local/state/ailab")
        #expect(Neighbour(standard.id, containers: [], environment: ["HOME": home.path, "AILAB_HOME": "/x"]).folder == standard.root)
    }

    @Test func containersOfPodmanNameOnlyThePlacesInside() throws {
        let json = #"{"Id":"1","Mounts":["/workspace/data"]}"#
        #expect(try JSONDecoder().decode(ContainerSummary.self, from: Data(json.utf8)).mounts == [])
    }
}
