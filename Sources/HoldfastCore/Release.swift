/// What this is a build of.
public enum Release {
    /// Semantic versioning 2.0.0; the changelog says what each one brought.
    public static let version = "0.1.0"
}
