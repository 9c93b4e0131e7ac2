# make up      chạy tất cả (run everything)            PORT=8000 DATA=.data CITY=01, DATABASE_URL=postgresql://...
# make test    kiểm thử (run the tests)                DATABASE_URL=postgresql://... CHROMIUM=/path ARGS="-k words"
# make quick   kiểm thử không mở trình duyệt, không khởi động cả hệ thống (the tests without a browser or a real start)
# make lint    soát mã (style, types, imports, known weaknesses, deployment)
# make bench   đo tốc độ (measure)                     ARGS="..."
# make mutate  đo xem kiểm thử nhận ra bao nhiêu (how much the tests notice)   ARGS="thongsuot.kernel.deadlines*"
# make clean   xóa những gì lệnh make đã dựng, giữ dữ liệu (remove what make built; data stays)

PYTHON ?=
PORT ?= 8000
DATA ?= .data
CITY ?= 01
BIN := .venv/bin
ARGS ?=
BOTH_CORES := -n 2 --dist loadfile --no-loadscope-reorder

# Bytecode is kept whatever the environment says: without it each process of ours compiles for three seconds when it starts.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: up test quick lint bench mutate clean
.DEFAULT_GOAL := up

up: .venv/installed
	@exec $(BIN)/thongsuot --data "$(DATA)" up --port "$(PORT)" --city "$(CITY)"

test: .venv/installed-dev
	@CHROMIUM="$$(sh scripts/chromium.sh)" || exit 1; export CHROMIUM; sh scripts/outside.sh || exit 1; \
	$(BIN)/thongsuot messages && exec $(BIN)/python -m pytest $(if $(ARGS),$(ARGS),$(BOTH_CORES))

quick:
	@exec $(MAKE) test ARGS="$(BOTH_CORES) -m 'not browser and not long'"

lint: .venv/installed-dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" exec sh scripts/lint.sh

bench: .venv/installed-dev
	@exec $(BIN)/thongsuot bench $(ARGS)

mutate: .venv/installed-dev
	@exec $(BIN)/python scripts/mutate.py $(ARGS)

clean:
	rm -rf .venv build thongsuot.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find locale -name '*.mo' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Dữ liệu trong $(DATA) còn nguyên. (The data in $(DATA) were kept.)"

# Everything comes from the locks, by hash; a lock that did not change costs nothing.
.venv/installed: requirements.lock pyproject.toml .venv/bin/python
	@sh scripts/install.sh requirements.lock
	@touch $@

.venv/installed-dev: requirements-dev.lock pyproject.toml .venv/bin/python
	@sh scripts/install.sh requirements-dev.lock
	@touch $@ .venv/installed

.venv/bin/python:
	@PYTHON="$(PYTHON)" sh scripts/make_venv.sh
