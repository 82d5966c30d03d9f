/// Which boot of the kernel this is: times on the boot clock, pids and run-time files mean nothing under another one.
public enum BootID {
    /// Empty where the kernel does not say.
    public static var current: String {
        let text = KernelFile.read("/proc/sys/kernel/random/boot_id") ?? ""
        return String(text.prefix { $0 != "\n" })
    }
}
