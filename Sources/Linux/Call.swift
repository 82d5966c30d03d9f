import CLinux

/// Turns the result of a CLinux function into a value or a `SystemError`.
@inline(__always)
@discardableResult
public func check<T: SignedInteger>(
    _ result: T, _ call: StaticString, _ path: @autoclosure () -> String = ""
) throws(SystemError) -> T {
    if result < 0 { throw SystemError(errno: Int32(-result), call: call, path: path()) }
    return result
}
