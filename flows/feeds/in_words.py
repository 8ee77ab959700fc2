"""Rows of a feed's state as an earlier version kept them: what is a field now stood in the words of `reason` only."""

from typing import Any

from flows.attempts import SILENT

_AFTER = "; before, "  # joined a wait to what it came of
_LEFT_ALONE = "asked to be left alone until"


def with_fields(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the fields that a version without them left in its words; any other row as it is."""
    if row.get("is_silent") is not None:
        return row
    reason = row["reason"] or ""
    said = reason.removeprefix(SILENT)
    is_of_document = bool(said) and row["outcome"] == row["document_outcome"] and row["outcome"] != "ok"
    refused = said.rpartition(_AFTER)[2] if row["host_waits_until"] else ""
    return row | {
        "is_silent": reason.startswith(SILENT),
        "document_fault": said if is_of_document else None,
        "refusal": refused if refused and _LEFT_ALONE not in refused else None,
    }
