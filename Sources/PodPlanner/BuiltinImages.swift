extension ImageMap {
    /// Placeholder for the well-known images.
    public static let builtin = ImageMap([])
}
