# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Completion of the programs that are installed: options are those that --help tells of.

_primesim_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }

_primesim_options() { "$1" --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]*' | sort -u; }

_primesim_value()
{
	case $prev in
		--profile) _primesim_words "$(simctl profiles 2>/dev/null)" ;;
		--route) _primesim_words "$(primepipe --help | sed -n 's/^      \([a-z-]*\) .*/\1/p')" ;;
		--format) _primesim_words "$(primepipe --help | sed -n '/--format/,/default/p' | grep -oE '\b[A-Z][A-Z0-9]{3,}\b' | grep -vx NAME)" ;;
		--camera | --gpu | --display | --json | --png | --trace | --graph | --picture | --html) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
		*) return 1 ;;
	esac
}

_primesim()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}

	_primesim_value || _primesim_words "$(_primesim_options "$1")"
	[ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

_simctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}

	case $COMP_CWORD:${COMP_WORDS[1]} in
		1:*) _primesim_words 'add list rm profiles --help' ;;
		2:add) _primesim_words 'camera gpu' ;;
		*:add) _primesim_value || _primesim_words '--name --profile --set' ;;
		*:rm) _primesim_words "$(simctl list 2>/dev/null | awk 'NR > 1 && $1 !~ /\./ { print $1 }')" ;;
	esac
}

complete -F _primesim primepipe bufgraph buftrace stampread primepipe-report
complete -F _simctl simctl
