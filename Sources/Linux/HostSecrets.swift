import CLinux
import Glibc

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
        withUnsafeMutablePointer(to: &found) { list in
            swl_find_closed(
                etc.raw,
                { context, path in
                    guard let path else { return }
                    context?.assumingMemoryBound(to: [String].self).pointee.append(String(cString: path))
                }, list)
        }
        let all = Set(found)
        for path in known where !all.contains(path) {
            let parents = path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) }
            if parents.allSatisfy({ !all.contains($0) }) { found.append(path) }
        }
        return found
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
