#!/bin/sh
# Programs of others that the tests ask as outside judges: pdfsig (poppler) and its library's certutil (NSS) about our
# signatures, SoftHSM2 as a signing token. Quiet when they are there; installed by root on Debian and its kin; else said by name.
set -u
packages="poppler-utils libnss3-tools softhsm2"

there() {
    command -v pdfsig >/dev/null && command -v certutil >/dev/null && command -v softhsm2-util >/dev/null
}

there && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "- Cài $packages cho kiểm thử chữ ký số (installing three packages for the tests of signatures)" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # the names of packages, one word each
    apt-get update -q >&2 && apt-get install -y -q --no-install-recommends $packages >&2 && there && exit 0
fi
echo "Kiểm thử chữ ký số cần pdfsig, certutil và SoftHSM2. Cài: sudo apt-get install $packages" >&2
echo "(The tests of signatures need pdfsig, certutil and SoftHSM2: install these packages.)" >&2
exit 1
