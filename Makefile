# Gongkai (公开). `make help` lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PORT ?= 8000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
RUN_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk
TEST_PACKAGES := chromium-headless-shell libreoffice-writer-nogui nginx-light libnginx-mod-http-cache-purge
POSTGRES_PACKAGES := postgresql
STYLES := $(wildcard gongkai/ui/styles/* gongkai/ui/scripts/*)
TESTS ?= tests
QUICK := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/.make/pycache
PYTEST = $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -q
BENCH_PARTS := $(addprefix bench/,__init__.py county.py glyphs.py many.py papers.py publication.py scoring.py searching.py)
NO_DATABASE := tests/text tests/law tests/search tests/ui tests/consistency tests/faces/test_nginx.py
export PYTHONDONTWRITEBYTECODE ?=

.PHONY: help run test test-postgres upgrade check fix bench soak docs system system-test assets clean

help: ## 列出可用的命令
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: system .make/run assets ## 安装、装入示例政府、启动网站（PORT 可改端口）
	@$(BIN)/gongkai setup
	@$(BIN)/gongkai sample --if-empty
	@$(BIN)/gongkai nightly >/dev/null
	@exec env PORT=$(PORT) GONGKAI_LOG_LEVEL=$${GONGKAI_LOG_LEVEL:-warning} $(BIN)/gongkai serve

test: system-test .make/test assets ## 安装测试所需并跑完全部测试
	$(QUICK) $(PYTEST) $(TESTS)

upgrade: system .make/run assets ## 升级：装好新版所需，先备份，再升级数据库
	@$(BIN)/gongkai upgrade

test-postgres: system-postgres .make/test assets ## 同样的测试，在一个临时的 PostgreSQL 上（不问数据库的、只用浏览器的除外）
	$(QUICK) $(BIN)/python -m tests.postgres -- $(PYTEST) -m "not browser" $(NO_DATABASE:%=--ignore %) $(TESTS)

check: .make/test ## 静态检查：ruff、mypy、import-linter、模板、迁移
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --check --lint --quiet gongkai
	GONGKAI_DATA=$$(mktemp -d) DJANGO_SETTINGS_MODULE=config.settings.embedded $(BIN)/python manage.py makemigrations --check --dry-run

fix: .make/test ## 自动整理格式
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .make/test ## 跑全部基准，各打印一个比值
	@for file in $(filter-out $(BENCH_PARTS),$(wildcard bench/*.py)); do echo "== $$file"; $(BIN)/python $$file; done

soak: .make/test ## 大量次数的同类测试（台账历史、中断导入）
	GONGKAI_SOAK=1 $(BIN)/pytest -n 2 -q -m soak tests

docs: ## 文档在 docs/ 下，直接阅读即可
	@ls docs docs/*

system: ## 缺什么 Debian 包就装什么
	@missing=; $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || missing=python3-venv; $(call install_missing,$(RUN_PACKAGES))

system-test: system
	@missing=; $(call install_missing,$(TEST_PACKAGES))

system-postgres: system-test
	@missing=; $(call install_missing,$(POSTGRES_PACKAGES))

define install_missing
for package in $(1); do dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then $(MAKE) -s install-packages PACKAGES="$$missing"; fi
endef

.PHONY: install-packages system-postgres
install-packages:
	@echo "安装 Debian 包：$(PACKAGES)"
	@sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $(PACKAGES) >/dev/null

.venv/bin/python:
	@echo "建立 Python 环境 .venv"
	@$(PYTHON) -m venv .venv

.make/run: requirements/base.txt pyproject.toml | .venv/bin/python
	@echo "安装 Python 依赖（首次约一分钟）"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements/base.txt | grep -E '^(Collecting|Installing)' || true
	@$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@mkdir -p .make && touch $@

.make/test: requirements/test.txt pyproject.toml | .venv/bin/python
	@echo "安装测试依赖（首次约两分钟）"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements/test.txt | grep -E '^(Collecting|Installing)' || true
	@$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@mkdir -p .make && touch $@

assets: .make/assets

.make/node: package-lock.json
	@echo "安装前端依赖"
	@npm ci --loglevel=error --ignore-scripts
	@mkdir -p .make && touch $@

.make/assets: .make/node $(STYLES) $(wildcard .make/run .make/test)
	@echo "生成样式"
	@mkdir -p static/assets && npm run -s build
	@GONGKAI_DATA=$$(mktemp -d) $(BIN)/python manage.py collectstatic --noinput --clear -v 0
	@touch $@

clean: ## 删除环境和生成物（不动数据）
	rm -rf .venv node_modules static .make .mypy_cache .ruff_cache .pytest_cache .hypothesis
