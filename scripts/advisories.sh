#!/bin/sh
# Holds the pinned versions against the published advisories (pip-audit, source: PyPI's JSON interface or OSV).
# A manual step, before each release and once a month: it needs the network, so `make test` does not run it.
# --strict: a package that the source does not know fails the check instead of passing it.
set -eu
cd "$(dirname "$0")/.."
audit=.venv/bin/pip-audit
if [ ! -x "$audit" ]; then
    echo "pip-audit manque : .venv/bin/pip install -c constraints.txt pip-audit" >&2
    exit 2
fi
exec "$audit" --requirement constraints.txt --no-deps --disable-pip --progress-spinner off --strict "$@"
