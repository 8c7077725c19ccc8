"""What runs said while a product was in trouble. A plain value."""

from dataclasses import dataclass

from checks.model import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a run said of a clause, in the words of then. It never carries evidence."""

    run_id: int
    result: Result
