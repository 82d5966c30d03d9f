import CLinux

/// The kernel's clocks in nanoseconds.
public enum Clock {
    /// CLOCK_BOOTTIME: never jumps, and goes on while the machine sleeps. For every timer and rule.
    public static var boot: Int64 { swl_clock_boot() }
    /// CLOCK_REALTIME: for display alone.
    public static var wall: Int64 { swl_clock_wall() }
}
