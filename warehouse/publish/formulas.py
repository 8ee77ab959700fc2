"""What a spreadsheet would take for a formula and run: such text is written behind an apostrophe."""

import re

# Spreadsheets pass over what cannot be seen, and some read the wide signs of East Asian keyboards as the narrow ones.
FORMULA = r"^(?:[\t\r\n]|[\s\x{0}\x{feff}\x{200b}]*[=+@\-\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}])"  # as RE2 writes it
_FORMULA = re.compile(r"(?:[\t\r\n]|[\s\0\ufeff\u200b]*[=+@\-\uff1d\uff0b\uff0d\uff20])")


def bare_of_formula(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return f"'{text}" if _FORMULA.match(text) else text
