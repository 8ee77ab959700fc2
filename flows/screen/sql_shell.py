"""The shell of `sql` on a terminal: completion, several lines, and a history that outlives it."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.sql import SqlLexer

from flows.screen.sql_words import Vocabulary, offers

HISTORY = "sql_history"  # in the home, for its owner alone; an erasure removes it
_PROMPT, _GOES_ON = "afterdebate> ", "        ...> "


def type_statements(home: Path, vocabulary: Vocabulary, tell: Callable[[str], object]) -> Iterator[str]:
    """What a person types, statement by statement, until Ctrl-D; Ctrl-C gives up the one that was begun."""
    session: PromptSession[str] = PromptSession(
        message=_PROMPT,
        prompt_continuation=_GOES_ON,
        multiline=True,
        key_bindings=_keys(),
        completer=_Offers(vocabulary),
        complete_while_typing=False,
        lexer=PygmentsLexer(SqlLexer),
        history=_history(home, tell),
    )
    while True:
        try:
            typed = session.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if typed.strip():
            yield typed


def is_complete(typed: str) -> bool:
    """Whether Enter ends what was typed: nothing, a command, or a statement with its semicolon."""
    text = typed.strip()
    return not text or text.startswith(".") or text.endswith(";")


class _Offers(Completer):
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002
        for word, begun, what in offers(self._vocabulary, document.text_before_cursor, document.text):
            yield Completion(word, start_position=-len(begun), display_meta=what)


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_complete(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.newline()

    return keys


def _history(home: Path, tell: Callable[[str], object]) -> History:
    path = home / HISTORY
    try:
        # Made before it is written, so that it is never open to others.
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        path.chmod(0o600)
    except PermissionError:
        tell(f"{path}: may not be written by you; what you type is not kept")
        return InMemoryHistory()
    return FileHistory(path)
