import Testing

@testable import PodPlan
