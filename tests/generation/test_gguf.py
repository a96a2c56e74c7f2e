"""A real GGUF model in this process: its stream, its end, its tokens, its port."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from assistant.chain import Guichet
from assistant.errors import ModelError
from assistant.generation.gate.gate import open_gate
from assistant.generation.models.calls import Bounds, Calls
from assistant.generation.models.llama_cpp import GgufModel
from tests.support.generation import chat_model, generated_by
from tests.support.model_server import closed_url
from tests.support.models import is_working
from tests.support.services import LONG, wait_until

pytestmark = pytest.mark.services

ROOT = Path(__file__).parent.parent.parent
SMOLLM = ROOT / "var" / "models" / "smollm2-135m.gguf"


def test_the_tokens_of_a_text_are_never_fewer_than_those_of_a_real_tokenizer(
    smollm: GgufModel, guichet: Guichet
) -> None:
    model = chat_model(closed_url())
    for fiche in guichet.document.fiches[:10]:
        text = "\n".join(paragraph.text for paragraph in fiche.descriptif)
        assert model.count(text) >= smollm.count(text) > 0
    model.close()


@pytest.fixture(scope="module")
def smollm() -> Iterator[GgufModel]:
    assert SMOLLM.exists(), "scripts/smollm.sh"
    model = GgufModel(SMOLLM, context=2048, threads=1)
    yield model
    model.close()


@pytest.mark.model
def test_a_gguf_file_streams_and_its_work_ends_when_nobody_reads_it(smollm: GgufModel) -> None:
    stream = smollm.stream(
        [SystemMessage("Be brief."), HumanMessage("Say hello."), AIMessage("Hello."), HumanMessage("Again.")],
        stop=threading.Event(),
    )
    assert any(next(stream) for _ in range(1000))
    assert is_working()
    stream.close()  # type: ignore[attr-defined]
    wait_until(lambda: not is_working(), "the model goes on writing")
    stop = threading.Event()
    reading = smollm.stream([HumanMessage("Tell me everything about the sea. " * 200)], stop=stop)
    assert next(reading) == ""  # the prompt is being read, for some seconds
    stop.set()
    wait_until(lambda: not is_working(), "the model goes on reading")
    assert not any(reading), "it wrote"


@pytest.mark.model
def test_a_prompt_beyond_the_context_is_refused_in_our_words(smollm: GgufModel) -> None:
    with pytest.raises(ModelError) as raised:
        list(smollm.stream([HumanMessage("mot " * 5000)], stop=threading.Event()))
    assert raised.value.reason == "rubbish"


@pytest.mark.model
def test_the_whole_way_of_a_real_model_ends_in_an_answer_that_the_gate_lets_pass(
    smollm: GgufModel, guichet: Guichet
) -> None:
    """SmolLM2 knows little French: what it writes is dropped, most of the time all of it."""
    question = "Quels modes de garde sont proposés aux parents en formation ?"
    gate = open_gate(guichet.document, guichet.registry, guichet.encoder)
    writing = generated_by(guichet, gate, Calls(smollm, Bounds(first=300, whole=300)))
    *written, answer = writing.stream(question)
    assert any(each.pending for each in written)  # type: ignore[union-attr]
    embedded = guichet.answer(question)
    if answer.fell_back:  # type: ignore[union-attr]
        assert (answer.text, answer.engine) == (embedded.text, "embarqué")
        assert answer.fell_back in ("language", "unsupported", "repeats", "long")  # type: ignore[union-attr]
    else:
        assert (answer.engine, set(answer.fiches) <= {"2-3"}) == ("généré", True)  # type: ignore[union-attr]
    wait_until(lambda: not is_working(), "the model goes on writing")


@pytest.mark.model
def test_a_process_that_ends_while_the_model_works_ends_well() -> None:
    code = (
        "import sys, threading, time\nfrom pathlib import Path\nfrom langchain_core.messages import HumanMessage\n"
        "from assistant.generation.models.llama_cpp import GgufModel\n"
        f"model = GgufModel(Path({str(SMOLLM)!r}), context=2048, threads=1)\n"
        "stream = model.stream([HumanMessage('Tell me about the sea. ' * 200)], stop=threading.Event())\n"
        "print(repr(next(stream)))\nstream.close()\n"
        "class Late:\n    def __del__(self, sleep=time.sleep):\n        sleep(3)\n"
        "sys.late = Late()\n"  # the end of the interpreter takes a while, as it does after a long answer
    )
    environment = os.environ | {"PYTHONPATH": f"{ROOT}"}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=LONG)
    assert (run.returncode, run.stdout, run.stderr) == (0, "''\n", "")


@pytest.mark.model
def test_signals_stay_ours_and_its_own_port_is_closed_to_others() -> None:
    code = (
        "import os, signal, sys, threading\n"
        "from pathlib import Path\n"
        "import httpx\n"
        "from assistant.generation.models.llama_cpp import GgufModel\n"
        f"model = GgufModel(Path({str(SMOLLM)!r}), context=512, threads=1)\n"
        "address = model._server.listening_address\n"
        "refused = httpx.post(address + '/v1/chat/completions', json={}, timeout=60).status_code\n"
        "print(address.startswith('http://127.0.0.1:'), refused)\n"
        "try:\n    os.kill(os.getpid(), signal.SIGINT); threading.Event().wait(timeout=LONG)\n"
        "except KeyboardInterrupt:\n    print('interrupted')\n"
        "model.close()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": f"{ROOT}"},
        capture_output=True,
        text=True,
        timeout=LONG,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "True 401\ninterrupted\n", "")
