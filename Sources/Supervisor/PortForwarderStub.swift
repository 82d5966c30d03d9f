final class PortForwarder { var deadline: Int64? { nil }; func tick(now: Int64) {} }
