# shellcheck shell=bash disable=SC2154
# The same runs as those of a start; what is shown is how long the stop took.
# shellcheck source=scripts/bench.d/start.sh
. "$top/scripts/bench.d/start.sh"
