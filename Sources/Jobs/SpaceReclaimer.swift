public import HoldfastCore
public import Logging
public import Repository
public import ServiceLifecycle

/// Prunes the repository from time to time, so that deleted backups give their space back.
///
/// Backups and restores go on meanwhile. A shutdown does not wait for a prune: what it leaves, the next one finishes.
public struct SpaceReclaimer: Service {
    /// After a start others have first turn: what was interrupted goes on, and people look whether it works.
    static let firstPause = Duration.seconds(15 * 60)

    private let every: Duration
    private let prune: @Sendable () throws -> PruneReport
    private let seams: Seams
    private let logger: Logger
    private let pool = NamedThreadPool(name: "prune", threads: 1)

    /// - Parameters:
    ///   - every: from the end of one prune to the begin of the next; zero: never.
    ///   - prune: may block.
    public init(
        every: Duration, seams: Seams, logger: Logger, prune: @escaping @Sendable () throws -> PruneReport
    ) {
        self.every = every
        self.seams = seams
        self.logger = logger
        self.prune = prune
    }

    /// Runs until a graceful shutdown, or until the task is cancelled.
    public func run() async {
        _ = await cancelWhenGracefulShutdown { await work() }
        pool.close()
    }

    private func work() async {
        var pause = every > .zero ? min(every, Self.firstPause) : .seconds(1 << 40)
        while (try? await seams.sleep(pause)) != nil {
            pause = every
            // Not a child: a shutdown leaves it behind.
            let result = FirstResult<PruneReport?>()
            Task { [pool, prune] in
                do { result.offer(.success(try await pool.run { try prune() })) } catch {
                    result.offer(.failure(error))
                }
            }
            let found = await withTaskCancellationHandler {
                await Result { try await result.value() }
            } onCancel: {
                result.offer(.success(nil))
            }
            log(found)
        }
    }

    private func log(_ result: Result<PruneReport?, any Error>) {
        switch result {
        case .success(nil): logger.info("prune left behind: the next one finishes it")
        case .success(let report?):
            logger.info(
                "repository pruned",
                metadata: [
                    "freed_bytes": "\(report.freedBytes)", "packs.removed": "\(report.removedPacks)",
                    "packs.rewritten": "\(report.rewrittenPacks)", "backups.awaited": "\(report.waitingFor)",
                    "unused_bytes": "\(report.unusedBytes)",
                ])
        case .failure(let error): logger.warning("repository could not be pruned", metadata: ["error": "\(error)"])
        }
    }
}

extension Result where Failure == any Error {
    /// The outcome of an asynchronous call.
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
