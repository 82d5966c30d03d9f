# shellcheck shell=bash
# What the scripts in this directory share. To be sourced by bash, never run.

# Absolute path of the repository.
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Where SwiftPM builds; set SWIFTLET_BUILD to keep several builds apart.
scratch=${SWIFTLET_BUILD:-$top/.build}

# shellcheck disable=SC2034 # for the scripts that source this file
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' yellow=$'\e[33m' blue=$'\e[34m' plain=$'\e[0m'
else
    bold='' dim='' red='' green='' yellow='' blue='' plain=''
fi

# step TEXT: a heading for what comes next.
step() { printf '\n%s==>%s %s%s%s\n' "$blue" "$plain" "$bold" "$*" "$plain"; }
# info TEXT: a remark to a step.
info() { printf '    %s\n' "$*"; }
# good TEXT: a check that held.
good() { printf '    %s✔%s %s\n' "$green" "$plain" "$*"; }
# bad TEXT: a check that failed. Does not end the script.
bad() { printf '    %s✘ %s%s\n' "$red" "$*" "$plain" >&2; }
# warn TEXT: something that the user should know, and that ends nothing.
warn() { printf '    %s! %s%s\n' "$yellow" "$*" "$plain" >&2; }
# die TEXT: says why and ends the script.
die() {
    printf '%s%s: %s%s\n' "$red" "$(basename "$0")" "$*" "$plain" >&2
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# need_root WHY: ends the script unless root runs it.
need_root() {
    is_root || die "$1 needs root; run: sudo $0"
}

# What containers with the root host:/ find: nothing of a user's own PATH.
system_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# have_program NAME: whether the operating system has the program.
have_program() { PATH=$system_path command -v "$1" >/dev/null 2>&1; }

# have_library MODULE: whether pkg-config knows the library.
have_library() { have_program pkg-config && pkg-config --exists "$1" 2>/dev/null; }

# apt_get ARGUMENTS: quiet, tried twice, since mirrors fail now and then. Shows apt's words only if both fail.
apt_get() {
    local log attempt
    log=$(mktemp)
    for attempt in 1 2; do
        if DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1; then
            rm -f "$log"
            return 0
        fi
        [ "$attempt" = 2 ] || sleep 3
    done
    tail -n 20 "$log" >&2
    rm -f "$log"
    return 1
}

# install_packages PACKAGE…: without starting the services that come with them (nginx would take port 80).
install_packages() {
    local policy=/usr/sbin/policy-rc.d made='' status=0
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && made=yes
    fi
    # With the lists at hand the update is not needed, and often is the slowest part.
    apt_get install -y --no-install-recommends "$@" 2>/dev/null ||
        { apt_get update && apt_get install -y --no-install-recommends "$@"; } || status=1
    [ -z "$made" ] || rm -f "$policy"
    return "$status"
}

# need WHAT…: makes sure of programs and libraries, and installs the Debian packages of those missing.
# WHAT is `program=package` or `lib:pkg-config-name=package`. Fails, and says what to do, where it cannot install.
need() {
    local what key missing=()
    for what in "$@"; do
        key=${what%%=*}
        case $key in
        lib:*) have_library "${key#lib:}" || missing+=("${what#*=}") ;;
        *) have_program "$key" || missing+=("${what#*=}") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! have_program apt-get; then
        bad "missing, under the names of Debian's packages: ${missing[*]}; install them with your distribution's tools"
        return 1
    fi
    if ! is_root; then
        bad "missing: ${missing[*]}; run: sudo apt-get install ${missing[*]}"
        return 1
    fi
    info "installing ${missing[*]} (apt-get)"
    if ! install_packages "${missing[@]}"; then
        bad "apt-get could not install ${missing[*]}"
        return 1
    fi
}

# What a build takes.
need_build_packages() {
    need git=git pkg-config=pkg-config lib:mount=libmount-dev lib:libseccomp=libseccomp-dev lib:yaml-0.1=libyaml-dev lib:sqlite3=libsqlite3-dev
}

# need_swift: puts Swift 6.3 or newer on PATH, or ends the script with what to do.
need_swift() {
    local home version
    home=$(getent passwd "${SUDO_USER:-$(id -un)}" | cut -d: -f6)
    if ! command -v swift >/dev/null 2>&1 && [ -x "$home/.local/share/swiftly/bin/swift" ]; then
        PATH=$home/.local/share/swiftly/bin:$PATH
    fi
    command -v swift >/dev/null 2>&1 ||
        die "Swift is missing: install 6.3 or newer from https://www.swift.org/install/linux and put its usr/bin on PATH (sudo drops PATH: sudo env PATH=\"\$PATH\" $0)"
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [ -n "$version" ] || die "swift --version failed: $(swift --version 2>&1 | head -n 1)"
    if [ "$(printf '%s\n' 6.3 "$version" | sort -V | head -n 1)" != 6.3 ]; then
        die "Swift $version is too old: 6.3 or newer is needed, see https://www.swift.org/install/linux"
    fi
}

# build_release: builds both programs as they are shipped, and sets `bin` to where they are.
build_release() {
    need_build_packages || exit 1
    need_swift
    local flags=(-c release --static-swift-stdlib --scratch-path "$scratch" --package-path "$top")
    swift build "${flags[@]}" || die "the build failed"
    bin=$(swift build "${flags[@]}" --show-bin-path)
}

# build_tests: builds the programs and all tests in one go (debug), and sets `bin` to where they are.
build_tests() {
    need_build_packages || exit 1
    need_swift
    local flags=(--scratch-path "$scratch" --package-path "$top")
    swift build "${flags[@]}" --build-tests || return 1
    # shellcheck disable=SC2034 # for the script that sourced this file
    bin=$(swift build "${flags[@]}" --show-bin-path)
}

# free_port FIRST: the first TCP port from FIRST on that nobody listens on, in either address family.
free_port() {
    local port=$1
    while cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
        awk -v port="$(printf '%04X' "$port")" '$4 == "0A" && $2 ~ (":" port "$") { found = 1 } END { exit !found }'; do
        port=$((port + 1))
    done
    echo "$port"
}

# wait_until SECONDS COMMAND…: runs the command four times a second until it succeeds; fails when the time is up.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.25
    done
}
