#!/usr/bin/env bash
# Installs Debian's chromium, which the tests of the page drive, when no chromium is there.
set -euo pipefail
# shellcheck source=scripts/debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

command -v chromium >/dev/null 2>&1 || install_debian var/chromium.log "chromium pour les essais de la page" chromium fonts-dejavu-core
