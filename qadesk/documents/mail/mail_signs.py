"""What a mail and a mailbox are recognised by: names of header lines, and the line before a message.

The table of formats has them too, so nothing of the readers is imported here.
"""

from __future__ import annotations

import re

MAIL_HEADERS = (
    "from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version", "content-type",
    "delivered-to",
)  # fmt: skip

MESSAGE_START = re.compile(rb"From (?:[^\r\n]{0,500}\d:\d\d[^\r\n]{0,500}|\S{0,500})[ \t]*\r?\n(?=[!-9;-~]+:|>From )")
"""The line before a message in a mailbox: with a time, or one word, and header lines behind it."""
