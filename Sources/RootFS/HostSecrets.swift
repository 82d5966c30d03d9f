import CLinux
import Glibc
import Linux
import Mounts

/// What of the host's `/etc` is not for containers: what only some users of the host may read, and what is known to hold
/// keys, password hashes or credentials. A file is replaced by an empty one with the same owner and mode, so that a program
/// that opens it finds what it expects; a directory by an empty one.
public enum HostSecrets {
    /// Paths below `/etc`. Takes a millisecond or two for a usual `/etc`; needs no plan.
    public static func find() -> [String] {
        let directory = swl_open("/etc", O_RDONLY | O_DIRECTORY, 0)
        guard directory >= 0 else { return known }
        let etc = OwnedFD(directory)
        var found: [String] = []
        closed(etc.raw, "", depth: 0, into: &found)
        let all = Set(found)
        for path in known where !all.contains(path) {
            let parents = path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) }
            if parents.allSatisfy({ !all.contains($0) }) { found.append(path) }
        }
        return found
    }

    /// What others than owner and group may not read.
    private static func closed(_ directory: Int32, _ prefix: String, depth: Int, into found: inout [String]) {
        guard let names = try? DirectoryReader.names(directory, links: false) else { return }
        for name in names {
            guard let status = try? FileStatus(directory, name) else { continue }
            switch status.kind {
            case .file:
                if status.mode & 0o004 == 0 && status.size > 0 { found.append(prefix + name) }
            case .directory:
                if status.mode & 0o005 != 0o005 {
                    found.append(prefix + name)
                } else if depth < 16 {
                    let fd = swl_openat2(
                        directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0, UInt64(SWL_RESOLVE_NO_XDEV))
                    if fd < 0 { continue }
                    let below = OwnedFD(fd)
                    closed(below.raw, "\(prefix)\(name)/", depth: depth + 1, into: &found)
                }
            default:
                continue
            }
        }
    }

    private static let known = [
        "apt/auth.conf", "apt/auth.conf.d", "bind/rndc.key", "ceph", "cifs-credentials", "containers/auth.json",
        "credstore",
        "credstore.encrypted", "crypttab", "cryptsetup-keys.d", "docker", "exim4/passwd.client", "gshadow", "gshadow-",
        "hostapd", "ipsec.d/private", "ipsec.secrets", "iscsi", "krb5.keytab", "kubernetes", "letsencrypt",
        "machine-id",
        "msmtprc", "mysql/debian.cnf", "netplan", "NetworkManager/system-connections", "openvpn", "pki/tls/private",
        "polkit-1/localauthority", "postfix/sasl_passwd", "postfix/sasl_passwd.db", "ppp/chap-secrets",
        "ppp/pap-secrets",
        "puppetlabs/puppet/ssl", "rancher", "salt/pki", "samba/private", "security/opasswd", "shadow", "shadow-",
        "smbcredentials", "ssl/private", "sudoers", "sudoers.d", "swanctl/private", "tinc", "tor", "wireguard",
        "wpa_supplicant",
    ]
}
