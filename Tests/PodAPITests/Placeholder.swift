import Testing

@testable import PodAPI
