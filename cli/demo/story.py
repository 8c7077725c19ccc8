"""The story: published, kept, broken, told, repaired, recovered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Final

from cli.demo.cast import Role
from cli.demo.deliveries import Deliveries
from cli.demo.receiver import Mailbox, text_of
from cli.demo.screen import Screen, StoryBroken
from cli.demo.service import Service
from scorecards.words import percent, points

_PATIENCE: Final = 120.0  # seconds for one step; a run takes about one, the schedules up to five
_LINES: Final = 8  # of the e-mail that is shown
_WIDTH: Final = 24
Card = dict[str, Any]  # a scorecard as the API answers it


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The cast, what delivers, what judges, who is told, and who tells it all."""

    cast: Sequence[Role]
    deliveries: Deliveries
    service: Service
    mailbox: Mailbox
    screen: Screen
    alive: Callable[[], None]
    _incidents: dict[str, int] = field(default_factory=dict)

    def tell(self) -> None:
        """Tell the whole story.

        Raises:
            StoryBroken: a step was not seen in the API or at the mail receiver.
        """
        self._publish()
        self._keep()
        self._break()
        self._notified()
        self._shut()
        self._recover()

    def _publish(self) -> None:
        self.service.connect("lake", self.deliveries.folder)
        done = [self.service.publish(role.contract) for role in self.cast]
        self.screen.step("five products of three domains are published through the API")
        for role, each in zip(self.cast, done, strict=True):
            self._say(role, f"{each['executable']} promises, judged {role.when}")

    def _keep(self) -> None:
        self._ask()
        cards = [self._await(role, "its first run", _judged_well) for role in self.cast]
        self.screen.step("each is judged, and keeps its promises")
        for role, card in zip(self.cast, cards, strict=True):
            self._say(role, _standing(card), "green")

    def _break(self) -> None:
        self.deliveries.spoil()
        self.screen.step("a bad day: five deliveries, each with a habit of its own")
        for role in self.cast:
            self._say(role, f"{role.habit.name}: {role.habit.words}")
        self._ask()
        cards = [self._await(role, "an incident", _in_trouble) for role in self.cast]
        self.screen.step("what broke is found, and what nobody can tell is not called good")
        for role, card in zip(self.cast, cards, strict=True):
            incident = _open_incident(card)
            self._incidents[role.product] = int(incident["id"])
            self._say(role, _found(role, card), "red" if role.habit.breaks else "yellow")

    def _notified(self) -> None:
        mails = [self._await_mail(role, subject="") for role in self.cast]
        self.screen.step(f"each owner was told, once; the e-mail to {self.cast[0].owner}")
        self._show(mails[0])
        for incident in self._incidents.values():
            self._delivered(incident)

    def _shut(self) -> None:
        verdicts = [self.service.gate(role.product)["verdict"] for role in self.cast]
        if "open" in verdicts:
            raise StoryBroken(f"a gate is open that should not be: {verdicts}")
        self.screen.step("'assay gate' stops every pipeline that would read them")

    def _recover(self) -> None:
        self.deliveries.repair()
        self.screen.step("the repaired deliveries arrive")
        self._ask()
        for role in self.cast:
            self._await(role, "its recovery", _judged_well)
            state = self.service.incident(self._incidents[role.product])["state"]
            if state != "resolved":
                raise StoryBroken(f"the incident of {role.product} is {state}, not resolved")
            told = "recovered" if role.habit.breaks else "judged again"
            self._await_mail(role, subject=told)
        self.screen.step("all five recovered: incidents resolved by a later pass, owners told")

    def _ask(self) -> None:
        """Let the pipelines that do so ask for a run."""
        for role in self.cast:
            if role.asked:
                self.service.run(role.product)

    def _await(self, role: Role, what: str, wanted: Callable[[Card], bool]) -> Card:
        def look() -> Card | None:
            card = self.service.scorecard(role.product)
            return card if wanted(card) else None

        words = f"waiting for {what} of {role.product}"
        return self.screen.until(words, look, alive=self.alive, seconds=_PATIENCE)

    def _await_mail(self, role: Role, *, subject: str) -> EmailMessage:
        return self.screen.until(
            f"waiting for an e-mail to {role.owner}",
            lambda: self.mailbox.find(subject, to=role.owner),
            alive=self.alive,
            seconds=_PATIENCE,
        )

    def _delivered(self, incident: int) -> None:
        def look() -> bool | None:
            notices = self.service.incident(incident)["notices"]
            return any(notice["state"] == "sent" for notice in notices) or None

        words = "waiting for the delivery to be recorded"
        self.screen.until(words, look, alive=self.alive, seconds=_PATIENCE)

    def _say(self, role: Role, words: str, style: str = "") -> None:
        self.screen.detail(f"{role.product:<{_WIDTH}}{words}", style)

    def _show(self, message: EmailMessage) -> None:
        lines = [line for line in text_of(message).splitlines() if line.strip()]
        for line in (f"Subject: {message['Subject']}", *lines[:_LINES]):
            self.screen.detail(f"| {line}", "cyan")


def _judged_well(card: Card) -> bool:
    score, lines = card["score"], card["clauses"]
    judged = [line for line in lines if line["outcome"] == "passed"]
    whole = score["failing"] == 0 and card["errored"] == 0
    return bool(judged) and whole and _open_incident(card) == {}


def _in_trouble(card: Card) -> bool:
    return _open_incident(card) != {}


def _open_incident(card: Card) -> Card:
    return next((row for row in card["incidents"] if row["open"]), {})


def _found(role: Role, card: Card) -> str:
    """What was found of a product.

    Raises:
        StoryBroken: it is not what its habit breaks.
    """
    incident = _open_incident(card)
    broken = {line["clause"]: line for line in card["clauses"] if line["outcome"] == "failed"}
    found = {key: line["failed_rows"] for key, line in broken.items()}
    if found != role.habit.breaks:
        raise StoryBroken(f"expected {dict(role.habit.breaks)} to fail, found {found}")
    for line in broken.values():
        column = line["column"] or line["schema"]
        return f"incident {incident['id']}: {column}: {line['reason']}"
    return f"incident {incident['id']}: {card['errored']} promises errored, none called broken"


def _standing(card: Card) -> str:
    score = card["score"]
    passed = sum(line["outcome"] == "passed" for line in card["clauses"])
    quality = "not measured" if score["quality"] is None else f"{points(score['quality'])} of 100"
    return f"score {quality}, assurance {percent(score['assurance'])}, {passed} clauses passed"
