"""Makes small PDF files for the tests, byte by byte."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence

from pdf_objects import escaped, pdf_of, stream

PASSWORD = "Zündlicht"
"""Opens the two encrypted files; their only page says 'The lamp was lit in 1854.'"""


def make_pdf(pages: Sequence[Sequence[str]], catalog: bytes = b"", page: bytes = b"") -> bytes:
    """A PDF with a page for each sequence of lines; a page without lines draws a grey box.

    ``catalog`` and ``page`` are entries for the catalog and for every page.
    """
    kids = b" ".join(b"%d 0 R" % (4 + 2 * index) for index in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for index, lines in enumerate(pages):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>"
            b"/Contents %d 0 R%s>>" % (5 + 2 * index, page)
        )
        content = _content_stream(lines)
        objects.append(stream(content))
    return pdf_of(objects)


def _content_stream(lines: Sequence[str]) -> bytes:
    if not lines:
        return b"0.5 g 100 100 300 300 re f"
    return b"BT /F1 12 Tf 50 750 Td 14 TL " + b" ".join(b"(%s) Tj T*" % escaped(line) for line in lines) + b" ET"


def encrypted_pdfs() -> dict[str, bytes]:
    """Two files that ``PASSWORD`` opens, by the cipher: encrypting by hand is more than a test should hold."""
    return {name: zlib.decompress(base64.b64decode(text)) for name, text in _ENCRYPTED.items()}


_ENCRYPTED = {
    "AES-256": """
eNqNVEuIXEUURdyEt8oqSFa1cFwI+up7q8q0EyaZbo0aepzWUZAR63Orp6XnvfH1m5C4E1y4cyGCZBCXbo24EV0pghhEJAqCrhR3bkT8LLKwXs8nje0i
7wNVt+4999SpW3dlY33wEHtYFCs///LNrYIRSmr/ctHrFeUz1/aQlBdd66b1uCg33BhnhGeHzWJ1tcAqdo58KWDuV5QX6/2qJawon5zEGXmBiC6QbC+E
iv8N7RI1mEMPM5WXMU7chfpqhqD5BUqJyf92UW7irN5vQibVIQzqHDMfMCKPSeYvE6najDcj6j/U5VL+DqMoR/u+nU87Y97ABTfDOXr5OE6vYDsJrij7
VajjpBqT8rlJtVbNJseGhQRqIcFTWI3bHWKhW5+1Dbrd4vQ9jz44fWd998ZLcMv+fWl45sVzH3z7w+dn30+GP3I+3P9Krc+NfvrozYMPT6cfP56KUwef
jK+/d/23L3+/+cf2X/c9//UXDxz8c+rg03f/3Hn6ta3XH7v35mdPnKnefuP2Wze+//W78191PI5SHTGCBUZbRGUNCZxw4yqPN4jkVlrQ3PKs5WTaYkPK
Ueuq6JpYlEPSM2CUspbz6CNG8MiZtS7ywKhDFYB5H6UUIjEvqXROgwmaJwUmUecMDSk5zYwNKTphfWJImVNeg+doQNB8Zs+SHgJ1IlFDXXSQdDTJg44h
MMkhQkxKMOa0kZHaaJUD4V2QAjVQG6KyGBVQjzaoKHV03goJPDtLCgHBW9lVxmBeMKM2Ho3W9tud/pWu+Mr1Ogz3sOqcLpNyrT/aEidCCX5cW6N2d0AO
AbpJc2cy7JMeh0Bl0CAFT5YmbUEgC1kj7lyUISQbdPCWYtQGJOadWkGjz3oIlzeuOiEyjDNG2ICacZshmBMOHMocENCmCAiBG81EyAIrHlmS0UhU0tnE
83EYyDAb2Ozma+IkekU188IwpZWiJpp8QpFqjiKhWV0o3qsNpoISXdCTh4BSQpFETmwsl/h8pbpjA7lkY1ws2bhiSzYhzZJN2gW8tnGTKTbz+h1NXsVM
r9ys69xnDpvFpfXcJnrIeeDc8KyUFskkyGKCss75vHUDYfVuXLbnd7y5ttcSOG4cs9Y17VwYlnkVKyv94aD4F+5Ie94=""",
    "RC4-128": """
eNqNUjtoFFEUbeWhXYpU8potdd7/zcCykGSzJqgkbPwUsuB7b+6sE9eZMDMriZ1VsBGstbO0sEsnYiOISIRU2vmrBBERtfTN5OPiWjgfmHfuPefcOdzW
ard3ip7mqPX+w+4eopjg3K6jdhsFF7Y2AAcLpjKjfIiCVTOEEjPf0EedDoIsrhvZFKHpQ8FCPs4qTFFwNo1LfAXzmogHE1T+T2ptVICn7jsF5yFOzXy+
6SWIvxUhOPTvAAV9KPNx4fxQtUIv95zmg2JxOKR//CBZ5fVKLP8aXUz51xooWBvbqjnWoP+BeVNCox4swegmVKkzKFjMXB6n2RAHl9NsLivTQ2DCQE4Y
nINsWF3DStb1sirA3EBPHg9e3vu28/rtr5nPL25/f7cx93Cvu338zvrJ5yeu/lz6+CgbnhFdvvnj1ddZF+89mNld7B97dv/p1uynN9tfdu5er40OtA4s
1YTlJcx8SJgfmVMW+nSxYJGIlGaRL/fSUQUFDtYqk8WmiFGwgtuMcm2JNkZIUMpoG/KIac1UbCKw0tHYMCVjcMBCEUUhAeKA6yjWVmuluA/9Im5r7axO
JGHWOtAs4YkysTKcUuAsdiELbSJAggAtQyOoEoT4s0qSxBBKws5EkpsFJIhgjcjR5aOUXOIEH2HU591Usj+YElMYZXwKY5JOYVyEU5hQE9yqMOkIiibr
tfQW+PGCfp77pd/f3OWu39l2wkFwcE4yoyIqRGQTFQqwWlptrHOd/2kZNAtXbG1UWB1ucVmZomqCUTpErdbiSg/9BqTcFDI=""",
}
