"""What is reached over the network: the service and the mail server."""

import smtplib
from typing import Final

import httpx2

from cli.client import API, create_http, reason
from cli.probes.finding import Finding, State
from runtime.settings import Settings

_PATIENCE: Final = 3.0  # seconds


def service(settings: Settings) -> Finding:
    """Whether the service answers and is whole, and lets this token in."""
    url = settings.service_url
    try:
        with create_http(settings) as http:
            ready = http.get("/health/ready", timeout=_PATIENCE)
            inside = http.get(f"{API}/products?limit=1", timeout=_PATIENCE)
    except httpx2.TransportError as error:
        return Finding(
            name="service",
            state=State.WARN if settings.url is None else State.FAIL,
            detail=f"nothing answers at {url}: {reason(error)}",
            advice="start it with 'assay up', or set ASSAY_URL to where it runs",
        )
    if not ready.is_success:
        return Finding(
            name="service",
            state=State.FAIL,
            detail=f"{url} answers, but is not ready: status {ready.status_code}",
            advice="see its logs, and the lines about database and engine here",
        )
    if settings.token is not None and inside.status_code == httpx2.codes.UNAUTHORIZED:
        return Finding(
            name="service",
            state=State.FAIL,
            detail=f"{url} is ready, but does not know this token",
            advice="set ASSAY_TOKEN to one that is open",
        )
    return Finding(name="service", state=State.OK, detail=f"{url} is ready")


def mail(settings: Settings) -> Finding:
    """Whether there is a mail server, and whether it answers. Nobody logs in, nothing is sent."""
    if settings.smtp_host is None:
        return Finding(
            name="mail",
            state=State.WARN,
            detail="no mail server is set here: a service started so tells no owner of incidents",
            advice="set ASSAY_SMTP_HOST",
        )
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    kind = smtplib.SMTP_SSL if settings.smtp_security == "tls" else smtplib.SMTP
    try:
        with kind(settings.smtp_host, settings.smtp_port, timeout=_PATIENCE) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Finding(
            name="mail",
            state=State.FAIL,
            detail=f"{where} does not answer: {reason(error)}",
            advice="see that it runs, and that the ASSAY_SMTP_ settings fit it",
        )
    return Finding(name="mail", state=State.OK, detail=f"{where} answers")
