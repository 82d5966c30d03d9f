import CFilterProbe
import Glibc

@testable import SyscallFilter

/// The capabilities that a container has by default: chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap,
/// net_bind_service, sys_chroot, setfcap.
let defaultCapabilities: UInt64 = 0x8004_05FB

let sysAdmin: UInt64 = 1 << 21

struct ProbeError: Error {
    var errno: Int32
}

/// A program that the tests run; compiled anew, no cache.
func program(capabilities: UInt64 = defaultCapabilities) throws -> [UInt8] {
    try SyscallFilter.compile(capabilities: capabilities, architectures: FilterCompiler.hostArchitectures)
}

extension filter_probe {
    init(_ number: Int, _ arguments: UInt..., compat: Bool = false) {
        let all = arguments + Array(repeating: 0, count: 6 - arguments.count)
        self.init(
            number: number, arguments: (all[0], all[1], all[2], all[3], all[4], all[5]), compat: compat ? 1 : 0,
            verdict: -1)
    }
}

/// The kernel's verdicts: 0 for allowed, else the errno.
func verdicts(of program: [UInt8], on probes: [filter_probe]) throws -> [Int32] {
    var probes = probes
    let error = filter_probe_run(program, program.count, &probes, probes.count)
    guard error == 0 else { throw ProbeError(errno: error) }
    return probes.map(\.verdict)
}

/// Runs a classic BPF program on a call, for architectures other than this machine's. Knows the instructions that
/// libseccomp uses.
func interpret(_ program: [UInt8], architecture: UInt32, number: UInt32, arguments: [UInt64] = []) -> UInt32? {
    var data: [UInt32] = [number, architecture, 0, 0]
    for argument in arguments + Array(repeating: 0, count: 6 - arguments.count) {
        data += [UInt32(truncatingIfNeeded: argument), UInt32(argument >> 32)]
    }
    var accumulator: UInt32 = 0
    var index = 0
    while index * 8 < program.count {
        let (code, jumps, operand) = program.withUnsafeBytes {
            (
                $0.loadUnaligned(fromByteOffset: index * 8, as: UInt16.self),
                ($0[index * 8 + 2], $0[index * 8 + 3]),
                $0.loadUnaligned(fromByteOffset: index * 8 + 4, as: UInt32.self)
            )
        }
        index += 1
        func jump(_ condition: Bool) { index += Int(condition ? jumps.0 : jumps.1) }
        switch code {
        case 0x20: accumulator = data[Int(operand / 4)]
        case 0x54: accumulator &= operand
        case 0x05: index += Int(operand)
        case 0x15: jump(accumulator == operand)
        case 0x25: jump(accumulator > operand)
        case 0x35: jump(accumulator >= operand)
        case 0x45: jump(accumulator & operand != 0)
        case 0x06: return operand
        default: return nil
        }
    }
    return nil
}
