"""Text made comparable: what counts as the same name, however people write it."""

import unicodedata


def fold_text(text: str) -> str:
    """The words of `text` without case, accents and punctuation, one space between two words.

    "d'Encausse" is "d encausse", "Dupont-Aignan" is "dupont aignan", "SÉGOLÈNE" is "segolene". Folding twice
    changes nothing. A hashtag or handle joins its words, so it is compared with `join_words` of the alias.
    """
    # Some letters only lose their marks once they are lower case (İ), hence the second decomposition.
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(c for c in lowered if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def join_words(folded: str) -> str:
    """The folded text as a hashtag writes it: "dupont aignan" is "dupontaignan"."""
    return folded.replace(" ", "")
