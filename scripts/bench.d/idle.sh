# shellcheck shell=bash disable=SC2154
# How often the processes that serve an idle pod of two containers are woken, counted over some seconds: the voluntary context
# switches that the kernel counts.
seconds=${runs:-10}
prepare_pod
exec {fifo}<>"$work/bench/fifo"
switches() {
    local files=() pid
    for pid in "$@"; do files+=("/proc/$pid/status"); done
    cat "${files[@]}" | awk '/_ctxt_switches:/ { sum += $2 } END { print sum + 0 }'
}
# watch PEER PID…
watch_peer() {
    local peer=$1 first
    shift
    first=$(switches "$@")
    sleep "$seconds"
    record "$peer" $(($(switches "$@") - first))
}
run_pods 1
sleep 1
mapfile -t pids < <(servants)
watch_peer swiftlet "${pids[@]}"
if has_peer conmon; then
    for number in 1 2; do
        start_conmon "c$number" "$work/bench/ready" "$work/bench/fifo" || die "conmon: $(tail -n 1 "$work/c$number/out")"
        touch "$work/c$number/go"
    done
    timeout 30 head -c 2 <&"$fifo" >/dev/null
    sleep 1
    watch_peer conmon "$(cat "$work/c1/conmon")" "$(cat "$work/c2/conmon")"
    for number in 1 2; do kill -TERM "$(cat "$work/c$number/pid")"; done
else
    missing conmon "$reason"
fi
show "Wake-ups of an idle pod of 2 containers" "1/s" "$seconds" conmon swiftlet conmon
