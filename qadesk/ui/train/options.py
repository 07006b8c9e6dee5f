"""The options behind 'Advanced': a table, and the fields for its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QWidget

from qadesk.ui.kit.widgets import plain_label
from qadesk.ui.train.wizard_page import button


@dataclass(frozen=True, slots=True)
class Option:
    """A row of ``OPTIONS``. ``key`` is a field of ``train.config.Config``; its value times ``scale`` is shown.

    The rest is as in ``QDoubleSpinBox``; ``lowest`` is the text for the value ``low``.
    """

    key: str
    title: str
    help: str
    low: float
    high: float
    scale: float = 1.0
    decimals: int = 0
    step: float = 1.0
    suffix: str = ""
    lowest: str = ""


OPTIONS: tuple[Option, ...] = (
    Option(
        "learning_rate", "Learning &rate", "How far each step goes. Higher learns faster and forgets more.",
        0.01, 1000, 1e5, 2, 0.5, " × 10⁻⁵",
    ),
    Option(
        "epochs", "E&pochs", "How many times it goes over all your labels. Unless set here, over few more often.",
        1, 100,
    ),
    Option("batch_size", "Batch si&ze", "How many it learns from at once. More take more memory.", 1, 256),
    Option("warmup", "&Warm-up", "The part of the steps in which the rate rises.", 0, 100, 100, 0, 5, " %"),
    Option("frozen_layers", "Layers to &freeze", "Lower layers that stay as they are.", -1, 100, lowest="Half"),
    Option("seed", "Se&ed", "Another number parts and shuffles in another way.", 0, 2**31 - 1),
    Option(
        "patience", "Early stoppin&g", "It ends after so many evaluations without a gain.",
        0, 100, suffix=" evaluations", lowest="Never",
    ),
)  # fmt: skip


class OptionFields(QWidget):
    """A spin box for each option, by its key in ``fields``. ``edited``: the user changed one."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._defaults: dict[str, float] = {}
        self.fields: dict[str, QDoubleSpinBox] = {}
        self.reset_button = button("Reset to the def&aults", self._reset, "quiet")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(2, 1)
        for row, option in enumerate(OPTIONS):
            field = self.fields[option.key] = _field(option)
            field.valueChanged.connect(self._on_edited)
            title = QLabel(option.title)
            title.setBuddy(field)
            grid.addWidget(title, row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(plain_label(option.help, tone="muted"), row, 2)
        grid.addWidget(self.reset_button, len(OPTIONS), 0, 1, 3)
        self.reset_button.setEnabled(False)

    def show_defaults(self, defaults: Mapping[str, float]) -> None:
        """Set the defaults to those of another effort. Options that were edited keep their values."""
        overrides = self.overrides()
        self._defaults = {option.key: float(defaults[option.key]) for option in OPTIONS}
        for option in OPTIONS:
            if option.key not in overrides:
                self._show_default(option)

    def overrides(self) -> dict[str, str]:
        """The values that differ from the defaults, by key, as text for ``train.config.with_overrides``."""
        overrides: dict[str, str] = {}
        if not self._defaults:
            return overrides
        for option in OPTIONS:
            value = self.fields[option.key].value() / option.scale
            if round((value - self._defaults[option.key]) * option.scale, option.decimals):
                overrides[option.key] = f"{value:.10g}"
        return overrides

    def _show_default(self, option: Option) -> None:
        field = self.fields[option.key]
        field.blockSignals(True)
        field.setValue(self._defaults[option.key] * option.scale)
        field.blockSignals(False)

    def _reset(self) -> None:
        for option in OPTIONS:
            self._show_default(option)
        self._on_edited()

    def _on_edited(self) -> None:
        self.reset_button.setEnabled(bool(self.overrides()))
        self.edited.emit()


def _field(option: Option) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.lineEdit().setTextMargins(6, 0, 0, 0)  # the padding of the style sheet does not apply to it
    field.setDecimals(option.decimals)
    field.setRange(option.low, option.high)
    field.setSingleStep(option.step)
    field.setSuffix(option.suffix)
    field.setSpecialValueText(option.lowest)
    field.setKeyboardTracking(False)
    field.setAccessibleName(option.title.replace("&", ""))
    field.setAccessibleDescription(option.help)
    return field
