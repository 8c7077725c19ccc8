"""A value that is promised to a metric before it is known.

Every rule about the cells of a column waits for the number of rows, though few use it. Were it
asked for first, each table would be read twice.
"""

from collections.abc import Callable
from typing import Any, NoReturn

from typing_extensions import override


class NotYet(Exception):
    """The value is used, so that it must be asked for before."""


class Pending:
    """Stands for a value; whoever uses it gets ``NotYet``, or why there will be none."""

    def __init__(self, fault: Callable[[], Exception | None]) -> None:
        self._fault = fault

    def _refuse(self, *_: object) -> NoReturn:
        raise self._fault() or NotYet

    __bool__ = __int__ = __index__ = __float__ = __neg__ = __abs__ = __str__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = _refuse

    @override
    def __eq__(self, other: object) -> bool:
        self._refuse()

    @override
    def __hash__(self) -> int:  # noqa: PLE0309 - none of its uses returns
        self._refuse()

    @property
    def __clause_element__(self) -> Any:  # noqa: ANN401 - SQLAlchemy would bind the value
        self._refuse()
