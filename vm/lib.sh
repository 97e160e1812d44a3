# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034 # who sources this uses them
#
# What the scripts of vm/ share. Source it; it runs nothing by itself.

lab_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lab_cache=${XDG_CACHE_HOME:-$HOME/.cache}/zero-copy-lab
lab_name=${0##*/}

die()
{
	printf '%s: %s\n' "$lab_name" "$1" >&2
	exit "${2:-1}"
}

# The comment block at the head of a script is its help text.
usage()
{
	awk 'NR <= 2 { next } /^#/ { sub(/^# ?/, ""); print; next } { exit }' "$0"
}

# Absolute path of the build directory; BUILD= is relative to the caller's directory.
build_dir()
{
	mkdir -p "${BUILD:-$lab_top/build}" && cd "${BUILD:-$lab_top/build}" && pwd
}

# guarded SIGNAL COMMAND...: run it so that it gets SIGNAL when this script is interrupted or killed, even
# with SIGKILL. In the background, because a bash that waits for a foreground command ignores signals till its end.
guarded()
{
	local signal=$1 status=0

	shift
	setpriv --pdeathsig "$signal" "$@" &
	lab_child=$!
	trap 'kill -s '"$signal"' $lab_child 2>/dev/null; wait $lab_child || true; exit 130' INT TERM HUP
	wait "$lab_child" || status=$?
	trap - INT TERM HUP
	return "$status"
}

# Run a command as root of its own mount and process namespace: as root just so, as anybody else as root of a
# user namespace. However it ends, nothing stays mounted and no process is left: with unshare goes the namespace
# (kill-child). It ignores gentler signals than KILL.
in_namespace()
{
	local flags=(--mount --pid --fork --kill-child)

	[ "$(id -u)" = 0 ] || flags+=(--map-root-user --map-auto)
	guarded KILL unshare "${flags[@]}" "$@"
}

# The mirror: what the caller says, else what this host's apt uses for Debian, else mmdebstrap's default.
mirror()
{
	# shellcheck disable=SC2016 # these are apt's variables
	printf '%s\n' "${MIRROR:-$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 2>/dev/null |
		awk -F '|' '$1 == "Debian" && $2 == "Debian" { print $3; exit }')}"
}

# Lines of sources.list for some of Debian's suites. host-setup sees to the keyring.
suites()
{
	local mirror

	mirror=$(mirror)
	[ -n "$mirror" ] || die "which mirror of Debian? This machine's apt knows none; MIRROR=<url> tells it"
	printf "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror %s main\n" "$@"
}

# private_apt DIRECTORY SUITE...: package lists of these suites, in a directory of their own; apt_options then are what
# apt-get and apt-cache need to work with them.
private_apt()
{
	local directory=$1 arch

	shift
	arch=$(dpkg --print-architecture)
	apt_options=(-qq -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o APT::Sandbox::User=
		-o Acquire::Languages=none -o Acquire::Check-Valid-Until=false -o Dir::Etc::SourceParts=/dev/null
		-o Dir::Etc::SourceList="$directory/list" -o Dir::State::Lists="$directory/state" -o Dir::Cache="$directory")
	mkdir -p "$directory/state" "$directory/archives/partial"
	suites "$@" >"$directory/list"
	apt-get "${apt_options[@]}" update
}

# step LABEL COMMAND...: run it and remember how long it took; print_steps shows the list.
lab_steps=()
step()
{
	local label=$1 start=$EPOCHREALTIME status=0

	shift
	printf '== %s\n' "$label"
	"$@" || status=$?
	lab_steps+=("$(printf '%-14s %6.1f s' "$label" "$(seconds_since "$start")")")
	if [ "$status" != 0 ]; then
		print_steps
		printf '%s: step "%s" failed (status %d)\n' "$lab_name" "$label" "$status" >&2
	fi
	return "$status"
}

# What every run in the guest needs first.
prepare_guest()
{
	step 'host packages' "$lab_top/vm/host-setup"
	step 'guest image' "$lab_top/vm/image"
	step build "$lab_top/vm/build"
}

# An empty directory of that name under the build directory, so that no result of an earlier run is mistaken for this one's.
fresh_results()
{
	local dir

	dir=$(build_dir)/$1
	rm -rf "$dir"
	mkdir "$dir"
	printf '%s\n' "$dir"
}

seconds_since()
{
	awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'
}

print_steps()
{
	printf '== time\n'
	printf '   %s\n' "${lab_steps[@]}"
}
