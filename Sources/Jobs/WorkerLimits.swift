/// How a worker behaves; production uses the defaults.
public struct WorkerLimits: Sendable {
    /// Operations that run at once.
    public var parallel = 2
    /// How long a claim holds without a sign of life. Another worker may take the operation over after that.
    public var leaseDuration: Duration = .seconds(60)
    /// Progress is stored at most this often for each operation.
    public var progressEvery: Duration = .seconds(1)
    /// How often to look for work without having been told of any.
    public var pollEvery: Duration = .seconds(5)
    /// How long a shutdown waits for a cancelled transfer, before it leaves it behind.
    public var shutdownGrace: Duration = .seconds(20)

    public init() {}
}
