"""A turn of the conversation: its HTML, what the browser keeps of it, and what may come back from there."""

import json
import re
from dataclasses import replace

from assistant.answer import Answer, Choice, Citation
from assistant.web.conversation.render import render_turn, render_welcome
from assistant.web.conversation.turns import failed_record, read_citations, read_turns, render_again, turn_record
from tests.support.browser import ListingDesk
from tests.web.test_markdown import Tags

DESK = ListingDesk()
HOSTILE = '" onfocus="alert(0)"><img src=x onerror=alert(1)><script>alert(2)</script>'


def test_a_turn_survives_the_browser_and_gives_its_citations_back() -> None:
    answer = DESK.answer("qui finance ?")
    record = json.loads(json.dumps(turn_record("qui finance ?", answer, DESK.document, 0)))
    assert read_turns([record]) == [record]
    assert read_citations(record) == answer.citations
    assert render_again([record], DESK.document) == [record]


def test_html_that_a_browser_kept_is_never_shown_as_it_stands() -> None:
    record = turn_record("qui ?", DESK.answer("qui ?"), DESK.document, 0) | {"html": HOSTILE}
    assert "onerror" not in render_again([record], DESK.document)[0]["html"]
    (failed,) = render_again([{"question": HOSTILE, "html": HOSTILE, "answer": {"answer": 3}}], DESK.document)
    assert "<img" not in failed["html"]


def test_what_is_used_and_what_may_be_read_besides_are_apart() -> None:
    html = render_turn("qui ?", DESK.answer("qui ?"), DESK.document, 4)
    cited, besides = (re.search(f'(?s)<div class="places {kind}">.*?</div>', html) for kind in ("cited", "see-also"))
    assert cited is not None
    assert besides is not None
    assert re.findall('data-place="(.*?)"', cited[0]) == ["2-3"]
    assert re.findall('data-place="(.*?)"', besides[0]) == ["2-1", "2-2"]
    assert 'data-turn="4"' in cited[0]
    assert "J’ai compris&nbsp;: financeurs de l’accueil" in html
    tied = replace(DESK.answer("qui ?"), choices=(Choice("Fiche 2-1", "Dans la fiche 2-1 : qui ?"),))
    besides = re.search('(?s)<div class="places see-also">.*?</div>', render_turn("qui ?", tied, DESK.document, 4))
    assert besides is not None
    assert re.findall('data-place="(.*?)"', besides[0]) == ["2-2"]


def test_whatever_a_turn_holds_is_shown_as_text() -> None:
    answer = Answer(
        text=HOSTILE,
        status="answered",
        citations=(Citation(HOSTILE, HOSTILE, HOSTILE, ()),),
        understood=HOSTILE,
        see_also=(HOSTILE,),
        suggestions=(Choice(HOSTILE, HOSTILE),),
        choices=(Choice(HOSTILE, HOSTILE),),
    )
    for html in (render_turn(HOSTILE, answer, DESK.document, 0), failed_record(HOSTILE, HOSTILE, 0)["html"]):
        assert "<img" not in html
        assert "<script" not in html
        assert [name for name, _ in Tags(html).attributes if name.startswith("on")] == []


def test_what_is_no_turn_is_left_out_of_what_the_browser_sends() -> None:
    assert read_turns(None) == read_turns("x") == read_turns({"question": "x"}) == []
    assert read_turns([1, None, {}, {"question": 3}, {"question": "x"}]) == [{"question": "x"}]
    assert read_citations({"question": "x"}) == read_citations({"citations": "x"}) == ()
    assert read_citations({"citations": [3, {"fiche": 1, "lines": ["a", 2]}]}) == (Citation("1", "", "", (2,)),)


def test_an_empty_conversation_offers_questions() -> None:
    html = render_welcome(DESK.document)
    assert len(re.findall("data-ask=", html)) == 4
    assert f"des {len(DESK.document.fiches)} fiches" in html


def test_the_question_can_be_asked_again_of_another_fiche() -> None:
    answer = replace(DESK.answer("qui ?"), ranking=("2-3", "2-1", "17-1", "14-2", "9-1"), see_also=())

    def offered(question: str, answer: Answer) -> list[str]:
        return re.findall('data-ask="([^"]*)" data-at="3"', render_turn(question, answer, DESK.document, 3))

    others = [f"Dans la fiche {place} : qui ?" for place in ("2-1", "17-1", "14-2")]
    out = "Sans la fiche 2-3 : qui ?"
    assert offered("qui ?", answer) == [*others, out]
    assert offered("Dans la fiche 2-3 : qui ?", replace(answer, ranking=("2-3",))) == ["qui ?"]
    assert offered("Sans la fiche 9-1 : qui ?", answer) == [*others, "Sans les fiches 9-1 et 2-3 : qui ?", "qui ?"]
    two = replace(answer, citations=(*answer.citations, Citation("2-1", "titre", "x", ())))
    assert offered("qui ?", two)[:2] == ["Dans la fiche 2-3 : qui ?", "Dans la fiche 2-1 : qui ?"]
    assert offered("qui ?", replace(answer, status="declined")) == []
