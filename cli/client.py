"""The service over HTTP: one call, its JSON, or an error that says what to do."""

import re
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Final, TypeAlias

import httpx2
from pydantic import BaseModel, ValidationError

from cli.errors import BadUsage, CliError, NotThere, Refused, ServiceFault, Unanswered
from cli.options import service
from contracts.problems import Level, Problem
from contracts.values import Json
from runtime.settings import Settings

API: Final = "/api/v1"
Query: TypeAlias = Mapping[str, str | int | bool | Sequence[str]]
_CONNECT: Final = 5.0  # seconds for reaching the service
_TIMEOUT: Final = httpx2.Timeout(30.0, connect=_CONNECT)
_KEY: Final = "Idempotency-Key"
_STREAM: Final = "text/event-stream"
_PATIENCE: Final = 30  # seconds in which what was asked for twice is waited for
_LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}
_SCHEMES: Final = {"http", "https"}
_NUMBER: Final = re.compile(r"^\[Errno -?\d+\] ")
_CONFLICTS: Final = {"product-taken", "version-exists", "version-too-low"}
_STILL_WORKING: Final = b"urn:assay:problem:still-working"
_PASSING: Final = {  # what another try may find better
    httpx2.codes.TOO_MANY_REQUESTS,
    httpx2.codes.BAD_GATEWAY,
    httpx2.codes.SERVICE_UNAVAILABLE,
    httpx2.codes.GATEWAY_TIMEOUT,
}
_WRONG: Final = {httpx2.codes.CONFLICT, httpx2.codes.BAD_REQUEST, httpx2.codes.GONE}


