import ArgumentParser

struct RepoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repo", abstract: "The engine by itself: no server, no catalog, only a repository and its key.",
        discussion:
            "A repository that a server made is read with its key alone: DIR/repository and DIR/repository.key.",
        subcommands: [
            RepoInit.self, RepoBackup.self, RepoList.self, RepoRestore.self, RepoCheck.self, RepoForget.self,
            RepoPrune.self, RepoKey.self, RepoFind.self, RepoCat.self, RepoDiff.self, RepoStats.self,
            RepoRebuildIndex.self, RepoRepair.self, RepoCopy.self, RepoTar.self, RepoMount.self,
        ])
}
