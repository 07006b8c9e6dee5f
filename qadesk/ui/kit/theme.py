"""The colours, in light and dark, and the style sheet made of them.

Every pair of colours that carries words is in ``PAIRS``; a test holds them to a contrast of 4.5 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from qadesk import paths


@dataclass(frozen=True, slots=True)
class Theme:
    """Named colours. ``*_ink`` is what is written on its ground."""

    name: str
    window: str
    surface: str  # the page of the document
    tint: str  # the ground of code and of the header of a table, on the page
    raised: str  # cards and fields
    ink: str
    muted: str
    line: str  # quiet edges
    edge: str  # edges of things that can be used
    thumb: str  # of scroll bars
    accent: str
    accent_strong: str
    accent_ink: str
    accent_soft: str
    mark: str  # the best answer in the text
    mark_line: str
    other: str  # the other answers
    other_line: str
    match: str
    current_match: str
    selection: str
    error: str
    error_soft: str
    info_soft: str
    good: str


LIGHT = Theme(
    name="light", window="#f4f2ee", surface="#fffdfa", tint="#f3efe6", raised="#ffffff", ink="#22201d", muted="#67625a",
    line="#e1dcd3", edge="#8f887d", thumb="#918a80", accent="#1f5f8b", accent_strong="#174a6d", accent_ink="#ffffff",
    accent_soft="#e7f0f6", mark="#ffe08a", mark_line="#8a5a00", other="#fbf1d3", other_line="#a98c4a",
    match="#d5e9f7", current_match="#9fd0f3", selection="#bfd9ec", error="#9c241c", error_soft="#fbeae8",
    info_soft="#e9eff3", good="#256a3d",
)  # fmt: skip

DARK = Theme(
    name="dark", window="#1e1f22", surface="#25262a", tint="#303137", raised="#2d2e33", ink="#e9e6e1", muted="#aaa59c",
    line="#3a3b40", edge="#8a8781", thumb="#7c7a77", accent="#8fc3ea", accent_strong="#b4d8f3", accent_ink="#0f2230",
    accent_soft="#2b3c49", mark="#776021", mark_line="#f4c452", other="#544729", other_line="#b09a5c",
    match="#2a4459", current_match="#2f6288", selection="#3a566c", error="#f2a39b", error_soft="#43292a",
    info_soft="#2a3238", good="#8fd0a2",
)  # fmt: skip

PAIRS: tuple[tuple[str, str], ...] = (
    ("ink", "window"), ("ink", "surface"), ("ink", "raised"), ("ink", "accent_soft"), ("ink", "mark"),
    ("ink", "other"), ("ink", "match"), ("ink", "current_match"), ("ink", "selection"), ("ink", "info_soft"),
    ("ink", "error_soft"), ("muted", "window"), ("muted", "surface"), ("muted", "raised"), ("muted", "accent_soft"),
    ("ink", "tint"), ("muted", "tint"),
    ("muted", "info_soft"), ("accent", "window"), ("accent", "surface"), ("accent", "raised"),
    ("accent", "accent_soft"), ("accent_ink", "accent"), ("accent_ink", "accent_strong"), ("error", "error_soft"),
    ("error", "window"), ("good", "window"), ("surface", "mark_line"), ("mark_line", "other"),
)  # fmt: skip

ICON = 18  # pixels of a side of a small picture, in an interface of the system's size

_active = LIGHT
_base_font: QFont | None = None
_text_scale = 1.0
_scale = 1.0


def active() -> Theme:
    """The theme that the window has now."""
    return _active


def colour(name: str) -> QColor:
    """The colour ``name`` of the theme that the window has now."""
    return QColor(getattr(_active, name))


@contextmanager
def used(theme: Theme) -> Iterator[None]:
    """Take the colours of ``theme`` inside, where the window has no events: for what is not shown in the window."""
    global _active
    before, _active = _active, theme
    try:
        yield
    finally:
        _active = before


def is_dark(appearance: str) -> bool:
    """Whether the setting ``view.theme`` means dark now: 'dark', or 'system' on a dark desktop."""
    if appearance == "system":
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return appearance == "dark"


def apply(app: QApplication, appearance: str, zoom: int) -> None:
    """Give ``app`` the colours of ``appearance`` and text of ``zoom`` per cent of the system's size."""
    global _active, _base_font, _scale
    if _base_font is None:
        _base_font = app.font()
        app.setStyle("Fusion")
    _active = DARK if is_dark(appearance) else LIGHT
    _scale = zoom / 100
    font = QFont(_base_font)
    font.setPointSizeF(_base_font.pointSizeF() * zoom / 100)
    app.setFont(font)
    app.setPalette(_palette(_active))
    app.setStyleSheet(_sheet(_active))


