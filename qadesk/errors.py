"""The exceptions that are shown to the user, by what they concern.

    QadeskError            shown to the user: what is wrong, what to do
      DocumentError        a file that cannot be opened or read
        PasswordNeeded     ... until its password is given
        EncodingNeeded     ... until its encoding is given
      PrintError           a document that cannot be printed
      QuestionError        a question that cannot be asked
      ModelError           a model folder that cannot be used
      DownloadError        a model that cannot be downloaded from the hub
      DeviceError          a device that is not available or fails
      DataError            a data set that cannot be read
      SettingError         a setting that does not exist, or a value that it does not take
      StoreError           the user's database cannot be opened or written
      LibraryError         the library's index cannot be used, or a collection is not as it must be
    Cancelled              the user cancelled: nothing is shown

Any other exception is a bug of ours: the crash window shows it, with a report to copy. Code that handles an error looks
at its class, never at its text.
"""

from __future__ import annotations

from qadesk.sentences import Sentence, verbatim


class QadeskError(Exception):
    """A problem that is shown to the user.

    ``message`` says what is wrong in one plain sentence, ``hint`` what to do about it, ``detail`` holds what a
    developer would like to know (shown on request only). ``sentence`` is the message as it can be stored: where it may
    be, it is given as a ``Sentence``.
    """

    def __init__(self, message: str | Sentence, hint: str = "", detail: str = "") -> None:
        self.sentence = verbatim(message) if isinstance(message, str) else message
        self.message = self.sentence.text
        super().__init__(self.message)
        self.hint = hint
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class DocumentError(QadeskError):
    """A file cannot be opened or read as a document."""


class PasswordNeeded(DocumentError):
    """A file is encrypted, and no password was given, or a ``wrong`` one."""

    def __init__(self, message: str | Sentence, hint: str = "", detail: str = "", *, wrong: bool = False) -> None:
        super().__init__(message, hint, detail)
        self.wrong = wrong


class EncodingNeeded(DocumentError):
    """A file is text in no encoding that could be found out, but may be in one that the user knows."""


class PrintError(QadeskError):
    """A document cannot be printed: its pages cannot be drawn, or the printer or the file does not take it."""


class QuestionError(QadeskError):
    """A question cannot be asked: empty, without words, or too long for the model."""


class ModelError(QadeskError):
    """A folder does not hold a usable question-answering model."""


class DownloadError(QadeskError):
    """The hub of models cannot be reached, or its reply is not what was requested."""


class DeviceError(QadeskError):
    """A device is not available, or failed while it was in use."""


class DataError(QadeskError):
    """A data set or an output file cannot be read or written."""


class SettingError(QadeskError):
    """A setting does not exist, or does not take this value."""


class StoreError(QadeskError):
    """The user's database cannot be opened or written."""


class LibraryError(QadeskError):
    """The index of the library cannot be used, or a collection does not exist or cannot be made."""


class Cancelled(Exception):
    """The user cancelled the work. It is not reported."""
