import Testing

@testable import PodPlanner
