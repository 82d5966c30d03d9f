# shellcheck shell=bash disable=SC2154
# A program that ends at once, run in a container: the whole command, from fork to end. The peer is nsenter into the same
# container's namespaces, which neither asks anybody nor takes on the container's identity, limits and filter.
runs=${runs:-50}
need_verb exec
prepare_pod
compile span
# shellcheck disable=SC2034 # for run_pods
exec {fifo}<>"$work/bench/fifo"
run_pods 1
# The container's first process.
for file in /proc/[0-9]*/cmdline; do
    { mapfile -d '' -t words <"$file"; } 2>/dev/null || continue
    [ "${words[*]}" = "/bench/ready /bench/fifo" ] || continue
    process=${file#/proc/} && process=${process%/cmdline}
    [ "$(readlink "/proc/$process/ns/mnt")" != "$(readlink /proc/self/ns/mnt)" ] || continue
    container=$process
done
[ -n "${container:-}" ] || die "the container was not found"
for ((run = -1; run < runs; run++)); do
    for peer in nsenter swiftlet; do
        case $peer in
        nsenter) command=(nsenter --target "$container" --mount --uts --ipc --net --pid -- /bench/ready) ;;
        swiftlet) command=("$bin/swiftlet" exec bench-1 -c one -- /bench/ready) ;;
        esac
        microseconds=$("$work/span" "${command[@]}" 2>"$work/$peer.log") || die "$peer: $(tail -n 1 "$work/$peer.log")"
        # The first one warms the caches.
        [ "$run" -lt 0 ] || record "$peer" "$microseconds"
    done
done
show "A program that ends at once, run in a container" ms 1000 nsenter nsenter swiftlet
