#!/usr/bin/env bash
# Installs what the tests about data and faults start themselves: Debian's PostgreSQL, and faketime, which moves a clock.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || install_debian var/services.log "PostgreSQL pour les essais" postgresql
command -v faketime >/dev/null || install_debian var/services.log "faketime pour les essais" faketime
