public import Hummingbird
import NIOCore

/// What the server framework knows of a request beside the request: the connection that it came on.
public struct ServiceContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Closes the connection once the answer has had time to arrive.
    ///
    /// After an answer the framework reads the rest of the request, however long the client takes over it: a body of one
    /// byte a second would hold its connection for ever. Closing at once would be as wrong: with bytes unread, TCP
    /// resets the connection, and the client may never see the answer.
    func closeSoon() {
        let channel = channel
        channel.eventLoop.scheduleTask(in: .seconds(Int64(Limits.lingerSeconds))) { channel.close(promise: nil) }
    }
}
