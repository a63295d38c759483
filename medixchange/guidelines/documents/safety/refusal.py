"""The one error of reading documents."""

from django.utils.functional import Promise


class DocumentRefused(Exception):
    """A document cannot be read: what is wrong, where, and what to do about it.

    Args:
        what: a sentence, may be lazy; ``%(name)s`` in it is filled from ``values``.
        where: file name and place in it.
        remedy: a sentence, as ``what``.
        values: fills ``what`` and ``remedy`` when the error is shown, in the language of then.
    """

    def __init__(
        self, what: str | Promise, where: str, remedy: str | Promise, **values: object
    ) -> None:
        super().__init__(what, where, remedy)
        self._what, self._remedy, self._values = what, remedy, values
        self.where = where

    @property
    def what(self) -> str:
        """What is wrong, in the language in force."""
        return str(self._what) % self._values if self._values else str(self._what)

    @property
    def remedy(self) -> str:
        """What to do, in the language in force."""
        return str(self._remedy) % self._values if self._values else str(self._remedy)

    def __str__(self) -> str:
        said = f"{self.what} {self.remedy}"
        return f"{self.where}: {said}" if self.where else said
