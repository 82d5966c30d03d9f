import Testing

@testable import PodLifecycle
