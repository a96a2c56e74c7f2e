"""The settings: environment over file over default, every mistake at once, secrets masked, their page true."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from assistant.cli.main import main
from assistant.errors import SettingsError
from assistant.settings.kinds import Declared, address, shown, switch, words
from assistant.settings.settings import DECLARED, GONE, Settings, origins, read_settings

PAGE = Path(__file__).parent.parent.parent / "docs" / "reglages.md"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without a file of settings."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_anything_each_setting_has_its_default_and_nothing_changes_them() -> None:
    settings = read_settings({})
    assert settings == Settings()
    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]
    assert {each.source for each in origins({})} == {"défaut"}


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(elsewhere: Path) -> None:
    (elsewhere / "guichet.toml").write_text('port = 8080\nhost = "::1"\njournal = true\nhome = "ici"\n')
    environment = {"GUICHET_PORT": "9090", "GUICHET_HOST": " "}
    settings = read_settings(environment)
    assert (settings.port, settings.host, settings.journal) == (9090, "::1", True)
    assert settings.home == elsewhere / "ici"
    found = {each.name: (each.value, each.source) for each in origins(environment)}
    assert found["GUICHET_PORT"] == ("9090", "environnement")
    assert found["GUICHET_JOURNAL"] == ("oui", "fichier")
    assert found["GUICHET_RETENTION"] == ("90", "défaut")


def test_the_file_may_stand_elsewhere(elsewhere: Path) -> None:
    (elsewhere / "autre.toml").write_text('operators = ["marie", "paul"]\n')
    environment = {"GUICHET_CONFIG": str(elsewhere / "autre.toml")}
    assert read_settings(environment).operators == ("marie", "paul")
    with pytest.raises(SettingsError, match=r"GUICHET_CONFIG vaut « rien\.toml » ; attendu : un fichier TOML"):
        read_settings({"GUICHET_CONFIG": "rien.toml"})


def test_every_mistake_is_told_at_once_with_the_nearest_known_name(elsewhere: Path) -> None:
    (elsewhere / "guichet.toml").write_text('prot = 80\njournal = "peut-être"\n[host]\na = 1\n')
    with pytest.raises(SettingsError) as raised:
        read_settings({"GUICHET_PORT": "0", "GUICHET_LLM": "query", "GUICHET_HOMES": "x", "PATH": "y"})
    lines = f"{raised.value}".splitlines()
    assert lines[0] == "6 réglages sont à corriger :"
    for line in (
        "GUICHET_PORT vaut « 0 » ; attendu : un nombre de 1 à 65535.",
        "« journal », dans guichet.toml, vaut « peut-être » ; attendu : oui ou non.",
        "GUICHET_HOMES est inconnu ; vouliez-vous dire GUICHET_HOME ?",
        "« prot », dans guichet.toml, est inconnu ; vouliez-vous dire port ?",
        "« host », dans guichet.toml, est une table ; attendu : « host = une valeur ».",
    ):
        assert f"  - {line}" in lines


@pytest.mark.parametrize("content", [b"port = ", b"\xff\xfe"])
def test_a_file_that_is_not_toml_is_one_french_line(elsewhere: Path, content: bytes) -> None:
    (elsewhere / "guichet.toml").write_bytes(content)
    with pytest.raises(SettingsError, match="n’est pas du TOML") as raised:
        read_settings({})
    assert "\n" not in f"{raised.value}"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8e3", "", "٣", "9" * 5000])
def test_a_port_is_a_number(port: str) -> None:
    if not port:
        assert read_settings({"GUICHET_PORT": port}).port == 7860
        return
    with pytest.raises(SettingsError, match="attendu : un nombre de 1 à 65535"):
        read_settings({"GUICHET_PORT": port})


def test_the_kinds_read_what_they_say() -> None:
    assert (switch(" OUI "), words("a, b,,"), address("http", "https")("http://x")) == (True, ("a", "b"), "http://x")
    with pytest.raises(ValueError, match="commence par http://"):
        address("http")("ftp://x")


@pytest.mark.parametrize("key", GONE)
def test_a_setting_of_an_earlier_version_is_told_to_be_gone(elsewhere: Path, key: str) -> None:
    assert key not in DECLARED
    with pytest.raises(SettingsError, match=rf"^GUICHET_{key.upper()} n’est plus un réglage \(.+\) ; retirez-le\.$"):
        read_settings({f"GUICHET_{key.upper()}": "1"})
    (elsewhere / "guichet.toml").write_text(f"{key} = 1\n")
    with pytest.raises(SettingsError, match=f"^« {key} », dans guichet.toml, n’est plus un réglage"):
        read_settings({})


def test_secrets_are_never_shown() -> None:
    assert shown("postgresql://guichet:p@ss:word@machine/base") == "postgresql://guichet:••••••@machine/base"
    for field in fields(Settings):
        declared: Declared = field.metadata["declared"]
        if declared.secret:
            value = "http-le-secret"
            assert value not in str([each.value for each in origins({declared.name: value})])


def test_the_page_of_the_settings_has_the_table_and_the_key_of_each_is_its_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["settings", "--table"]) == 0
    written = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert written == capsys.readouterr().out.splitlines(), "guichet settings --table"
    assert [each.name for each in DECLARED.values()] == [f"GUICHET_{key.upper()}" for key in DECLARED]


def test_the_command_shows_each_with_its_source(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUICHET_PORT", "8080")
    assert main(["settings"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [each.name for each in DECLARED.values()]
    assert ["GUICHET_PORT", "environnement", "8080"] in [line.split() for line in lines]
    monkeypatch.setenv("GUICHET_PORT", "x")
    monkeypatch.setenv("GUICHET_PORTE", "x")
    assert main(["settings"]) == 1
    assert capsys.readouterr().err.startswith("guichet : 2 réglages sont à corriger :\n  - GUICHET_PORT vaut « x »")
