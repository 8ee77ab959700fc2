"""Names as people write them in, the same folded words out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.campaign.folding import fold_text, join_words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("d'Encausse", "d encausse"),
        ("D’ENCAUSSE", "d encausse"),
        ("Dupont-Aignan", "dupont aignan"),
        ("Dupont‑Aignan", "dupont aignan"),  # a hyphen that does not break
        ("Ségolène", "segolene"),
        ("SE\u0301GOLE\u0300NE", "segolene"),
        ("de Villepin", "de villepin"),
        ("  Donald  J. Trump ", "donald j trump"),
        ("Groß", "gross"),
        ("İnce", "ince"),
        ("Mike_Pence", "mike pence"),
        ("№1", "no1"),
        ("!?", ""),
        ("", ""),
    ],
)
def test_case_accents_and_punctuation_do_not_count(written: str, folded: str) -> None:
    assert fold_text(written) == folded


def test_a_hashtag_joins_the_words_of_a_name() -> None:
    assert join_words(fold_text("Dupont-Aignan")) == fold_text("#DupontAignan")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@given(st.text())
def test_case_never_tells_two_texts_apart(text: str) -> None:
    assert fold_text(text.casefold()) == fold_text(text)


@given(st.text(), st.text())
def test_words_do_not_depend_on_what_stands_beside_them(left: str, right: str) -> None:
    assert fold_text(f"{left} {right}") == f"{fold_text(left)} {fold_text(right)}".strip()


@given(st.text())
def test_only_letters_digits_and_single_spaces_are_left(text: str) -> None:
    folded = fold_text(text)
    assert all(word.isalnum() for word in folded.split(" ") if folded)
