"""The models themselves: servers through LangChain, keys, and what is missing."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.errors import ModelError, SettingsError
from assistant.generation.failures import REASONS
from assistant.generation.models.base import Model
from assistant.generation.models.open import at_once_of, open_model, read_key
from assistant.service.limits import Limits
from assistant.settings.settings import Settings, origins, read_settings
from tests.support.model_server import ModelServer, closed_url, model_server
from tests.support.models import is_working
from tests.support.services import LONG, wait_until

ROOT = Path(__file__).parent.parent.parent
ASKED = [SystemMessage("Répondez."), HumanMessage("Qui finance ?")]
SAID = "Les communes financent cette action, et l’État aussi."
PROVIDERS = ("openai", "mistralai", "ollama")


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


def opened(provider: str, server: ModelServer, **more: object) -> Model:
    url = server.url.removesuffix("/v1") if provider == "ollama" else server.url
    return open_model(Settings(llm=f"{provider}:essai", llm_url=url, llm_key="cle-a-moi", **more))  # type: ignore[arg-type]


def reason_of(model: Model, messages: Sequence[BaseMessage] = ASKED) -> str:
    with pytest.raises(ModelError) as raised:
        list(model.stream(messages, stop=threading.Event()))
    assert raised.value.__cause__ is None
    assert str(raised.value) == REASONS[raised.value.reason].operator
    return raised.value.reason


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_streams_with_our_key_our_limits_and_our_messages(provider: str, server: ModelServer) -> None:
    model = opened(provider, server)
    server.play("good", SAID)
    server.keys.clear()
    pieces = [piece for piece in model.stream(ASKED, stop=threading.Event()) if piece]
    assert "".join(pieces) == SAID and len(pieces) > 5
    (body,) = server.requests
    assert [(each["role"], each["content"]) for each in body["messages"]] == [
        ("system", "Répondez."),
        ("user", "Qui finance ?"),
    ]
    written = body["options"] if provider == "ollama" else body
    assert written["temperature"] == 0
    assert (written.get("max_tokens") or written.get("num_predict")) == 600
    assert "max_completion_tokens" not in body and "stream_options" not in body
    assert server.keys == ["Bearer cle-a-moi"]
    model.close()


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("ends", ["closed", "stopped"])
def test_closing_the_stream_or_setting_stop_closes_the_connection(
    provider: str, ends: str, server: ModelServer
) -> None:
    model = opened(provider, server)
    server.play("slow_middle", SAID)
    stop = threading.Event()
    stream = model.stream(ASKED, stop=stop)
    assert next(piece for piece in stream if piece)
    assert server.hanging.wait(timeout=LONG) and not server.closed.is_set()
    if ends == "closed":
        stream.close()  # type: ignore[attr-defined]
    else:
        stop.set()
    assert server.closed.wait(timeout=LONG)
    assert "".join(stream) in SAID  # what had come before is still given, then it ends
    model.close()


def test_two_models_in_one_process_do_not_share_a_connection(server: ModelServer) -> None:
    models = [opened("openai", server), opened("openai", server)]
    server.play("good", SAID)
    for model in models * 2:
        assert "".join(model.stream(ASKED, stop=threading.Event())) == SAID
    for model in models:
        model.close()


def test_closing_a_model_ends_what_it_writes(server: ModelServer) -> None:
    model = opened("openai", server)
    server.play("slow_middle", SAID)
    stream = model.stream(ASKED, stop=threading.Event())
    assert next(piece for piece in stream if piece)
    model.close()
    assert server.closed.wait(timeout=LONG)
    with pytest.raises(ModelError) as raised:
        list(stream)
    assert raised.value.reason == "down"
    wait_until(lambda: not is_working(), "a thread is left")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_stream_that_ends_without_saying_that_it_is_whole_is_half_an_answer(
    provider: str, server: ModelServer
) -> None:
    model = opened(provider, server)
    server.play("half_quietly", SAID)
    assert reason_of(model) == "half"
    server.play("nowhere")
    assert reason_of(model) == "unknown"
    model.close()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_server_that_is_not_there_is_down(provider: str) -> None:
    model = open_model(Settings(llm=f"{provider}:essai", llm_url=closed_url(), llm_key="cle"))
    assert reason_of(model) == "down"
    model.close()


def test_a_key_that_was_meant_for_another_service_is_not_sent(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "pour-un-autre-service")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://ailleurs.invalid/v1")
    model = open_model(Settings(llm="openai:essai", llm_url=server.url))
    server.play("good", SAID)
    server.keys.clear()
    assert "".join(model.stream(ASKED, stop=threading.Event())) == SAID
    assert server.keys == ["Bearer sans-cle"]
    model.close()


def test_a_key_comes_from_the_environment_or_from_a_file_that_nobody_else_reads(tmp_path: Path) -> None:
    path = tmp_path / "cle"
    settings = Settings(llm_key_file=f"{path}")
    assert read_key(Settings(llm_key=" cle-a-moi ")) == "cle-a-moi"
    for content, mode, told in (
        (None, 0o600, "ne se lit pas"),
        ("cle-a-moi\n", 0o640, f"chmod 600 {path}"),
        ("cle-a-moi\n", 0o604, f"chmod 600 {path}"),
        ("", 0o600, "pas une seule"),
        ("cle-a-moi\nautre", 0o600, "pas une seule"),
    ):
        if content is not None:
            path.write_text(content, encoding="utf-8")
            path.chmod(mode)
        with pytest.raises(ModelError, match=told) as raised:
            read_key(settings)
        assert "cle-a-moi" not in f"{raised.value!r}{raised.value.__cause__!r}"
    path.write_text("cle-a-moi\n", encoding="utf-8")
    path.chmod(0o400)
    assert read_key(settings) == "cle-a-moi"


def test_a_key_in_the_file_of_settings_is_refused_and_none_is_ever_shown(tmp_path: Path) -> None:
    file = tmp_path / "guichet.toml"
    file.write_text('llm_key = "cle-a-moi"\n', encoding="utf-8")
    with pytest.raises(
        SettingsError, match=r"« llm_key », dans .* est un secret ; attendu : dans l’environnement"
    ) as raised:
        read_settings({"GUICHET_CONFIG": f"{file}"})
    assert "cle-a-moi" not in f"{raised.value}"
    environment = {"GUICHET_LLM": "openai:x", "GUICHET_LLM_URL": "http://u:mot@x/v1", "GUICHET_LLM_KEY": "cle-a-moi"}
    shown = {each.name: each.value for each in origins(environment)}
    assert (shown["GUICHET_LLM_KEY"], shown["GUICHET_LLM_URL"]) == ("••••••", "http://u:••••••@x/v1")
    with pytest.raises(SettingsError, match="l’un des deux"):
        read_settings(environment | {"GUICHET_LLM_KEY_FILE": "cle"})


@pytest.mark.parametrize(
    ("package", "llm", "command"),
    [
        ("langchain_openai", "openai:essai", ".venv/bin/pip install -e '.[openai]' -c constraints.txt"),
        ("langchain_ollama", "ollama:essai", ".venv/bin/pip install -e '.[ollama]' -c constraints.txt"),
        ("langchain_mistralai", "mistralai:essai", ".venv/bin/pip install -e '.[mistralai]' -c constraints.txt"),
        ("xllamacpp", "gguf:modele.gguf", ".venv/bin/pip install -e '.[gguf]' -c constraints.txt"),
    ],
)
def test_a_missing_extra_is_told_with_the_command_that_installs_it(
    package: str, llm: str, command: str, tmp_path: Path
) -> None:
    (tmp_path / "modele.gguf").write_bytes(b"GGUF")
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"  # as if it were not installed
        "from assistant.generation.models.open import open_model\n"
        "from assistant.settings.settings import read_settings\n"
        "from assistant.errors import ModelError\n"
        "try:\n    open_model(read_settings())\nexcept ModelError as error:\n    print(error)"
    )
    environment = os.environ | {"GUICHET_LLM": llm, "GUICHET_LLM_URL": "http://127.0.0.1:9/v1", "PYTHONPATH": f"{ROOT}"}
    run = subprocess.run([sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert (run.stdout.count("\n"), run.stderr) == (1, "")
    assert f"GUICHET_LLM={llm} demande" in run.stdout
    assert run.stdout.rstrip().endswith(command)


def test_one_question_at_a_time_is_left_for_what_needs_no_model() -> None:
    assert at_once_of(Settings(llm="gguf:a")) == 1
    assert at_once_of(Settings(llm="openai:a")) == Limits().concurrency - 1
