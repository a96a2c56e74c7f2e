#!/usr/bin/env bash
# Installs what the tests about data start themselves: Debian's PostgreSQL.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || install_debian var/services.log "PostgreSQL pour les essais" postgresql
