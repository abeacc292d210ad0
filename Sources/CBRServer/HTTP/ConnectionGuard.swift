import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends connections that an answer has ended, and gives unreadable requests an answer like any other.
///
/// The framework goes on reading the rest of a request after its answer, whatever the answer said: of a refused body
/// of 1 GB all of it, of one that trickles for as long as it trickles. After an answer with `Connection: close` the
/// guard instead tells the client that no more will come, throws away for ``Limits/lingerSeconds`` at most what is still on
/// its way (a connection closed with unread bytes is reset, and the client may never see the answer), and closes.
///
/// A client that has not finished the head of its first request in time is cut off: it would hold one of a bounded
/// number of connections with a byte now and then. Later heads are held by the limit on idle connections.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum Phase { case open, lastAnswer, lingering }

    private var phase = Phase.open
    private var isRequestArriving = false
    /// Makes the answer to bytes that are no HTTP request, and notes that there was one.
    private let refuse: @Sendable () -> Answer
    private let headPatience: TimeAmount
    private var headDeadline: Scheduled<Void>?

    init(headPatience: Duration, refuse: @escaping @Sendable () -> Answer) {
        self.headPatience = TimeAmount(headPatience)
        self.refuse = refuse
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        headDeadline = context.eventLoop.scheduleTask(in: headPatience) { bound.value.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { headDeadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isRequestArriving = true
            headDeadline?.cancel()
        case .body: break
        case .end:
            isRequestArriving = false
            if phase == .lingering { return context.close(promise: nil) }
        }
        if phase != .lingering { context.fireChannelRead(data) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // What is thrown away is not wanted by anyone, so nobody else asks for more of it.
        if phase == .lingering { context.read() } else { context.fireChannelReadComplete() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if phase == .lingering, event as? ChannelEvent == .inputClosed { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            guard isOurs(head) else { return writeRefusal(context: context, promise: promise) }
            if head.headerFields[.connection]?.lowercased() == "close" { phase = .lastAnswer }
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            guard phase == .lastAnswer else { return context.write(data, promise: promise) }
            let written = promise ?? context.eventLoop.makePromise()
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            written.futureResult.whenComplete { _ in
                let (handler, context) = bound.value
                handler.linger(context)
            }
            context.writeAndFlush(data, promise: written)
        }
    }

    /// Every answer of the service has a request id; what has none is the framework's own word on a broken request.
    private func isOurs(_ head: HTTPResponse) -> Bool {
        HTTPField.Name(ServiceRequestID.header).map { head.headerFields.contains($0) } ?? true
    }

    private func writeRefusal(context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        phase = .lastAnswer
        let answer = refuse()
        var headers = answer.headers
        headers[.contentLength] = "\(answer.body.count)"
        headers[.connection] = "close"
        context.write(
            wrapOutboundOut(.head(HTTPResponse(status: answer.status, headerFields: headers))), promise: promise)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: answer.body))), promise: nil)
    }

    private func linger(_ context: ChannelHandlerContext) {
        guard phase == .lastAnswer, context.channel.isActive else { return }
        phase = .lingering
        context.close(mode: .output, promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .seconds(Limits.lingerSeconds)) { bound.value.close(promise: nil) }
        context.read()
    }
}
