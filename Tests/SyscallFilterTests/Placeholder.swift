import Testing

@testable import SyscallFilter
