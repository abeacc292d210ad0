/// Cuts images and block devices at fixed places, so that a changed block costs one small extent.
public enum FixedExtents {
    /// Part of format 1's image manifests. 64 KiB: a scattered 4 KiB change costs 16 blocks instead of 256 at 1 MiB, and a
    /// terabyte is 16 million names.
    public static let sizeBytes = 64 << 10
}
