#!/bin/sh
# Programs of others that the tests ask as outside judges: pdfsig (poppler) about our signatures, SoftHSM2 as a signing token.
# Quiet when they are there; installed by root on Debian and its kin; else said by name.
set -u

there() {
    command -v pdfsig >/dev/null && command -v softhsm2-util >/dev/null
}

there && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "- Cài poppler-utils và softhsm2 cho kiểm thử chữ ký số (installing two programs for the tests of signatures)" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q >&2 && apt-get install -y -q --no-install-recommends poppler-utils softhsm2 >&2 && there && exit 0
fi
echo "Kiểm thử chữ ký số cần pdfsig và SoftHSM2. Cài: sudo apt-get install poppler-utils softhsm2" >&2
echo "(The tests of signatures need pdfsig and SoftHSM2: install the two packages.)" >&2
exit 1
