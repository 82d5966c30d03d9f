# shellcheck shell=bash disable=SC2154
# A program that writes lines of 100 bytes to its standard output as fast as it can, and says itself how long that took.
#     swiftlet   a container's log, in the CRI format, with rotation
#     conmon     a k8s-file log, the same format, as podman keeps it; a file that has become 10 MiB is begun anew
#     floor      cat from a pipe into a file: no lines, no times
megabytes=${pods:-200}
runs=${runs:-5}
compile flood -static
mkdir "$work/bench"
mv "$work/flood" "$work/bench"
cat >"$work/flood.yaml" <<YAML
apiVersion: v1
kind: Pod
metadata: {name: flood}
spec:
  restartPolicy: Never
  volumes: [{name: bench, hostPath: {path: $work/bench}}]
  containers:
    - {name: flood, image: "host:/", command: [/bench/flood, "$megabytes", /bench/result], volumeMounts: [{name: bench, mountPath: /bench}]}
YAML
peers=(floor swiftlet)
if has_peer conmon; then peers+=(conmon); else missing conmon "$reason"; fi
for ((run = 0; run < runs; run++)); do
    for peer in "${peers[@]}"; do
        rm -f "$work/bench/result"
        case $peer in
        floor) "$work/bench/flood" "$megabytes" "$work/bench/result" | cat >"$work/floor.log" ;;
        swiftlet) "$bin/swiftlet" run "$work/flood.yaml" >/dev/null 2>"$work/swiftlet.log" || die "$(tail -n 1 "$work/swiftlet.log")" ;;
        conmon)
            start_conmon "c$run" "$work/bench/flood" "$megabytes" "$work/bench/result" || die "conmon: $(tail -n 1 "$work/c$run/out")"
            touch "$work/c$run/go"
            wait_until 120 test -s "$work/bench/result"
            rm -f "$work/c$run/log"
            ;;
        esac
        [ -s "$work/bench/result" ] || die "$peer: no result"
        # Bytes per microsecond are megabytes per second.
        record "$peer" "$(awk -v megabytes="$megabytes" '{ print megabytes * 1000000 / $1 }' "$work/bench/result")"
    done
done
show "Output of a container, ${megabytes} MB in lines of 100 bytes; more is better" "MB/s" 1 conmon "${peers[@]}"
