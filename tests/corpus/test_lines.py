"""Lines and joins: what `corpus.parsing.lines` promises, on examples and on any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.parsing.lines import join, read_lines, strip_calls

BOUNDED = settings(max_examples=150, deadline=None, database=None, derandomize=True)
RULE = " " * 40
any_text = st.text(alphabet=st.sampled_from("ab1-(«’.:;, \n\n\t\r\u00a0\u2028é") | st.characters(), max_size=300)


@BOUNDED
@given(any_text)
def test_read_lines_keeps_every_non_blank_line_and_its_words(text: str) -> None:
    lines = read_lines(text)
    raw = text.split("\n")
    assert [line.number for line in lines] == [number for number, line in enumerate(raw, start=1) if line.strip()]
    for line in lines:
        words = raw[line.number - 1].split()
        assert line.text.split() == (words[1:] if line.bullet == "-" else words)


def test_read_lines_tells_a_page_break_from_a_lost_bullet() -> None:
    text = f"Au dessus\n Page\n\n Perdu\nEncore\n  Les deux\n\n\n- Tiret  double\n{RULE}\n1 Note"
    assert [(line.text, line.gap, line.bullet, line.page, line.ruled) for line in read_lines(text)] == [
        ("Au dessus", 0, "", False, False),
        ("Page", 0, "", True, False),
        ("Perdu", 1, "lost", False, False),
        ("Encore", 0, "", False, False),
        ("Les deux", 0, "lost", True, False),
        ("Tiret double", 2, "-", False, False),
        ("1 Note", 1, "", False, True),
    ]


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (["Vitry-sur-", "Seine et", "Ivry"], "Vitry-sur-Seine et Ivry"),
        (["inter-", "entreprises"], "inter-entreprises"),
        (["médico-", "sociale"], "médico-sociale"),
        (["PEDT -", "PRE"], "PEDT - PRE"),
        (["seul"], "seul"),
        ([], ""),
    ],
)
def test_join_undoes_line_wraps(texts: list[str], joined: str) -> None:
    assert join(texts) == joined


@BOUNDED
@given(st.lists(st.text(alphabet="ab -’", min_size=1, max_size=8)))
def test_join_adds_and_loses_nothing_but_spaces(texts: list[str]) -> None:
    assert join(texts).replace(" ", "") == "".join(texts).replace(" ", "")


@pytest.mark.parametrize(
    ("text", "numbers", "cleaned", "found"),
    [
        ("... définit2 :", [2], "... définit :", [(2, "définit")]),
        ("parcours d'excellence4.", [1, 4], "parcours d'excellence.", [(4, "excellence")]),
        ("définit2 :", [1, 3], "définit2 :", []),
        ("le BOP 147, DIF6 et CO2", [2, 6, 7], "le BOP 147, DIF6 et CO2", []),
        ("", [1], "", []),
    ],
)
def test_strip_calls_takes_out_only_the_calls_of_known_notes(
    text: str, numbers: list[int], cleaned: str, found: list[tuple[int, str]]
) -> None:
    assert strip_calls(text, numbers) == (cleaned, found)
