# shellcheck shell=bash disable=SC2154
# The pod of scripts/bench.d/pod.yaml, from just before the fork of the command to the byte that the last app container writes
# as its first act (start), and from SIGINT to the command's end, when nothing of the pod runs any more (stop).
#     floor      a C program that makes the same system calls and nothing else (scripts/bench.d/floor.c)
#     swiftlet   `swiftlet run`, release build, the start of the program included
#     podman     `podman kube play` without network and `podman kube down`, where podman is installed; an empty image, the same
#                program
runs=${runs:-30}
prepare_pod
manifest localhost/swiftlet-bench swiftlet-bench >"$work/podman.yaml"
tidy() { ! has_peer podman || podman rmi --force localhost/swiftlet-bench >/dev/null 2>&1 || true; }

# once PEER: prints the microseconds of a start and of a stop; on failure leaves the reason in $work/PEER.log.
once() {
    local status=0
    case $1 in
    floor) "$work/clock" "$work/bench/fifo" 2 "$work/floor" "$work/bench/ready" "$work/bench/fifo" "$work/floor-state" ;;
    swiftlet) "$work/clock" "$work/bench/fifo" 2 "$bin/swiftlet" run "$work/pod.yaml" ;;
    podman)
        "$work/clock" "$work/bench/fifo" 2 podman kube play --quiet --network none "$work/podman.yaml" || status=$?
        local begin=${EPOCHREALTIME/./}
        podman kube down "$work/podman.yaml" >&2 || true
        stopped=$((${EPOCHREALTIME/./} - begin))
        return "$status"
        ;;
    esac 2>"$work/$1.log" >"$work/$1.out" </dev/null
}
# Only the last line is the clock's; a peer may print what it likes before it.
measure() {
    local start stop
    stopped=
    once "$1" || return 1
    read -r start stop < <(tail -n 1 "$work/$1.out")
    stop=${stopped:-$stop}
    [[ $start =~ ^[0-9]+$ && $stop =~ ^[0-9]+$ ]] || return 1
    if [ "$figure" = start ]; then record "$1" "$start"; else record "$1" "$stop"; fi
}
# able PEER: whether the peer can run here; the reason if not, in `reason`.
able() {
    reason=
    if [ "$1" = podman ]; then
        has_peer podman || return 1
        mkdir -p "$work/empty/tmp"
        tar -C "$work/empty" -c . | podman import - localhost/swiftlet-bench >/dev/null 2>"$work/podman.log" || {
            reason=$(tail -n 1 "$work/podman.log")
            return 1
        }
    fi
    # Once for nothing: caches are warm, and what does not work shows.
    if ! measure "$1"; then
        reason=$(grep -v '^clock:' "$work/$1.log" | tail -n 1)
        reason=${reason:-$(tail -n 1 "$work/$1.log")}
        return 1
    fi
    rm -f "$work/$1.values"
}

peers=()
for peer in floor swiftlet podman; do
    if able "$peer"; then
        peers+=("$peer")
    else
        [ "$peer" = podman ] || die "$peer: $reason"
        missing "$peer" "$reason"
    fi
done
for ((run = 0; run < runs; run++)); do
    for peer in "${peers[@]}"; do
        # podman takes a hundred times as long; a few runs of it will do.
        [ "$peer" != podman ] || [ "$run" -lt 5 ] || continue
        measure "$peer" || die "$peer failed in run $((run + 1)): $(tail -n 1 "$work/$peer.log")"
    done
done
if [ "$figure" = start ]; then
    title="Time until all containers of a pod run (1 init container, 2 app containers, 1 emptyDir)"
else
    title="Time until a pod has ended whose containers end at once when they are asked to"
fi
show "$title" ms 1000 floor floor swiftlet podman
