"""What may be said of a header that nobody knows: its words that are no person's.

The first line of a file that was cut may be the rest of a row, so only words that name fields are repeated.
"""

import re
from collections.abc import Sequence

# No word that is anybody's name as well, such as cash, day, page or street.
_FIELD_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        account addr address adresse aggregate amendment amount amt author body candidate category city cmte
        code comment comments committee commune contact contb contbr content contribution contributions
        contributor count country created currency cycle date debit depot description devise donateur donation
        donations donor dons dt election email employer entity espece favorite favorites fec file filed filer
        filing first form from gift gifts given handle headline id identifier image indicator individual
        institution interval item kind lang language last likes line lineitem location mail member memo
        message method minutes mobile mode montant name nm nom num number numero observed occupation occurred
        office org organization paid party pay payee payer payeur payment period person phone platform post
        postal posted prenom published purpose quantity quarter quotes raised receipt received recipient
        record recurring reference refund region replies report reporting reposts retweets rpt schedule scope
        screen sequence snippet source start state status statut sub suffix sum territory text time timestamp
        title to total tp tran transaction tsp ttype tweet tweeted tweets type unit url user username utc value
        version ville year zip zipcode
        """,
    )
)
_SHOWN = 12


def listed_headers(columns: Sequence[str]) -> str:
    """The header's columns whose every word names a field, and how many others there are."""
    known = [column for column in columns if column and _is_field(column)]
    others = len(columns) - len(known[:_SHOWN])
    shown = ", ".join(known[:_SHOWN])
    if not shown:
        return f"none of its {len(columns)} columns is named by a word that we know"
    return f"it has {shown}" + (f" and {others} other columns" if others else "")


def _is_field(column: str) -> bool:
    return all(re.sub(r"\d+$", "", word) in _FIELD_WORDS for word in column.split("_"))
