#!/bin/sh
# Every check that needs no running system; goes on after a failure, so that one run shows all.
set -u
FAILED=""

look() {
    echo "- $1"
    shift
    "$@" || FAILED="$FAILED $1"
}

look "ruff: kiểu viết (style)" ruff check --quiet .
look "ruff: trình bày (layout)" ruff format --check --quiet .
look "mypy: kiểu dữ liệu (types)" mypy
look "import-linter: ai dùng ai (who imports whom)" lint-imports --no-cache
look "manage.py check --deploy: như khi vận hành thật (as in production)" env \
    THONGSUOT_ENV=production THONGSUOT_SECRET_KEY=only-for-this-check-9f3b1c7d5e2a8046-9f3b1c7d5e2a8046-xyz \
    THONGSUOT_HOSTS=mot-cua.example.vn THONGSUOT_URL=https://mot-cua.example.vn THONGSUOT_SMTP_HOST=smtp.example.vn \
    THONGSUOT_MAIL_FROM=mot-cua@example.vn DATABASE_URL=postgresql://thongsuot@db.example.vn/thongsuot \
    python manage.py check --deploy --fail-level WARNING
look "messages: bản tiếng Anh đủ câu (every message has an English line)" python -m pytest -q tests/house/test_messages.py
look "pip-audit: lỗ hổng đã biết (known weaknesses)" python scripts/audit.py requirements.lock

if [ -n "$FAILED" ]; then
    echo "Chưa đạt (failed):$FAILED" >&2
    exit 1
fi
echo "Đạt (all good)."