def set_text_zoom(per_cent: int) -> None:
    """Show documents in text of ``per_cent`` of the size that they have beside the rest of the window."""
    global _text_scale
    _text_scale = per_cent / 100


def scale() -> float:
    """How much larger than the system's the interface is."""
    return _scale


def text_scale() -> float:
    """How much larger than usual the text of documents is."""
    return _text_scale


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for colour_role, name in (
        (role.Window, "window"), (role.WindowText, "ink"), (role.Base, "raised"), (role.AlternateBase, "window"),
        (role.Text, "ink"), (role.Button, "raised"), (role.ButtonText, "ink"), (role.BrightText, "error"),
        (role.ToolTipBase, "raised"), (role.ToolTipText, "ink"), (role.PlaceholderText, "muted"),
        (role.Highlight, "selection"), (role.HighlightedText, "ink"), (role.Link, "accent"),
        (role.LinkVisited, "accent"), (role.Light, "raised"), (role.Midlight, "line"), (role.Mid, "line"),
        (role.Dark, "edge"), (role.Shadow, "edge"), (role.Accent, "accent"),
    ):  # fmt: skip
        palette.setColor(colour_role, QColor(getattr(theme, name)))
    for colour_role in (role.Text, role.WindowText, role.ButtonText):
        faint = QColor(theme.muted)
        faint.setAlphaF(0.75)
        palette.setColor(QPalette.ColorGroup.Disabled, colour_role, faint)
    return palette