class InvalidThere(Refused):
    """The service says that a document is no contract; ``problems`` are all that it found."""

    def __init__(self, message: str, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(message)


class _Entry(BaseModel):
    code: str = "invalid"
    pointer: str = ""
    line: int | None = None
    column: int | None = None
    severity: Level = Level.ERROR
    detail: str = ""


class _Trouble(BaseModel):
    """A problem document (RFC 9457) as the service writes it."""

    type: str = ""
    detail: str = ""
    errors: list[_Entry] = []

    @property
    def code(self) -> str:
        return self.type.rpartition(":")[2]


class Client:
    """Calls of the service's API. Close it, or use ``connect``."""

    def __init__(self, http: httpx2.Client, url: str, *, has_token: bool) -> None:
        self._http = http
        self._url = url
        self._has_token = has_token

    def get(self, path: str, query: Query | None = None) -> Json:
        """Return what the service answers to a question.

        Raises:
            CliError: It does not answer, does not let us in, or has no such thing.
        """
        return self._answer(self._ask("GET", path, params=query))

    def document(self, path: str) -> bytes:
        """Return a document's bytes as they are. Raises as ``get`` does."""
        return self._ask("GET", path, headers={"Accept": "*/*"}).content

    def post(self, path: str, document: Json = None) -> Json:
        """Ask for something to be done, once: what gets lost on the way is sent again.

        Raises as ``get`` does.
        """
        return self._answer(self._ask("POST", path, json=document))

    def patch(self, path: str, document: Json) -> Json:
        """Change something. Raises as ``get`` does."""
        return self._answer(self._ask("PATCH", path, json=document))

    def put(self, path: str, document: Json) -> Json:
        """Keep something under its name. Raises as ``get`` does."""
        return self._answer(self._ask("PUT", path, json=document))

    def delete(self, path: str) -> Json:
        """Take something away. Raises as ``get`` does."""
        return self._answer(self._ask("DELETE", path))

    @contextmanager
    def listen(self, path: str, *, silence: float) -> Iterator[Iterator[str]]:
        """Open a stream of server-sent events, and give its lines as they come.

        Args:
            path: Where it is.
            silence: Seconds without a line after which the connection counts as lost.

        Raises:
            Unanswered: The connection cannot be had, or is lost while the block runs.
            ServiceFault: What is there is no stream.
            CliError: As ``get``.
        """
        headers = {"Accept": _STREAM}
        timeout = httpx2.Timeout(silence, connect=_CONNECT)
        try:
            with self._http.stream("GET", API + path, headers=headers, timeout=timeout) as answer:
                if not answer.is_success:
                    answer.read()
                    raise self._trouble(answer)
                if not answer.headers.get("Content-Type", "").startswith(_STREAM):
                    raise ServiceFault(f"what is at {self._url} gives no stream")
                yield answer.iter_lines()
        except httpx2.TransportError as error:
            raise self._silent(error) from error

    def upload(self, path: str, body: bytes) -> Json:
        """Hand over a document as it is.

        Raises:
            InvalidThere: It is no contract.
            Refused: It stands against what was published.
            CliError: As ``get``.
        """
        is_json = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
        media = "application/json" if is_json else "application/yaml"
        headers = {"Content-Type": media}
        return self._answer(self._ask("POST", path, content=body, headers=headers))

    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Query | None = None,
        json: Json = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        key = {_KEY: str(uuid.uuid4())} if method == "POST" else {}
        try:
            request = self._http.build_request(
                method,
                API + path,
                params=params,
                json=json,
                content=content,
                headers={**key, **(headers or {})},
            )
            response = self._sent(request)
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            raise self._silent(error) from error
        if response.is_success:
            return response
        raise self._trouble(response)

    def _sent(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request; a POST that got lost once more, with its key: it is done once."""
        try:
            return self._http.send(request)
        except httpx2.TransportError:
            if request.method != "POST":
                raise
        response = self._http.send(request)
        for _ in range(_PATIENCE):
            if _STILL_WORKING not in response.content or response.is_success:
                break
            time.sleep(1)
            response = self._http.send(request)
        return response

    def _silent(self, error: Exception) -> ServiceFault:
        if isinstance(error, httpx2.TimeoutException):
            why = "it did not answer in time"
        else:
            why = reason(error)
        kind = Unanswered if isinstance(error, httpx2.TransportError) else ServiceFault
        return kind(
            f"no service answers at {self._url} ({why}); start one with 'assay up', "
            "or set ASSAY_URL to where it runs"
        )

    def _answer(self, response: httpx2.Response) -> Json:
        if not response.content:
            return None
        try:
            answer: Json = response.json()
        except ValueError as error:
            raise ServiceFault(
                f"what answers at {self._url} is no Assay service; set ASSAY_URL to where one runs"
            ) from error
        return answer

    def _trouble(self, response: httpx2.Response) -> CliError:
        trouble = _trouble_in(response)
        detail = trouble.detail or f"status {response.status_code}"
        status = response.status_code
        if status == httpx2.codes.UNAUTHORIZED:
            return self._locked_out()
        if status == httpx2.codes.FORBIDDEN:
            return ServiceFault(f"{detail}; use a token that may, in ASSAY_TOKEN")
        if status == httpx2.codes.UNPROCESSABLE_CONTENT:
            return _unprocessable(trouble, detail)
        if status == httpx2.codes.NOT_FOUND:
            return NotThere(detail)
        if status in _WRONG:
            return _conflict(trouble, detail)
        kind = Unanswered if status in _PASSING else ServiceFault
        return kind(f"the service at {self._url} could not answer: {detail}")

    def _locked_out(self) -> ServiceFault:
        if self._has_token:
            why = "does not know the token that it was shown, or it expired or was revoked"
        else:
            why = "wants a token: 'assay login' keeps one, or set ASSAY_TOKEN"
        return ServiceFault(
            f"the service at {self._url} {why}; an administrator gives one out with "
            "'assay token create NAME --role ROLE'"
        )


@contextmanager
def connect() -> Iterator[Client]:
    """Open a client for the service that the settings name; closed when the block ends."""
    with connected(service()) as client:
        yield client


@contextmanager
def connected(read: Settings) -> Iterator[Client]:
    """Open a client as ``connect`` does, for the service and the token in ``read``."""
    with create_http(read) as http:
        yield Client(http, read.service_url, has_token="Authorization" in http.headers)


def create_http(read: Settings) -> httpx2.Client:
    """Build the HTTP client; connects to nothing yet. No proxy is used to reach this machine."""
    headers = {"User-Agent": f"assay/{version('assay')}", "Accept": "application/json"}
    if token := _token(read):
        headers["Authorization"] = f"Bearer {token}"
    try:
        url = httpx2.URL(read.service_url)
    except httpx2.InvalidURL as error:
        raise BadUsage(f"ASSAY_URL is no address: {error}") from error
    if url.scheme not in _SCHEMES:
        raise BadUsage("ASSAY_URL must begin with http:// or https://")
    return httpx2.Client(
        base_url=url, headers=headers, timeout=_TIMEOUT, trust_env=url.host not in _LOOPBACK
    )


def reason(error: Exception) -> str:
    """Return what stopped a connection, in words, such as ``connection refused``."""
    return _NUMBER.sub("", str(error)).lower() or type(error).__name__


def _token(read: Settings) -> str:
    """Return the secret to show; empty where none is set.

    Raises:
        BadUsage: It is something that no request can carry.
    """
    secret = read.token.get_secret_value().strip() if read.token else ""
    if not (secret.isascii() and secret.isprintable()):
        raise BadUsage("ASSAY_TOKEN holds characters that no token has")
    return secret


def _trouble_in(response: httpx2.Response) -> _Trouble:
    """Return what an answer tells; nothing where it is no problem document."""
    try:
        return _Trouble.model_validate_json(response.content)
    except ValidationError:
        return _Trouble()


def _conflict(trouble: _Trouble, detail: str) -> CliError:
    return Refused(detail) if trouble.code in _CONFLICTS else BadUsage(detail)


def _unprocessable(trouble: _Trouble, detail: str) -> CliError:
    if trouble.code == "invalid-contract":
        return InvalidThere(detail, tuple(_problem(entry) for entry in trouble.errors))
    told = "; ".join(f"{entry.pointer}: {entry.detail}" for entry in trouble.errors)
    return BadUsage(told or detail)


def _problem(entry: _Entry) -> Problem:
    return Problem(
        code=entry.code,
        pointer=entry.pointer,
        line=entry.line or 1,
        column=entry.column or 1,
        severity=entry.severity,
        message=entry.detail,
    )
