#!/bin/sh
# Makes the secret files that compose.yaml hands to its services, each readable by its service only; keeps those there.
#
#   deploy/secrets.sh [NAME] [FOLDER]     NAME: the site's, for a certificate to try with (localhost); FOLDER: deploy/secrets
set -eu
name=${1:-localhost}
folder=${2:-$(dirname "$0")/secrets}
umask 077
mkdir -p "$folder"
cd "$folder"

# The numbers are the users of compose.yaml: 10001 Guichet, 999 PostgreSQL, 101 nginx.
give() {
    chmod 0400 "$2"
    if [ "$(id -u)" -eq 0 ]; then
        chown "$1:$1" "$2"
    else
        echo "À faire en administrateur : chown $1:$1 $folder/$2" >&2
    fi
}

if [ ! -e postgres_password ]; then
    openssl rand -hex 24 >postgres_password
    give 999 postgres_password
fi
if [ ! -e guichet.toml ]; then
    printf 'database = "postgresql://guichet:%s@postgres/guichet"\n' "$(cat postgres_password)" >guichet.toml
    give 10001 guichet.toml
fi
if [ ! -e tls.key ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj "/CN=$name" \
        -addext "subjectAltName=DNS:$name" -keyout tls.key -out tls.crt 2>/dev/null
    give 101 tls.key
    give 101 tls.crt
    echo "Certificat d’essai pour $name, 90 jours : remplacez tls.crt et tls.key par ceux de votre autorité." >&2
fi
