"""The set-up script: what it refuses and how it says so, what it installs, and that it does so once.

It runs here in a folder of its own, with a small shell script as its Python: nothing is downloaded.
"""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FAKE_PYTHON = """#!/bin/sh
# A Python for the set-up script: answers what the script asks, notes every call, makes a .venv that is itself.
echo "$*" >> "$FAKE_CALLS"
case "$*" in
    *version_info*) exit "$FAKE_OLD" ;;
    --version) echo "Python 3.9.2" ;;
    *ensurepip*) [ "$FAKE_VENV" = 0 ] || { echo "Traceback (most recent call last):" >&2; exit 1; } ;;
    "-m venv "*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    "-m pip install "*) echo "ERROR: from pip"; [ "$FAKE_PIP" != killed ] || kill -9 "$PPID"; exit "$FAKE_PIP" ;;
esac
"""


class Checkout:
    """A folder with the set-up script and the pins, and a Python that is `FAKE_PYTHON`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "guichet"
        (self.folder / "scripts").mkdir(parents=True)
        for name in ("scripts/setup.sh", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, self.folder / name)
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.calls_file = folder / "calls"
        python = self.bin / "python3"
        python.write_text(FAKE_PYTHON, encoding="utf-8")
        python.chmod(python.stat().st_mode | stat.S_IXUSR)

    def set_up(self, *arguments: str, old: int = 0, venv: int = 0, pip: str = "0", **more: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        kept = {name: value for name, value in os.environ.items() if name not in {"PYTHON", "TORCH_INDEX", "PIP_EXTRA"}}
        fake = {"FAKE_OLD": str(old), "FAKE_VENV": str(venv), "FAKE_PIP": pip, "FAKE_CALLS": str(self.calls_file)}
        environment = kept | fake | {"PATH": f"{self.bin}:{os.environ['PATH']}"} | more
        self.calls_file.write_text("", encoding="utf-8")
        command = ["bash", str(self.folder / "scripts" / "setup.sh"), *arguments]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8")
        return run.returncode, run.stdout, run.stderr

    @property
    def calls(self) -> list[str]:
        """What Python was asked in the last set-up."""
        return self.calls_file.read_text(encoding="utf-8").splitlines()

    @property
    def installs(self) -> list[str]:
        return [call for call in self.calls if call.startswith("-m pip install")]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def is_one_french_line(text: str, *repairs: str) -> bool:
    return text.count("\n") == 1 and "Traceback" not in text and all(repair in text for repair in repairs)


def test_an_old_python_is_refused_in_one_line_that_says_what_to_install(checkout: Checkout) -> None:
    code, output, errors = checkout.set_up(old=1)
    assert (code, output) == (1, "")
    assert is_one_french_line(errors, "Python 3.9.2 est trop ancien", "3.11", "apt-get install", "make setup")
    assert not (checkout.folder / ".venv").exists()


def test_a_missing_venv_module_is_named_with_its_debian_package(checkout: Checkout) -> None:
    code, output, errors = checkout.set_up(venv=1)
    assert (code, output) == (1, "")
    assert is_one_french_line(errors, "venv", "manque", "apt-get install python3-venv")
    assert not (checkout.folder / ".venv").exists()


def test_a_missing_python_is_named(checkout: Checkout) -> None:
    code, output, errors = checkout.set_up(PYTHON="python-absent")
    assert (code, output) == (1, "")
    assert is_one_french_line(errors, "python-absent", "introuvable", "apt-get install python3")


def test_the_set_up_installs_torch_first_then_the_project_all_under_the_constraints(checkout: Checkout) -> None:
    code, output, errors = checkout.set_up()
    assert (code, errors) == (0, "")
    assert "Installation terminée" in output
    assert "ERROR" not in output
    torch, project = checkout.installs
    assert torch.endswith(" torch")
    assert project.endswith(" --editable .[dev]")
    assert all("--constraint constraints.txt" in call for call in checkout.installs)


def test_a_second_set_up_does_nothing_and_asks_python_nothing(checkout: Checkout) -> None:
    checkout.set_up()
    assert checkout.set_up("--quiet") == (0, "", "")
    assert checkout.calls == []
    assert checkout.set_up() == (0, "Tout est déjà installé.\n", "")


@pytest.mark.parametrize("name", ["constraints.txt", "pyproject.toml"])
def test_a_changed_pin_installs_again_in_the_same_environment(checkout: Checkout, name: str) -> None:
    checkout.set_up()
    with (checkout.folder / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert checkout.set_up()[0] == 0
    assert len(checkout.installs) == 2
    assert not any(call.startswith("-m venv") for call in checkout.calls)


@pytest.mark.parametrize("pip", ["1", "killed"])
def test_a_set_up_that_did_not_finish_starts_afresh_the_next_time(checkout: Checkout, pip: str) -> None:
    code, _, errors = checkout.set_up(pip=pip)
    assert code != 0
    if pip == "1":
        assert is_one_french_line(errors, "L’installation de torch a échoué", "var/installation.log", "make setup")
        assert "ERROR: from pip" in (checkout.folder / "var" / "installation.log").read_text(encoding="utf-8")
    assert checkout.set_up()[0] == 0
    assert any(call.startswith("-m venv") for call in checkout.calls)
    assert checkout.set_up("--quiet") == (0, "", "")


def test_a_folder_that_was_moved_gets_a_new_environment(checkout: Checkout) -> None:
    checkout.set_up()
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("ailleurs"))
    assert checkout.set_up()[0] == 0
    assert any(call.startswith("-m venv") for call in checkout.calls)


def test_torch_alone_can_come_from_another_index_and_pip_takes_more_options(checkout: Checkout) -> None:
    assert checkout.set_up(TORCH_INDEX="https://example.org/cpu", PIP_EXTRA="--proxy http://mandataire:3128")[0] == 0
    assert all("--proxy http://mandataire:3128" in call for call in checkout.installs)
    (torch,) = [call for call in checkout.installs if "--index-url" in call]
    assert torch.endswith("--no-deps --index-url https://example.org/cpu torch")


def test_the_two_commands_and_the_help_are_in_the_makefile() -> None:
    run = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert all(f"make {target} " in run.stdout for target in ("serve", "test", "setup", "check"))
