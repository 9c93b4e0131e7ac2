#!/bin/sh
# install.sh LOCK: puts exactly what the lock lists into .venv, each file checked by its hash, and the project itself.
# uv does it in seconds; where uv cannot be had, or reaches no index that pip is set up to reach, pip does the same.
set -eu
LOCK="$1"
PY=.venv/bin/python

echo "- Cài thư viện theo $LOCK, lần đầu có thể mất vài phút (installing libraries; the first time may take minutes)"
if "$PY" -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-installer.lock \
    && .venv/bin/uv pip install --quiet --python "$PY" --require-hashes -r "$LOCK"; then
    :
else
    echo "  uv không cài được, dùng pip, chậm hơn (uv could not, pip takes over: slower)"
    "$PY" -m pip install -qq --disable-pip-version-check --require-hashes -r "$LOCK"
fi
# The command `thongsuot`: a link to this folder, nothing to build or fetch.
SITE=$("$PY" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pwd > "$SITE/thongsuot.pth"
cat > .venv/bin/thongsuot <<END
#!/bin/sh
exec "$(pwd)/.venv/bin/python" -m thongsuot.config.cli "\$@"
END
chmod +x .venv/bin/thongsuot
