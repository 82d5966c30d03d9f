extension ImageMap {
    /// Well-known images and the programs of a Debian host that do the same: used with `--rootfs host` and
    /// `--image-map builtin` alone.
    ///
    /// An entry says what the image's configuration says, ENTRYPOINT and CMD, so a manifest's `command` and `args` mean
    /// what they mean with the image. What the image's files would have, and the host's lack, its entrypoint makes in the
    /// container's own layer. A manifest that brings its own `command` gets the host's files as they are.
    public static let builtin = ImageMap(
        ["*/busybox", "alpine"].map { Entry(name: $0, command: ["sh"], hasBusyboxShell: true) }
            + [
                "debian", "ubuntu", "fedora", "centos", "rockylinux", "almalinux", "archlinux", "amazonlinux",
                "buildpack-deps", "golang", "gcc", "bitnami/git",
            ].map { Entry(name: $0, command: ["bash"]) }
            + [
                Entry(name: "bash", entrypoint: Entry.shell(programUnlessOption("bash")), command: ["bash"]),
                Entry(name: "nginx", entrypoint: Entry.shell(nginx), command: ["nginx", "-g", "daemon off;"]),
                Entry(name: "httpd", entrypoint: Entry.shell(httpd), command: ["httpd-foreground"]),
                Entry(name: "redis", entrypoint: Entry.shell(redis), command: ["redis-server"]),
                Entry(name: "python", command: ["python3"]),
                Entry(name: "perl", command: ["perl", "-de0"]),
                Entry(name: "ruby", command: ["irb"]),
                Entry(name: "node", entrypoint: Entry.shell(programUnlessOption("node")), command: ["node"]),
                Entry(name: "alpine/git", entrypoint: ["git"], command: ["--help"]),
                Entry(name: "alpine/socat", entrypoint: ["socat"]),
                Entry(
                    name: "curlimages/curl", entrypoint: Entry.shell(programUnlessCommand("curl")), command: ["curl"]
                ),
                Entry(name: "registry.k8s.io/git-sync/git-sync", entrypoint: ["git-sync"]),
                Entry(name: "polinux/stress", command: ["stress"]),
                Entry(name: "*/pause", entrypoint: ["sleep", "infinity"]),
            ]
    )

    /// `args: [-c, …]` goes to the program; a word without a dash is a program of its own.
    private static func programUnlessOption(_ program: String) -> String {
        #"case "${1-}" in -*) set -- \#(program) "$@";; esac; exec "$@""#
    }

    /// As above, and anything that is not a program is an argument too, such as a URL.
    private static func programUnlessCommand(_ program: String) -> String {
        #"case "${1-}" in -*) set -- \#(program) "$@";; *) command -v "$1" >/dev/null || set -- \#(program) "$@";; esac; exec "$@""#
    }

    /// The image serves `/usr/share/nginx/html` on port 80, logs to the container's output, has a user `nginx`, and reads
    /// `/etc/nginx/nginx.conf`, which includes `/etc/nginx/conf.d/*.conf`. What the pod mounts in those places counts;
    /// what the host has there does not, for it is the host's own web site.
    private static let nginx = #"""
        mounted() { grep -qE "^([^ ]+ ){4}$1 " /proc/self/mountinfo; }
        mkdir -p /var/log/nginx /var/lib/nginx /var/cache/nginx 2>/dev/null
        if ! mounted /var/log/nginx; then
            { ln -sf /dev/stdout /var/log/nginx/access.log; ln -sf /dev/stderr /var/log/nginx/error.log; } 2>/dev/null
        fi
        grep -q '^nginx:' /etc/passwd || {
            echo 'nginx:x:101:101:nginx:/nonexistent:/usr/sbin/nologin' >>/etc/passwd
            echo 'nginx:x:101:' >>/etc/group
        } 2>/dev/null
        config() {
            echo 'worker_processes auto; pid /run/nginx.pid; error_log stderr notice;'
            if [ "$(id -u)" = 0 ] && grep -q '^nginx:' /etc/passwd; then echo 'user nginx;'; fi
            echo 'events { worker_connections 1024; }'
            echo 'http {'
            echo 'include /etc/nginx/mime.types; default_type application/octet-stream;'
            echo "log_format main '\$remote_addr - \$remote_user [\$time_local] \"\$request\" '"
            echo "'\$status \$body_bytes_sent \"\$http_referer\" \"\$http_user_agent\" \"\$http_x_forwarded_for\"';"
            echo 'access_log /dev/stdout main; sendfile on; keepalive_timeout 65;'
            for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $temp/$kind;"; done
            if mounted '/etc/nginx/conf\.d(/[^ ]*)?'; then echo 'include /etc/nginx/conf.d/*.conf;'; fi
            if ! mounted '/etc/nginx/conf\.d(/default\.conf)?'; then
                echo 'server { listen 80; listen [::]:80; server_name localhost;'
                echo 'location / { root /usr/share/nginx/html; index index.html index.htm; }'
                echo 'error_page 500 502 503 504 /50x.html; location = /50x.html { root /usr/share/nginx/html; } }'
            fi
            echo '}'
        }
        if [ "${1-}" = nginx ] && ! mounted '/etc/nginx(/nginx\.conf)?'; then
            temp=/tmp
            for place in /var/cache/nginx /run /tmp /dev/shm; do
                if [ -w "$place" ]; then temp=$place; break; fi
            done
            for file in /etc/nginx/nginx.conf "$temp/nginx.conf"; do
                if { config >"$file"; } 2>/dev/null; then shift; set -- nginx -c "$file" "$@"; break; fi
            done
        fi
        exec "$@"
        """#

    /// The image serves `/usr/local/apache2/htdocs` on port 80.
    private static let httpd = #"""
        if [ "${1-}" != httpd-foreground ]; then exec "$@"; fi
        root=/usr/local/apache2/htdocs
        mkdir -p "$root" 2>/dev/null
        if [ -z "$(ls -A "$root" 2>/dev/null)" ]; then
            { echo '<html><body><h1>It works!</h1></body></html>' >"$root/index.html"; } 2>/dev/null
        fi
        if command -v busybox >/dev/null; then exec busybox httpd -f -p 80 -h "$root"; fi
        exec python3 -m http.server --directory "$root" 80
        """#

    /// The image keeps its data in `/data` and takes connections from other hosts.
    private static let redis = #"""
        case "${1-}" in -* | *.conf) set -- redis-server "$@";; esac
        if [ "$1" = redis-server ]; then
            mkdir -p /data 2>/dev/null
            cd /data 2>/dev/null || cd /tmp
            set -- "$@" --protected-mode no
        fi
        exec "$@"
        """#
}
