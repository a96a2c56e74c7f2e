# Les deux commandes : « make serve » et « make test ». Le détail de l’installation est dans scripts/setup.sh.
.PHONY: help serve test setup check ready browser services smollm index lint pins screens
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
bin := .venv/bin
PROCESSES ?= 2
pytest := $(bin)/python -m pytest --numprocesses $(PROCESSES) --durations 10

help:
	@echo "Guichet, l’assistant des fiches du Contrat de ville de Seine-Amont"
	@echo
	@echo "  make serve   installe ce qui manque, puis ouvre la page sur http://127.0.0.1:7860"
	@echo "  make test    installe ce qui manque, puis lance toutes les vérifications"
	@echo "  make setup   installe seulement (dossier .venv)"
	@echo "  make check   toutes les vérifications, sauf celles qui ouvrent un navigateur ou lancent un serveur"
	@echo "  make screens refait les images des écrans (docs/screens ; une seule : make screens ONLY=page)"
	@echo "  make pins    réécrit constraints.txt d’après ce qui est installé"
	@echo
	@echo "Réglages de l’installation :"
	@echo "  make setup PYTHON=python3.12     avec un autre Python (3.11 ou plus récent)"
	@echo "  make setup TORCH_INDEX=https://download.pytorch.org/whl/cpu"
	@echo "                                   torch sans CUDA, beaucoup plus léger"
	@echo "  make setup PIP_EXTRA=\"...\"       options ajoutées à chaque appel de pip"
	@echo
	@echo "Réglage des essais :"
	@echo "  make test PROCESSES=4            autant d’essais à la fois (2 sans cela)"

# Variables given on the command line (PYTHON, TORCH_INDEX, PIP_EXTRA) reach the scripts through the environment.
setup:
	@scripts/setup.sh

ready:
	@scripts/setup.sh --quiet

serve: ready
	@exec $(bin)/guichet serve

test: ready browser services smollm index
	@echo "Essais, style et types compris (pytest, $(PROCESSES) processus)…"
	@$(pytest)

check: ready index
	@echo "Essais sans navigateur ni serveur, style et types compris (pytest, $(PROCESSES) processus)…"
	@$(pytest) -m "not browser and not services"

browser:
	@scripts/browser.sh

services:
	@scripts/services.sh

smollm: ready
	@scripts/smollm.sh

# Before the tests: two processes that start together would both build what is not there.
index: ready
	@$(bin)/guichet index

lint: ready
	@echo "Style et types (ruff, mypy)…"
	@$(bin)/python -m pytest tests/project/test_style.py

pins: ready
	@$(bin)/python scripts/pins.py

screens: ready browser
	@$(bin)/python scripts/screens.py $(ONLY)
