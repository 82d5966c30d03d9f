/// What of the host's `/etc` is not for containers: keys, password hashes, credentials. A file is replaced by an empty one
/// with the same owner and mode, so that a program that opens it finds what it expects; a directory by an empty one.
enum HostSecrets {
    /// Below `/etc`.
    static let paths = [
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

    /// In `/etc/ssh`: `ssh_host_ed25519_key`.
    static func isHostKey(_ name: String) -> Bool {
        name.hasPrefix("ssh_host_") && name.hasSuffix("_key")
    }
}
