/// What a running pod takes over of manifests that have changed: volumes that are made of files, with all their files.
/// Travels in a memfd, beside `PodRequest.update`.
public struct PodUpdate: Sendable, Equatable, BinaryCodable {
    public struct Volume: Sendable, Equatable, BinaryCodable {
        /// Index into `PodPlan.volumes`.
        public var index: UInt32
        public var files: [FilePlan]

        public init(index: UInt32, files: [FilePlan]) {
            self.index = index
            self.files = files
        }

        public func encode(to encoder: inout Encoder) {
            encoder.encode(index)
            encoder.encode(files)
        }

        public init(from decoder: inout Decoder) throws(CodecError) {
            index = try decoder.decode()
            files = try decoder.decode()
        }
    }

    public var volumes: [Volume]
    /// `activeDeadlineSeconds`, where it is another one.
    public var activeDeadline: Int64?
    public var resize: PodResize?

    public init(volumes: [Volume] = [], activeDeadline: Int64? = nil, resize: PodResize? = nil) {
        self.volumes = volumes
        self.activeDeadline = activeDeadline
        self.resize = resize
    }

    public var isEmpty: Bool { volumes.isEmpty && activeDeadline == nil && resize == nil }

    /// Takes a later update over: of a volume that both have, its files count.
    public mutating func merge(_ later: PodUpdate) {
        volumes.removeAll { volume in later.volumes.contains { $0.index == volume.index } }
        volumes += later.volumes
        activeDeadline = later.activeDeadline ?? activeDeadline
        resize = later.resize ?? resize
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(volumes)
        encoder.encode(activeDeadline ?? -1)
        encoder.encode(resize)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        volumes = try decoder.decode()
        let seconds = try decoder.decode(Int64.self)
        activeDeadline = seconds < 0 ? nil : seconds
        resize = try decoder.decode()
    }
}

extension PodPlan {
    /// Whether every volume that the update names is one of files, and new limits are for its containers.
    public func accepts(_ update: PodUpdate) -> Bool {
        if let resize = update.resize, !accepts(resize) { return false }
        return update.volumes.allSatisfy { volume in
            guard volumes.indices.contains(Int(volume.index)) else { return false }
            if case .files = volumes[Int(volume.index)].source { return true }
            return false
        }
    }

    /// `accepts` must hold.
    public mutating func apply(_ update: PodUpdate) {
        if let seconds = update.activeDeadline { activeDeadline = seconds }
        if let resize = update.resize { apply(resize) }
        for volume in update.volumes { volumes[Int(volume.index)].source = .files(volume.files) }
    }
}
