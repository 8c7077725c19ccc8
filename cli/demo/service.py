"""The demo's view of the service: only what any client of the API would see."""

from pathlib import Path
from typing import Any, Final

import httpx2

from cli.demo.screen import StoryBroken

_TIMEOUT: Final = 10.0


class Service:
    """A few calls of the API, each answered as parsed JSON."""

    def __init__(
        self, url: str, token: str, *, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self.url = url
        self._client = httpx2.Client(
            base_url=f"{url}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=_TIMEOUT,
            trust_env=False,
            transport=transport,
        )

    def connect(self, name: str, root: Path) -> None:
        """Name a folder that contracts may read from."""
        self._call("PUT", f"/connections/{name}", json={"source": "files", "roots": [str(root)]})

    def publish(self, contract: Path) -> dict[str, Any]:
        """Publish a contract as it stands in a file."""
        return self._call(
            "POST",
            "/contracts",
            content=contract.read_bytes(),
            headers={"Content-Type": "application/yaml"},
        )

    def scorecard(self, product: str) -> dict[str, Any]:
        """Return a product's card."""
        return self._call("GET", f"/products/{product}/scorecard")

    def gate(self, product: str) -> dict[str, Any]:
        """Return whether a product may be relied on."""
        return self._call("GET", f"/products/{product}/gate")

    def run(self, product: str) -> dict[str, Any]:
        """Ask for a run, as a pipeline does when it has delivered."""
        return self._call("POST", f"/products/{product}/runs")

    def incident(self, incident_id: int) -> dict[str, Any]:
        """Return an incident whole."""
        return self._call("GET", f"/incidents/{incident_id}")

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    # What the API answers is JSON of a documented shape; the demo reads it as any client would.
    def _call(self, method: str, path: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401
        answer = self._client.request(method, path, **given)
        if answer.is_error:
            raise StoryBroken(f"{method} {path} was answered {answer.status_code}: {answer.text}")
        parsed: dict[str, Any] = answer.json()
        return parsed
