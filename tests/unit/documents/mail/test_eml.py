"""A mail that was saved as a file: its header, its text, what is attached to it."""

from __future__ import annotations

import io
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qadesk.documents.mail import eml
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError
from qadesk.structure import units

HEADER = b"From: Ida Lee <ida@example.org>\nTo: bo@example.org\nSubject: Rent\n"


def read(data: bytes) -> Parsed:
    return eml.read(Source(io.BytesIO(data), "'a.eml'"))


def mail(text: str = "The rent is 900.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"From": "Ida Lee <ida@example.org>", "To": "bo@example.org", **headers}.items():
        message[name] = value
    message.set_content(text)
    return message


def body_of(parsed: Parsed) -> str:
    return parsed.text.partition("\n\n")[2]


def blocks(parsed: Parsed) -> list[tuple[str, str]]:
    return [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks]


def test_the_header_is_keys_and_values() -> None:
    message = mail(Cc="Ann <ann@example.org>", Subject="Wörter über die Miete", Date="Mon, 3 May 2021 10:00:00 +0100")
    parsed = read(message.as_bytes())
    assert blocks(parsed) == [
        ("pair", "From: Ida Lee <ida@example.org>"),
        ("pair", "To: bo@example.org"),
        ("pair", "Cc: Ann <ann@example.org>"),
        ("pair", "Date: Mon, 03 May 2021 10:00:00 +0100"),
        ("pair", "Subject: Wörter über die Miete"),
        ("paragraph", "The rent is 900."),
    ]
    assert [parsed.text[block.body : block.end] for block in parsed.blocks][4] == "Wörter über die Miete"
    assert (parsed.pages, parsed.notes) == ((), ())


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"=?utf-8?Q?Caf=C3=A9?= au lait", "Café au lait"),
        (b"=?utf-8?B?Q2Fmw6k?=", "Café"),  # without padding
        (b"=?utf-8?Q?Caf=C3?= =?utf-8?Q?=A9?=", "Café"),  # a character that is divided
        (b"=?utf-8?Q?a?=\n =?iso-8859-1?Q?=E9_b?=", "aé b"),
        (b"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
        (b"=?utf-8*en?Q?a?=", "a"),
        (b"=?nonsense?Q?a=E9?=", "aé"),
        (b"=?utf-8?X?a?=", "=?utf-8?X?a?="),
        (b"=?utf-8?Q?a", "=?utf-8?Q?a"),
        (b"Caf\xc3\xa9", "Café"),
        (b"Caf\xe9", "Café"),
        (b"one\n\ttwo\r\n  three", "one two three"),
        (b"nul\x00 \x07bell", "nul bell"),
    ],
)
def test_a_subject(raw: bytes, shown: str) -> None:
    assert f"Subject: {shown}\n" in read(b"From: a@b\nSubject: " + raw + b"\n\ntext").text


def test_names_lose_their_quotes_where_no_comma_needs_them() -> None:
    parsed = read(b'From: "Ida Lee" <i@x>\nTo: "Lee, Bo" <b@x>\n\ntext')
    assert parsed.text.startswith('From: Ida Lee <i@x>\nTo: "Lee, Bo" <b@x>\n')


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_encodings_of_the_text(encoding: str, charset: str) -> None:
    message = EmailMessage()
    message["From"] = "a@b"
    message.set_content("Café: 4410\n", charset=charset, cte=encoding)
    assert body_of(read(message.as_bytes())) == "Café: 4410"


def test_an_encoding_that_nobody_names_is_guessed() -> None:
    text = "Die Miete beträgt 900 Euro und ist spätestens am dritten Tag zu überweisen.".encode("cp1252")
    assert "beträgt" in read(HEADER + b"\n" + text).text


def test_base64_that_is_cut_or_dirty() -> None:
    start = HEADER + b"Content-Transfer-Encoding: base64\n\n"
    assert body_of(read(start + b"VGhl IHJl\n!!bnQ")) == "The rent"
    assert body_of(read(start + b"VGhlI")) == "The"


