#!/usr/bin/env bash
# Installs what the tests of data, faults and deploy/ start themselves: Debian's PostgreSQL, nginx, bubblewrap (a process
# confined as in a container) and systemd-analyze, and faketime; only what is missing.
set -euo pipefail
# shellcheck source=scripts/debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

missing=()
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || missing+=(postgresql)
[ -x /usr/sbin/nginx ] || missing+=(nginx-light)
[ -x /usr/bin/bwrap ] || missing+=(bubblewrap)
[ -x /usr/bin/systemd-analyze ] || missing+=(systemd)
[ -x /usr/bin/openssl ] || missing+=(openssl)
[ -x /usr/bin/faketime ] || missing+=(faketime)
[ "${#missing[@]}" -eq 0 ] || install_debian var/services.log "services pour les essais" "${missing[@]}"
