# Les deux commandes : « make serve » et « make test ». Le détail de l’installation est dans scripts/setup.sh.
.PHONY: help serve test setup check ready browser services smollm lint pins screens
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
bin := .venv/bin

help:
	@echo "Guichet, l’assistant des fiches du Contrat de ville de Seine-Amont"
	@echo
	@echo "  make serve   installe ce qui manque, puis ouvre la page sur http://127.0.0.1:7860"
	@echo "  make test    installe ce qui manque, puis lance toutes les vérifications"
	@echo "  make setup   installe seulement (dossier .venv)"
	@echo "  make check   toutes les vérifications, sauf celles qui demandent des paquets Debian"
	@echo "  make screens refait les images des écrans (docs/screens ; une seule : make screens ONLY=page)"
	@echo "  make pins    réécrit constraints.txt d’après ce qui est installé"
	@echo
	@echo "Réglages de l’installation :"
	@echo "  make setup PYTHON=python3.12     avec un autre Python (3.11 ou plus récent)"
	@echo "  make setup TORCH_INDEX=https://download.pytorch.org/whl/cpu"
	@echo "                                   torch sans CUDA, beaucoup plus léger"
	@echo "  make setup PIP_EXTRA=\"...\"       options ajoutées à chaque appel de pip"

# Variables given on the command line (PYTHON, TORCH_INDEX, PIP_EXTRA) reach the scripts through the environment.
setup:
	@scripts/setup.sh

ready:
	@scripts/setup.sh --quiet

serve: ready
	@exec $(bin)/guichet serve

test: ready browser services smollm lint
	@echo "Essais (pytest)…"
	@$(bin)/python -m pytest

check: ready smollm lint
	@echo "Essais sans navigateur ni autre paquet Debian (pytest)…"
	@$(bin)/python -m pytest -m "not browser and not services"

browser:
	@scripts/browser.sh

services:
	@scripts/services.sh

smollm: ready
	@scripts/smollm.sh

lint: ready
	@echo "Style (ruff)…"
	@$(bin)/ruff check --quiet
	@$(bin)/ruff format --check --quiet || { echo "Mise en forme à refaire : $(bin)/ruff format" >&2; exit 1; }
	@echo "Types (mypy)…"
	@$(bin)/mypy

pins: ready
	@$(bin)/python scripts/pins.py

screens: ready browser
	@$(bin)/python scripts/screens.py $(ONLY)
