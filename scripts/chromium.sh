#!/bin/sh
# Prints the path of a Chromium for the browser tests: $CHROMIUM, one on PATH, or (as root) Debian's own.
set -u

find_one() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        [ -n "$name" ] && command -v "$name" && return 0
    done
    return 1
}

find_one && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "- Không có trình duyệt cho kiểm thử trang: cài chromium của hệ thống (no browser found: installing the system's)" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q >&2 && apt-get install -y -q --no-install-recommends chromium fonts-liberation >&2 && find_one && exit 0
fi
echo "Kiểm thử trang cần Chromium. Cài: sudo apt-get install chromium, hoặc chỉ ra: make test CHROMIUM=/đường/dẫn" >&2
echo "(The page tests need Chromium: install it, or say where it is with CHROMIUM=/path.)" >&2
exit 1
