"""The dialog that chooses a model to ask again with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from qadesk.ui.kit.widgets import plain_label, wrapping_list

if TYPE_CHECKING:
    from qadesk.app.models.manage import ListedModel

_LEAD = "It answers this question beside the model in use, which stays as it is."
_NONE = "There is no other model. Add one on the page of models (Ctrl+Shift+M)."


class OtherModelDialog(QDialog):
    """``model`` is the chosen one of ``models``."""

    def __init__(self, models: Sequence[ListedModel], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Ask again with another model")
        self._models = models
        self.list = wrapping_list("Models")
        for model in models:
            self.list.addItem("\n".join(model.lines))
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(lambda _item: self.accept())
        buttons = QDialogButtonBox()
        self.ask = buttons.addButton("Ask", QDialogButtonBox.ButtonRole.AcceptRole)
        self.ask.setProperty("kind", "main")
        self.ask.setEnabled(bool(models))
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(plain_label(_LEAD if models else _NONE))
        column.addWidget(self.list, 1)
        column.addWidget(buttons)
        self.list.setVisible(bool(models))
        self.resize(460, 340 if models else 140)

    @property
    def model(self) -> ListedModel:
        """The chosen model."""
        return self._models[self.list.currentRow()]
