#!/bin/sh
# Prints the path of a Chromium for the browser tests: $CHROMIUM, the headless one (as root: Debian's own), or any on PATH.
# The headless one has no window to draw: the same tests take a quarter less time.
set -u

find_one() {
    for name in "$@"; do
        [ -n "$name" ] && command -v "$name" && return 0
    done
    return 1
}

find_one "${CHROMIUM:-}" chromium-headless-shell && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "- Cài trình duyệt không cửa sổ của hệ thống cho kiểm thử trang (installing the system's headless browser)" >&2
    export DEBIAN_FRONTEND=noninteractive
    for package in chromium-headless-shell chromium; do
        { apt-get update -q && apt-get install -y -q --no-install-recommends "$package" fonts-liberation; } >&2
        find_one "$package" && exit 0
    done
fi
find_one chromium chromium-browser google-chrome google-chrome-stable && exit 0
echo "Kiểm thử trang cần Chromium. Cài: sudo apt-get install chromium-headless-shell, hoặc chỉ ra: make test CHROMIUM=/đường/dẫn" >&2
echo "(The page tests need Chromium: install it, or say where it is with CHROMIUM=/path.)" >&2
exit 1
