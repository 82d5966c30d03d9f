# shellcheck shell=bash disable=SC2154
# PSS per pod of what serves it: supervisor and keeper, or a conmon for each of its two containers. The processes share their
# program's pages, so that more pods cost less each. What podman's own pod has besides, a third conmon and a pause process, is
# not counted against it.
prepare_pod
exec {fifo}<>"$work/bench/fifo"
# PSS of processes, in kB.
pss_of() {
    local files=() pid
    for pid in "$@"; do files+=("/proc/$pid/smaps_rollup"); done
    cat "${files[@]}" | awk '$1 == "Pss:" { sum += $2 } END { print sum + 0 }'
}
peers=()
for count in 1 ${pods:-100}; do
    run_pods "$count"
    # Past the work of the start.
    sleep 1
    mapfile -t pids < <(servants)
    [ "${#pids[@]}" -ge $((2 * count)) ] || die "$count pods are served by ${#pids[@]} processes"
    record "swiftlet_$count" $(($(pss_of "${pids[@]}") / count))
    peers+=("swiftlet_$count")
    stop_pods
    if ! has_peer conmon; then
        missing "conmon_$count" "$reason"
        continue
    fi
    monitors=()
    for ((number = 1; number <= 2 * count; number++)); do
        start_conmon "c$count-$number" "$work/bench/ready" "$work/bench/fifo" || die "conmon: $(tail -n 1 "$work/c$count-$number/out")"
        touch "$work/c$count-$number/go"
        monitors+=("$(cat "$work/c$count-$number/conmon")")
    done
    timeout 30 head -c $((2 * count)) <&"$fifo" >/dev/null
    record "conmon_$count" $(($(pss_of "${monitors[@]}") / count))
    peers+=("conmon_$count")
    for ((number = 1; number <= 2 * count; number++)); do kill -TERM "$(cat "$work/c$count-$number/pid")"; done
    for pid in "${monitors[@]}"; do wait_until 10 test ! -e "/proc/$pid" || true; done
done
show "Memory per pod of 2 containers (PSS), with 1 pod and with ${pods:-100}" kB 1 conmon_1 "${peers[@]}"
