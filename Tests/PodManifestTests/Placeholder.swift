import Testing

@testable import PodManifest
