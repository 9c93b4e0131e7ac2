#!/bin/sh
# Programs of others that the tests need: pdfsig (poppler) and its library's certutil (NSS) judge our signatures, SoftHSM2 is a
# signing token, espeak-ng the voice of a hall. Quiet when they are there; installed by root on Debian and its kin; else said by name.
set -u
packages="poppler-utils libnss3-tools softhsm2 espeak-ng"

there() {
    for program in pdfsig certutil softhsm2-util espeak-ng; do command -v "$program" >/dev/null || return 1; done
}

there && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "- Cài $packages cho kiểm thử (installing four packages for the tests)" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # the names of packages, one word each
    apt-get update -q >&2 && apt-get install -y -q --no-install-recommends $packages >&2 && there && exit 0
fi
echo "Kiểm thử cần pdfsig, certutil, SoftHSM2 và espeak-ng. Cài: sudo apt-get install $packages" >&2
echo "(The tests need pdfsig, certutil, SoftHSM2 and espeak-ng: install these packages.)" >&2
exit 1
