# shellcheck shell=bash disable=SC2154
# Many pods of the store, for the figures that need them.

# apply_pods FIRST LAST PROGRAM: pods of one container each, at once, by one command a pod.
apply_pods() {
    local number waiting=() pid
    for ((number = $1; number <= $2; number++)); do
        printf '%s\n' "{apiVersion: v1, kind: Pod, metadata: {name: p$number}, spec: {restartPolicy: Never, terminationGracePeriodSeconds: 2, \
containers: [{name: a, image: 'host:/', command: [sh, -c, \"$3\"]}]}}" >"$work/p$number.yaml"
        "$bin/swiftlet" apply -f "$work/p$number.yaml" &
        waiting+=($!)
    done
    for pid in "${waiting[@]}"; do wait "$pid"; done
}
delete_pods() {
    local number waiting=() pid
    for ((number = $1; number <= $2; number++)); do
        "$bin/swiftlet" delete pod "p$number" &
        waiting+=($!)
    done
    for pid in "${waiting[@]}"; do wait "$pid"; done
}
all_ended() { [ -z "$(servants)" ]; }
tidy() { "$bin/swiftlet" delete pods --all --now >/dev/null 2>&1 || true; }