def test_paragraphs_lists_and_quotes() -> None:
    text = "Hi Bo,\n\nsee below:\n- one\n- two\n\nOn Monday Bo wrote:\n> How much is it?\n>\n> > - Ann asks\n"
    assert blocks(read(mail(text).as_bytes()))[2:] == [
        ("paragraph", "Hi Bo,"),
        ("paragraph", "see below:"),
        ("item", "- one"),
        ("item", "- two"),
        ("paragraph", "On Monday Bo wrote:"),
        ("paragraph", "> How much is it?"),
        ("item", ">> - Ann asks"),
    ]


def test_a_quoted_paragraph_has_no_marks_within() -> None:
    parsed = read(HEADER + b"\n> The rent is 900 and is\n> paid by Clara\n> Hume.\n")
    assert body_of(parsed) == "> The rent is 900 and is\npaid by Clara\nHume."


def test_lines_that_flow_are_joined() -> None:
    flowed = (
        HEADER + b"Content-Type: text/plain; format=flowed%s\n\nThe rent \nis 900.\n> quoted \n> text\nend\n-- \nIda\n"
    )
    assert body_of(read(flowed % b"")) == "The rent is 900.\n\n> quoted text\n\nend\n-- \nIda"
    assert "The rentis 900." in read(flowed % b"; delsp=yes").text


def test_the_page_is_read_where_there_is_no_text() -> None:
    message = mail()
    message.set_content("<p>Rent</p><table><tr><th>Year<th>Sum<tr><td>2019<td>900</table>", subtype="html")
    parsed = read(message.as_bytes())
    assert body_of(parsed) == "Rent\n\nYear\tSum\n2019\t900"
    assert parsed.blocks[-1].kind == "table"
    assert all(cell.is_header for cell in parsed.blocks[-1].rows[0])


@pytest.mark.parametrize(
    ("plain", "page", "shown"),
    [
        ("The rent is 900.", "<p>The rent is <b>900</b>.", "The rent is 900."),
        ("\n", "<p>page", "page"),
        ("This mail is a web page.", f"<p>{'rent ' * 200}", ("rent " * 200).strip()),
        ("The rent is 900.", f"<style>{'p {color: red} ' * 200}</style><p>The rent is 900!", "The rent is 900."),
    ],
    ids=["plain", "blank", "stub", "styles"],
)
def test_of_alternatives_one_is_read(plain: str, page: str, shown: str) -> None:
    message = mail(plain)
    message.add_alternative(page, subtype="html")
    assert body_of(read(message.as_bytes())) == shown


def test_a_page_with_pictures() -> None:
    message = mail()
    message.set_content("<p>See <img src='cid:logo'>", subtype="html")
    message.add_related(b"\x89PNG", "image", "png", cid="<logo>")
    parsed = read(message.as_bytes())
    assert (body_of(parsed), parsed.notes) == ("See", ())


def test_attachments_are_named() -> None:
    message = mail()
    message.add_attachment(b"x" * 34_000, maintype="application", subtype="pdf", filename="Über uns.pdf")
    message.add_attachment("a,b", subtype="csv", filename="a.csv")
    parsed = read(message.as_bytes())
    assert blocks(parsed)[3:] == [
        ("paragraph", "Attachments:"),
        ("item", "• Über uns.pdf (application/pdf, 34 kB)"),
        ("item", "• a.csv (text/csv, 4 bytes)"),
    ]
    assert parsed.notes == ("2 attachments were not read: 'Über uns.pdf', 'a.csv'. Save and open them by themselves.",)


def test_an_attachment_of_the_alternative_that_is_not_read() -> None:
    message = mail()
    message.add_alternative("<p>The rent is 900.", subtype="html")
    page = message.get_payload()[1]
    page.add_attachment(b"x", maintype="application", subtype="zip", filename="a.zip")
    parsed = read(message.as_bytes())
    assert body_of(parsed) == "The rent is 900.\n\nAttachments:\n• a.zip (application/zip, 1 byte)"


def test_forwarded_messages_are_inside() -> None:
    inner = mail("It was 800.", Subject="Old rent")
    message = mail()
    message.add_attachment(inner)
    assert body_of(read(message.as_bytes())) == (
        "The rent is 900.\n\nAttached message:\n\n"
        "From: Ida Lee <ida@example.org>\nTo: bo@example.org\nSubject: Old rent\n\nIt was 800."
    )


