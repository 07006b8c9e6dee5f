"""Signals between parts of the window that do not know one another: who can do it connects to the signal."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class WindowSignals(QObject):
    """What one part asks of another, or announces to all.

    ``place_requested`` gives the name of a place to show, ``label_requested`` the key of a label to go to,
    ``model_requested`` the folder and the name of a model to answer with from now on; ``fine_tune_requested``: the
    wizard is to be opened. ``availability_changed`` says
    that other commands are available in the place that is shown; ``setting_changed`` gives the key of a setting.
    ``answer_given`` gives a ``GivenAnswer`` to show in the document that is open, ``answer_expected`` one for the
    document that is being opened, with the document as it was before its file changed.
    ``folders_dropped`` gives folders, for the library; ``library_asked`` a question to all of it. ``open_requested``:
    the user wants to choose a document. ``restore_requested``: the window has begun, and no file is to be opened.
    ``files_dragged`` says whether files are being dragged over the window. ``closing``: the window closes, for good.
    """

    place_requested = Signal(str)
    label_requested = Signal(str)
    model_requested = Signal(object, str)
    fine_tune_requested = Signal()
    folders_dropped = Signal(list)
    library_asked = Signal(str)
    open_requested = Signal()
    restore_requested = Signal()
    answer_given = Signal(object)
    answer_expected = Signal(object, object)
    availability_changed = Signal()
    setting_changed = Signal(str)
    files_dragged = Signal(bool)
    closing = Signal()
