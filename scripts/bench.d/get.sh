# shellcheck shell=bash disable=SC2154
# The list of all pods, with so many that have run and ended. The floor is what has to be read for it: sqlite3 for the objects,
# cat for what their supervisors wrote of them.
pods=${pods:-500} runs=${runs:-20}
need_verb apply
need_verb get
need sqlite3=sqlite3 >&2
compile span
# shellcheck source=scripts/bench.d/pods.sh
. "$top/scripts/bench.d/pods.sh"
for ((first = 1; first <= pods; first += 10)); do apply_pods "$first" $((first + 9 < pods ? first + 9 : pods)) true >/dev/null; done
wait_until 60 all_ended || die "the pods did not end"
cat >"$work/floor" <<SH
#!/bin/sh
sqlite3 '$SWIFTLET_ROOT/lib/state.db' "SELECT json FROM objects"
exec cat '$SWIFTLET_ROOT'/lib/pods/*/status.json
SH
chmod +x "$work/floor"
for ((run = -1; run < runs; run++)); do
    for peer in floor swiftlet; do
        case $peer in
        floor) command=("$work/floor") ;;
        swiftlet) command=("$bin/swiftlet" get pods) ;;
        esac
        microseconds=$("$work/span" "${command[@]}" 2>"$work/$peer.log") || die "$peer: $(tail -n 1 "$work/$peer.log")"
        [ "$run" -lt 0 ] || record "$peer" "$microseconds"
    done
done
show "The list of $pods pods" ms 1000 floor floor swiftlet
