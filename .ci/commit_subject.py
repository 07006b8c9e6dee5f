"""The ``commit-msg`` hook: a commit's subject is one short line, and its body begins after an empty one."""

from __future__ import annotations

import sys
from pathlib import Path

MAX_LENGTH = 72
_WRITTEN_BY_GIT = ("Merge ", "Revert ", "fixup! ", "squash! ", "amend! ")


def problem(message: str) -> str:
    """What is wrong with ``message``, as git gives it to the hook, in a sentence; '' where nothing is."""
    lines = [line for line in message.splitlines() if not line.startswith("#")]
    while lines and not lines[0].strip():
        lines.pop(0)
    if not lines or lines[0].startswith(_WRITTEN_BY_GIT):  # git itself refuses an empty message
        return ""
    subject = lines[0].rstrip()
    if len(subject) > MAX_LENGTH:
        return f"The subject has {len(subject)} characters, more than {MAX_LENGTH}: the why goes into the body."
    if subject.endswith("."):
        return "The subject ends with a full stop."
    if len(lines) > 1 and lines[1].strip():
        return "The line after the subject is not empty."
    return ""


def main(path: str) -> int:
    """Print what is wrong with the message in the file ``path``. Returns 1 if something is."""
    sentence = problem(Path(path).read_text(encoding="utf-8"))
    if sentence:
        print(sentence)
    return 1 if sentence else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