def test_a_digest_holds_messages() -> None:
    data = HEADER + b"Content-Type: multipart/digest; boundary=b\n\n--b\n\nFrom: x@y\nSubject: one\n\nfirst\n--b--\n"
    assert body_of(read(data)) == "Attached message:\n\nFrom: x@y\nSubject: one\n\nfirst"


def test_boundaries_that_begin_alike() -> None:
    data = (
        HEADER + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n"
        b"--bb\n\none\n--bb--\n--b\n\ntwo --b\n--b--\nepilogue\n"
    )
    assert body_of(read(data)) == "one\n\ntwo --b"


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (HEADER + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nno end", "no end"),
        (HEADER + b"Content-Type: multipart/mixed\n\nno boundary", "no boundary"),
        (HEADER + b"Content-Type: multipart/mixed; boundary=b\n\nno parts", "no parts"),
        (HEADER + b"Content-Type: nonsense\n\ntext", "text"),
        (HEADER + b"Content-Type: text/plain; charset=nonsense\n\ntext", "text"),
        (HEADER + b"Content-Transfer-Encoding: nonsense\n\ntext", "text"),
        (HEADER + b"no empty line\ntext", "no empty line\ntext"),
        (b"From x Mon May  3 10:00:00 2021\n" + HEADER + b"\ntext", "text"),
        (b"\xef\xbb\xbf\r\n" + HEADER.replace(b"\n", b"\r\n") + b"\r\ntext\r\n", "text"),
        ((HEADER + b"\ntext\n").replace(b"\n", b"\r"), "text"),
        (b"%d   \n" % len(HEADER + b"\ntext") + HEADER + b"\ntext<?xml version='1.0'?><plist/>", "text"),
    ],
)
def test_odd_messages(data: bytes, body: str) -> None:
    assert body_of(read(data)) == body


def test_signed_and_encrypted_messages() -> None:
    signed = (
        HEADER + b"Content-Type: multipart/signed; boundary=b\n\n--b\n\ntext\n"
        b"--b\nContent-Type: application/pgp-signature\n\nxx\n--b--\n"
    )
    assert (body_of(read(signed)), read(signed).notes) == ("text", ())
    parsed = read(HEADER + b"Content-Type: application/pkcs7-mime; name=smime.p7m\n\nxx")
    assert "Subject: Rent" in parsed.text
    assert parsed.notes[0].startswith("A message is encrypted")


def test_a_report_that_a_mail_did_not_arrive() -> None:
    data = (
        HEADER + b"Content-Type: multipart/report; boundary=b\n\n--b\n\nIt failed.\n"
        b"--b\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\n--b--\n"
    )
    assert body_of(read(data)) == "It failed.\n\nStatus: 5.1.1"


def test_a_part_that_is_no_text() -> None:
    parsed = read(HEADER + b"\n" + bytes(range(1, 32)) * 100 + b"\0\1\2" * 100)
    assert parsed.notes == ("A part that says to be text is none, and was left out.",)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" * 100, b"just text", b"Note: text\n\nmore"])
def test_what_is_no_mail_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"'a\.eml' is not an e-mail") as excinfo:
        read(data)
    assert excinfo.value.hint


def _sample() -> bytes:
    message = mail("Hi,\n\n> quoted \n\n- one\n", Subject="Wörter")
    message.add_alternative("<p>Hi<ul><li>one</ul>", subtype="html")
    message.add_attachment(b"x" * 99, maintype="application", subtype="pdf", filename="Ü.pdf")
    message.add_attachment(mail("inner"))
    return message.as_bytes()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_mutated_mail_is_read_or_refused(data: st.DataObject) -> None:
    changed = bytearray(_sample())
    for _ in range(data.draw(st.integers(0, 12))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        parsed = read(bytes(changed))
    except DocumentError:
        return
    for block in parsed.blocks:
        assert 0 <= block.start <= block.body <= block.end <= len(parsed.text)
        assert parsed.text[block.start : block.end].strip()
    for start, end in units(parsed.blocks):
        assert 0 <= start < end <= len(parsed.text)