_SHEET = """
QToolTip {{ color: {ink}; background: {raised}; border: 1px solid {edge}; padding: 4px 6px; }}
QMenuBar {{ background: {window}; padding: 2px 8px; }}
QMenuBar::item {{ padding: 4px 8px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {accent_soft}; color: {ink}; }}
QMenu {{ background: {raised}; border: 1px solid {edge}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 13px; border-left: 3px solid transparent; }}
QMenu::item:selected {{ background: {accent_soft}; color: {ink}; border-left-color: {accent}; }}
QMenu::item:disabled {{ color: {muted}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}
QStatusBar {{ background: {window}; border-top: 1px solid {line}; }}
QStatusBar::item {{ border: none; }}
QSplitter::handle {{ background: {line}; }}
QSplitter::handle:hover, QSplitter::handle:focus {{ background: {accent}; }}

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox {{
    background: {raised}; color: {ink}; border: 1px solid {edge}; border-radius: 6px; padding: 5px 8px;
    selection-background-color: {selection}; selection-color: {ink};
}}
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {{
    border: 2px solid {accent}; padding: 4px 7px;
}}
QComboBox::drop-down {{ border: none; width: 24px; }}
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {{
    border: none; background: transparent; width: 22px;
}}
QSpinBox::up-button:hover, QDoubleSpinBox::up-button:hover, QSpinBox::down-button:hover,
QDoubleSpinBox::down-button:hover {{ background: {accent_soft}; }}
QComboBox::down-arrow, QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{
    image: url("{icons}/arrow-down.png"); width: 12px; height: 12px;
}}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: url("{icons}/arrow-up.png"); width: 12px; height: 12px; }}
QCheckBox {{ spacing: 8px; padding: 3px; border: 1px solid transparent; border-radius: 6px; }}
QCheckBox:focus {{ border: 2px solid {accent}; padding: 2px; }}
QCheckBox::indicator {{
    width: 16px; height: 16px; border: 1px solid {edge}; border-radius: 4px; background: {raised};
}}
QCheckBox::indicator:checked {{
    background: {accent}; border-color: {accent}; image: url("{icons}/check-{name}.png");
}}
QRadioButton {{ spacing: 8px; padding: 3px; border: 1px solid transparent; border-radius: 6px; }}
QRadioButton:focus {{ border: 2px solid {accent}; padding: 2px; }}
QRadioButton::indicator {{
    width: 14px; height: 14px; border: 1px solid {edge}; border-radius: 8px; background: {raised};
}}
QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 5px solid {accent}; background: {accent_ink}; }}
QSlider {{ min-height: 28px; border: 1px solid transparent; border-radius: 6px; }}
QSlider:focus {{ border: 2px solid {accent}; }}
QSlider::groove:horizontal {{ height: 4px; background: {edge}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ width: 16px; margin: -6px 0; border-radius: 8px; background: {accent}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QComboBox QAbstractItemView {{
    background: {raised}; border: 1px solid {edge}; outline: none;
    selection-background-color: {accent_soft}; selection-color: {ink};
}}

QPushButton {{
    background: {raised}; color: {ink}; border: 1px solid {edge}; border-radius: 6px; padding: 6px 14px;
}}
QPushButton:hover {{ background: {accent_soft}; }}
QPushButton:pressed {{ background: {selection}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 5px 13px; }}
QPushButton:disabled {{ color: {muted}; border-color: {line}; background: {window}; }}
QPushButton[kind="main"] {{ background: {accent}; color: {accent_ink}; border-color: {accent}; font-weight: 600; }}
QPushButton[kind="main"]:hover, QPushButton[kind="main"]:pressed {{ background: {accent_strong}; }}
QPushButton[kind="main"]:focus {{ border: 2px solid {ink}; }}
QPushButton[kind="main"]:disabled {{ background: {line}; color: {muted}; border-color: {line}; }}
QPushButton[kind="quiet"] {{ background: transparent; border: 1px solid transparent; color: {accent}; }}
QPushButton[kind="quiet"]:hover {{ background: {accent_soft}; }}
QPushButton[kind="quiet"]:focus {{ border: 2px solid {accent}; }}
QPushButton[kind="quiet"]:disabled {{ color: {muted}; background: transparent; }}
QPushButton[kind="row"] {{ background: {raised}; border: 1px solid {edge}; text-align: left; padding: 9px 14px; }}
QPushButton[kind="row"]:hover {{ background: {accent_soft}; border-color: {accent}; }}
QPushButton[kind="row"]:focus {{ border: 2px solid {accent}; padding: 8px 13px; }}
QToolButton {{
    background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px;
    qproperty-iconSize: {icon}px {icon}px;
}}
QToolButton:hover {{ background: {accent_soft}; }}
QToolButton:checked {{ background: {accent_soft}; border: 1px solid {edge}; }}
QToolButton:focus {{ border: 2px solid {accent}; padding: 3px; }}

QScrollArea, QScrollArea > QWidget > QWidget#ground {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {thumb}; min-height: 32px; border-radius: 4px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {thumb}; min-width: 32px; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:hover {{ background: {muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QProgressBar {{ background: {line}; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 2px; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {line}; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar::tab {{ padding: 8px 14px; color: {muted}; border-bottom: 2px solid transparent; background: transparent; }}
QTabBar::tab:selected {{ color: {ink}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:focus {{
    background: {accent_soft}; border: 2px solid {accent}; border-radius: 6px; padding: 6px 12px 8px;
}}
QListWidget, QTreeWidget {{ background: {raised}; border: 1px solid {edge}; border-radius: 6px; outline: none; }}
QListWidget::item {{ padding: 6px 8px 6px 5px; border-left: 3px solid transparent; }}
QTreeWidget::item {{ padding: 3px 4px; }}
QListWidget::item:selected, QTreeWidget::item:selected {{ background: {accent_soft}; color: {ink}; }}
QListWidget::item:selected {{ border-left-color: {accent}; }}
QListWidget:focus, QTreeWidget:focus {{ border: 2px solid {accent}; }}
QListWidget::indicator {{
    width: 14px; height: 14px; border: 1px solid {edge}; border-radius: 4px; background: {raised};
}}
QListWidget::indicator:checked {{
    background: {accent}; border-color: {accent}; image: url("{icons}/check-{name}.png");
}}
QTableWidget {{ background: {raised}; border: 1px solid {edge}; border-radius: 6px; outline: none; }}
QTableWidget::item {{ padding: 5px 0; border-bottom: 1px solid {line}; }}
QTableWidget::item:selected {{ background: {accent_soft}; color: {ink}; }}
QTableWidget:focus {{ border: 2px solid {accent}; }}
QTableView#files {{
    background: {raised}; border: 1px solid {edge}; border-radius: 6px; outline: none;
    selection-background-color: {accent_soft}; selection-color: {ink};
}}
QTableView#files::item {{ border-bottom: 1px solid {line}; padding: 0 4px; }}
QTableView#files:focus {{ border: 2px solid {accent}; }}
QHeaderView {{ background: transparent; }}
QHeaderView::section {{
    background: {window}; color: {muted}; border: none; border-bottom: 1px solid {line}; padding: 5px 3px;
}}

QPlainTextEdit, QTextBrowser {{ background: {raised}; color: {ink}; border: 1px solid {edge}; border-radius: 6px; }}
QPlainTextEdit#document {{ background: {surface}; border: 2px solid {surface}; border-radius: 0; }}
QPlainTextEdit#document:focus {{ border-color: {accent}; }}
#pages {{ border: 2px solid transparent; }}
#pages:focus {{ border-color: {accent}; }}
#places {{ background: {window}; border-bottom: 1px solid {line}; }}
#places QTabBar::tab {{ padding: 6px 16px; }}
#places QTabBar::tab:focus {{ padding: 4px 14px 6px; }}
#queuePane {{ background: {window}; }}
QListView#queue {{ background: {raised}; border: 1px solid {edge}; border-radius: 6px; outline: none; }}
QListView#queue:focus {{ border: 2px solid {accent}; }}
#askBar {{ background: {window}; border-bottom: 1px solid {line}; }}
#askField {{ background: {raised}; border: 1px solid {edge}; border-radius: 10px; }}
#askField[focused="true"] {{ border: 2px solid {accent}; }}
#askField QLineEdit {{ border: none; background: transparent; padding: 0; }}
#documentPane {{ background: {surface}; }}
#outlinePanel {{ background: {window}; }}
#outline {{ background: transparent; border: none; border-radius: 0; }}
#outline:focus {{ border: 2px solid {accent}; border-radius: 6px; }}
#documentHead {{ background: {surface}; border-bottom: 1px solid {line}; }}
#answersPane {{ background: {window}; }}
#findBar {{ background: {window}; border-top: 1px solid {line}; }}
#noteLine {{ background: {info_soft}; border-bottom: 1px solid {line}; }}
#messageBar[kind="error"] {{ background: {error_soft}; border-bottom: 1px solid {line}; }}
#messageBar[kind="info"] {{ background: {info_soft}; border-bottom: 1px solid {line}; }}
#messageTitle[kind="error"] {{ color: {error}; }}
#staleBar {{ background: {info_soft}; border: 1px dashed {edge}; border-radius: 8px; }}
#verdict {{ background: {info_soft}; border: 1px solid {line}; border-radius: 8px; }}
#dropZone {{ border: 1px dashed {edge}; border-radius: 12px; background: transparent; }}
#dropZone[over="true"] {{ border: 2px solid {accent}; background: {accent_soft}; }}
QLabel[tone="muted"] {{ color: {muted}; }}
QLabel[tone="good"] {{ color: {good}; }}
QLabel[tone="accent"] {{ color: {accent}; }}
QLabel[tone="error"] {{ color: {error}; }}
"""


def _sheet(theme: Theme) -> str:
    colours = {name: getattr(theme, name) for name in Theme.__slots__}
    icon = round(ICON * _scale)
    return _SHEET.format(icons=(paths.resources_dir() / "icons").as_posix(), icon=icon, **colours)
