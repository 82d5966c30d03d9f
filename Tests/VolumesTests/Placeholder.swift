import Testing

@testable import Volumes
