"""The story: published, kept, broken, told, repaired, recovered."""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

from cli.demo import deliveries as facts
from cli.demo.deliveries import Deliveries
from cli.demo.receiver import Mailbox, text_of
from cli.demo.screen import Screen, StoryBroken
from cli.demo.service import Service

_PATIENCE: Final = 120.0  # seconds for one step; a run takes about one, the schedule five
_ORDERS: Final = "sales.orders"
_LINES: Final = "logistics.lineitems"
_OWNER: Final = "order.desk@example.org"
_EXAMPLES: Final = Path(__file__).parents[2] / "examples"
_EXPECTED: Final = {
    "/schema/orders/properties/o_custkey/required": facts.NULLS,
    "/schema/orders/primary_key": 2 * facts.DUPLICATES,
    "/schema/orders/properties/o_orderstatus/enum": facts.UNKNOWN,
}
Card = dict[str, Any]  # a scorecard as the API answers it


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The cast: what delivers, what judges, who is told, and who tells it all."""

    deliveries: Deliveries
    service: Service
    mailbox: Mailbox
    screen: Screen
    alive: Callable[[], None]

    def tell(self) -> None:
        """Tell the whole story.

        Raises:
            StoryBroken: a step was not seen in the API or at the mail receiver.
        """
        self._publish()
        self._keep()
        incident = self._break()
        self._notified(incident)
        self._recover(incident)

    def _publish(self) -> None:
        self.service.connect("lake", self.deliveries.folder)
        for name in ("orders", "lineitems"):
            done = self.service.publish(_EXAMPLES / f"{name}.odcs.yaml")
            self.screen.step(f"published {done['id']} {done['version']} through the API")
            self.screen.detail(
                f"{done['clauses']} clauses, {done['executable']} of them executed, every 5 s"
            )

    def _keep(self) -> None:
        for product in (_LINES, _ORDERS):
            card = self._await(product, "its first run", _judged_well)
            self.screen.step(f"{product} was judged by its schedule")
            self.screen.detail(_standing(card), "green")

    def _break(self) -> int:
        self.deliveries.spoil()
        self.screen.step("a bad delivery of orders arrives")
        self.screen.detail(
            f"{facts.NULLS} orders without a customer, {facts.DUPLICATES} orders twice, "
            f"{facts.UNKNOWN} with an unknown status"
        )
        card = self._await(_ORDERS, "an incident", _in_trouble)
        broken = {line["clause"]: line for line in card["clauses"] if line["outcome"] == "failed"}
        found = {key: line["failed_rows"] for key, line in broken.items()}
        if found != _EXPECTED:
            raise StoryBroken(f"expected {_EXPECTED} to fail, found {found}")
        incident = _open_incident(card)
        self.screen.step(f"incident {incident['id']}: {incident['title']}")
        for line in broken.values():
            self.screen.detail(f"{line['column']}: {line['reason']}", "red")
        self.screen.detail(_standing(card))
        return int(incident["id"])

    def _notified(self, incident: int) -> None:
        message = self._await_mail("broken")
        self.screen.step(f"{_OWNER} was told; the e-mail as it arrived")
        self._show(message)
        self._delivered(incident)

    def _recover(self, incident: int) -> None:
        self.deliveries.repair()
        self.screen.step("the repaired delivery arrives")
        card = self._await(_ORDERS, "its recovery", _judged_well)
        state = self.service.incident(incident)["state"]
        if state != "resolved":
            raise StoryBroken(f"incident {incident} is {state}, not resolved")
        self.screen.step(f"incident {incident} is resolved by a later pass")
        self.screen.detail(_standing(card), "green")
        message = self._await_mail("recovered")
        self.screen.step(f"{_OWNER} was told: {message['subject']}")

    def _await(self, product: str, what: str, wanted: Callable[[Card], bool]) -> Card:
        def look() -> Card | None:
            card = self.service.scorecard(product)
            return card if wanted(card) else None

        words = f"waiting for {what} of {product}"
        return self.screen.until(words, look, alive=self.alive, seconds=_PATIENCE)

    def _await_mail(self, words: str) -> EmailMessage:
        return self.screen.until(
            f"waiting for the e-mail that says '{words}'",
            lambda: self.mailbox.find(words, to=_OWNER),
            alive=self.alive,
            seconds=_PATIENCE,
        )

    def _delivered(self, incident: int) -> None:
        def look() -> bool | None:
            notices = self.service.incident(incident)["notices"]
            return any(notice["state"] == "sent" for notice in notices) or None

        words = "waiting for the delivery to be recorded"
        self.screen.until(words, look, alive=self.alive, seconds=_PATIENCE)

    def _show(self, message: EmailMessage) -> None:
        for name in ("From", "To", "Subject"):
            self.screen.detail(f"| {name}: {message[name]}", "cyan")
        for line in ("", *text_of(message).rstrip().splitlines()):
            self.screen.detail(f"| {line}", "cyan")


def _judged_well(card: Card) -> bool:
    score, lines = card["score"], card["clauses"]
    judged = [line for line in lines if line["outcome"] == "passed"]
    return bool(judged) and score["failing"] == 0 and _open_incident(card) == {}


def _in_trouble(card: Card) -> bool:
    return _open_incident(card) != {}


def _open_incident(card: Card) -> Card:
    return next((row for row in card["incidents"] if row["open"]), {})


def _standing(card: Card) -> str:
    score = card["score"]
    passed = sum(line["outcome"] == "passed" for line in card["clauses"])
    quality = "not measured" if score["quality"] is None else f"{score['quality']:.1f} of 100"
    words = f"score {quality}, assurance {100 * score['assurance']:.0f} %, {passed} clauses passed"
    if score["failing"]:
        words += f", {score['failing']} failing"
    return words
