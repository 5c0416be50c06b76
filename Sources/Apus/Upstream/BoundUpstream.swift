/// An upstream connection that its origin authenticates in place of each request (NTLM, Negotiate, Kerberos), while no request uses it.
///
/// What goes by it is taken for what the client asks who proved himself. So it is that client connection's and that proxy user's alone, and
/// closed with either; the pool never has it. Its owner is everybody where nobody is asked who he is.
struct BoundUpstream: BitwiseCopyable {
    let idle: IdleUpstream
    /// The place of its client among the thread's.
    let client: UInt32

    /// A client has none.
    static let none = UInt32.max
}
