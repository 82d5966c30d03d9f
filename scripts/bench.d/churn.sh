# shellcheck shell=bash disable=SC2154
# Pods are applied, ten at once, and stay; then they are deleted in the same way. Does the last one cost what the first did? And
# what is left on the host afterwards?
pods=${pods:-500}
need_verb apply
need_verb delete
# shellcheck source=scripts/bench.d/pods.sh
. "$top/scripts/bench.d/pods.sh"

# What pods could leave.
census() {
    echo "processes $(servants | wc -l)"
    echo "mounts $(grep -c "$work\|swiftlet" /proc/self/mountinfo || true)"
    echo "cgroups $(find /sys/fs/cgroup -maxdepth 4 -name 'pod*' | { grep -Ff "$work/uids" || true; } | wc -l)"
    echo "pods' directories $(find "$SWIFTLET_ROOT/run/pods" "$SWIFTLET_ROOT/lib/pods" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l)"
    echo "logs $(find "$SWIFTLET_ROOT/log/pods" -mindepth 1 -maxdepth 1 2>/dev/null | awk 'END { print (NR > 10 ? NR - 10 : 0) }')"
    echo "System V objects $(tail -qn +2 /proc/sysvipc/shm /proc/sysvipc/sem /proc/sysvipc/msg | wc -l)"
}
"$bin/swiftlet" get pods >/dev/null 2>&1 || true
: >"$work/uids"
census >"$work/before"
half=$((pods > 50 ? 50 : (pods + 1) / 2))
for step in apply delete; do
    for ((first = 1; first <= pods; first += 10)); do
        last=$((first + 9 < pods ? first + 9 : pods))
        begin=${EPOCHREALTIME/./}
        case $step in
        apply) apply_pods "$first" "$last" "trap 'exit 0' TERM; sleep 100000 & wait" >/dev/null ;;
        delete) delete_pods "$first" "$last" >/dev/null ;;
        esac
        value=$(((${EPOCHREALTIME/./} - begin) / (last - first + 1)))
        [ "$first" -gt "$half" ] || record "${step}_first_$half" "$value"
        [ "$last" -le $((pods - half)) ] || record "${step}_last_$half" "$value"
    done
    [ "$step" = delete ] || ls "$SWIFTLET_ROOT/run/pods" >"$work/uids"
done
wait_until 20 all_ended || true
census >"$work/after"
cmp -s "$work/before" "$work/after" || die "left on the host: $(diff "$work/before" "$work/after" | grep '^>' | tr '\n' ' ')"
show "$pods pods applied and deleted, 10 at a time; time per pod" ms 1000 "apply_first_$half" \
    "apply_first_$half" "apply_last_$half" "delete_first_$half" "delete_last_$half"
