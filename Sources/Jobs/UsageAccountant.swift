import Catalog
public import ControlPlane
public import HoldfastCore
public import Logging
public import ServiceLifecycle

/// Brings to the catalog what vaults use in the repository, to the byte, soon after their backups changed.
///
/// Until then the catalog adds what new backups stored to the last count. Counting reads the index and the manifests of
/// the vaults in question; after each round it rests, so that at most a tenth of one processor goes into it. It also
/// writes what happened to vaults to the log.
public struct UsageAccountant: Service {
    /// Vaults that are counted with one reading of the index.
    static let vaultsAtOnce = 100
    /// How long a round rests for each second that it took.
    static let restFactor = 9
    /// The longest rest, and how often it looks without having been told of a change.
    static let restMost = Duration.seconds(300)

    private let control: ControlPlane
    private let count: @Sendable ([Set<RestorePointID>]) throws -> [Int64]
    private let seams: Seams
    private let logger: Logger
    private let pool = NamedThreadPool(name: "account", threads: 1)

    /// - Parameter count: what each set of restore points needs in the repository, in bytes; may block.
    public init(
        control: ControlPlane, seams: Seams, logger: Logger,
        count: @escaping @Sendable ([Set<RestorePointID>]) throws -> [Int64]
    ) {
        self.control = control
        self.seams = seams
        self.logger = logger
        self.count = count
    }

    /// Runs until a graceful shutdown, or until the task is cancelled.
    public func run() async {
        _ = await cancelWhenGracefulShutdown { await work() }
        pool.close()
    }

    private func work() async {
        let (wakeups, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let signals = control.usageSignal.listen()
        await withDiscardingTaskGroup { group in
            group.addTask { for await _ in signals { waker.yield() } }
            group.addTask {
                waker.yield()
                while (try? await seams.sleep(Self.restMost)) != nil { waker.yield() }
            }
            var isFirst = true
            for await _ in wakeups {
                await round(isFirst: isFirst)
                isFirst = false
                guard !Task.isCancelled else { break }
            }
            group.cancelAll()
        }
    }

    private func round(isFirst: Bool) async {
        do {
            if isFirst { try await control.noteUncountedVaults() }
            while try await countOnce() {}
            for event in try await control.takeUnannouncedEvents() {
                logger.warning(
                    "vault event",
                    metadata: [
                        "event.kind": "\(event.kind.rawValue)", "event.message": "\(event.message)",
                        "vault.id": "\(event.vault)", "project.id": "\(event.project)",
                    ])
            }
        } catch is CancellationError {
            // A shutdown: the next start goes on.
        } catch {
            logger.warning("vaults could not be counted", metadata: ["error": "\(error)"])
        }
    }

    /// - Returns: false when every count is exact.
    private func countOnce() async throws -> Bool {
        let vaults = try await control.uncountedVaults(limit: Self.vaultsAtOnce)
        guard !vaults.isEmpty else { return false }
        let began = seams.uptime()
        // Not a child: a shutdown does not wait for the disk.
        let result = FirstResult<[Int64]>()
        Task { [pool, count] in
            do { result.offer(.success(try await pool.run { try count(vaults.map(\.restorePoints)) })) } catch {
                result.offer(.failure(error))
            }
        }
        let counts = try await withTaskCancellationHandler {
            try await result.value()
        } onCancel: {
            result.offer(.failure(CancellationError()))
        }
        for (vault, bytes) in zip(vaults, counts) { try await control.noteCounted(vault, neededBytes: bytes) }
        try await seams.sleep(min((seams.uptime() - began) * Self.restFactor, Self.restMost))
        return true
    }
}
