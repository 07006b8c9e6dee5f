"""Small PowerPoint files as bytes, made of raw XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

_OFFICE = "http://schemas.openxmlformats.org"
RELATIONSHIPS = f"{_OFFICE}/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:p="{_OFFICE}/presentationml/2006/main" xmlns:a="{_OFFICE}/drawingml/2006/main"'
    f' xmlns:c="{_OFFICE}/drawingml/2006/chart" xmlns:dgm="{_OFFICE}/drawingml/2006/diagram"'
    f' xmlns:m="{_OFFICE}/officeDocument/2006/math" xmlns:mc="{_OFFICE}/markup-compatibility/2006"'
    f' xmlns:r="{RELATIONSHIPS}"'
)
MASTER = (
    f"<p:sldMaster {NAMESPACES}><p:cSld><p:spTree/></p:cSld><p:txStyles>"
    "<p:titleStyle><a:lvl1pPr><a:buNone/></a:lvl1pPr></p:titleStyle>"
    '<p:bodyStyle><a:lvl1pPr><a:buFont typeface="Arial"/><a:buChar char="•"/></a:lvl1pPr>'
    '<a:lvl2pPr><a:buChar char="–"/></a:lvl2pPr></p:bodyStyle></p:txStyles></p:sldMaster>'
)


def slide_file(
    *slides: str,
    layout: str = "",
    notes: Mapping[int, str] | None = None,
    hidden: Sequence[int] = (),
    first: int = 1,
    parts: Mapping[str, tuple[str, str]] | None = None,
) -> bytes:
    """A presentation of ``slides``, given as their shapes.

    ``layout``: the shapes of the layout. ``notes``: shapes of pages with notes, by the numbers of slides; ``hidden``:
    numbers of slides. ``parts``: other parts of all slides, by the ids of their relations: purpose and contents.
    """
    members = {
        "_rels/.rels": _relations([("r", "officeDocument", "ppt/presentation.xml")]),
        "ppt/slideMasters/m.xml": MASTER,
        "ppt/slideLayouts/l.xml": f"<p:sldLayout {NAMESPACES}>{_tree(layout)}</p:sldLayout>",
        "ppt/slideLayouts/_rels/l.xml.rels": _relations([("r", "slideMaster", "../slideMasters/m.xml")]),
    }
    numbers = range(1, len(slides) + 1)
    for number, shapes in enumerate(slides, 1):
        show = 'show="0"' if number in hidden else ""
        members[f"ppt/slides/s{number}.xml"] = f"<p:sld {NAMESPACES} {show}>{_tree(shapes)}</p:sld>"
        relations = [("l", "slideLayout", "../slideLayouts/l.xml")]
        relations += [(key, purpose, f"../parts/{key}.xml") for key, (purpose, _) in (parts or {}).items()]
        if notes and number in notes:
            relations.append(("n", "notesSlide", f"../notes/n{number}.xml"))
            members[f"ppt/notes/n{number}.xml"] = f"<p:notes {NAMESPACES}>{_tree(notes[number])}</p:notes>"
        members[f"ppt/slides/_rels/s{number}.xml.rels"] = _relations(relations)
    members |= {f"ppt/parts/{key}.xml": text for key, (_, text) in (parts or {}).items()}
    ids = "".join(f'<p:sldId id="{255 + number}" r:id="s{number}"/>' for number in numbers)
    start = f'firstSlideNum="{first}"' if first != 1 else ""
    members["ppt/presentation.xml"] = (
        f"<p:presentation {NAMESPACES} {start}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"
    )
    members["ppt/_rels/presentation.xml.rels"] = _relations(
        [(f"s{number}", "slide", f"slides/s{number}.xml") for number in reversed(numbers)]
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in members.items():
            out.writestr(name, text)
    return file.getvalue()


def shape(*paragraphs: str, place: str = "", more: str = "", styles: str = "", at: tuple[int, ...] = ()) -> str:
    """A shape; ``place`` is the type of its placeholder and ``at`` its left, top, width and height."""
    holder = f"<p:ph {place}/>" if place else ""
    frame = (
        f'<a:xfrm><a:off x="{at[0]}" y="{at[1]}"/><a:ext cx="{at[2]}" cy="{at[3]}"/></a:xfrm>' if len(at) == 4 else ""
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="x" {more}/><p:nvPr>{holder}</p:nvPr></p:nvSpPr><p:spPr>{frame}</p:spPr>'
        f"<p:txBody><a:bodyPr/><a:lstStyle>{styles}</a:lstStyle>{''.join(paragraphs)}</p:txBody></p:sp>"
    )


def title(text: str) -> str:
    return shape(para(text), place='type="title"')


def body(*paragraphs: str) -> str:
    return shape(*paragraphs, place='idx="1"')


def para(text: str, level: int = 0, bullet: str = "") -> str:
    return f'<a:p><a:pPr lvl="{level}">{bullet}</a:pPr>{run(text)}</a:p>'


def run(text: str, more: str = "") -> str:
    return f"<a:r><a:rPr {more}/><a:t>{text}</a:t></a:r>"


def frame(content: str) -> str:
    """A shape that holds a table, a chart or a diagram."""
    return (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" name="y"/></p:nvGraphicFramePr>'
        f"<a:graphic><a:graphicData>{content}</a:graphicData></a:graphic></p:graphicFrame>"
    )


def _tree(shapes: str) -> str:
    return f"<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id='1' name=''/></p:nvGrpSpPr>{shapes}</p:spTree></p:cSld>"


def _relations(relations: list[tuple[str, str, str]]) -> str:
    rows = (
        f'<Relationship Id="{key}" Type="{RELATIONSHIPS}/{purpose}" Target="{path}"/>'
        for key, purpose, path in relations
    )
    return f"<Relationships>{''.join(rows)}</Relationships>"
