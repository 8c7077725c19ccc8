"""Settings: the only module that reads the environment."""

import os
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from runtime.secret_files import SecretFiles


class Settings(BaseSettings):
    """Everything an operator may set, each as ``ASSAY_<NAME>``; the defaults work at once."""

    model_config = SettingsConfigDict(env_prefix="ASSAY_", frozen=True, extra="ignore")

    data: Path = Field(Path("assay-data"), description="Folder of the embedded database.")
    database_url: SecretStr | None = Field(
        None, description="SQLAlchemy URL of the database; by default SQLite in the data folder."
    )
    database_password: SecretStr | None = Field(
        None, description="Password of the database, where its URL names a user and holds none."
    )
    broker_url: SecretStr = Field(SecretStr("memory://localhost/"), description="Celery broker.")
    host: str = Field("127.0.0.1", description="Address the API listens on.")
    port: int = Field(9250, ge=0, le=65535, description="Port the API listens on.")
    public_url: str | None = Field(
        None, description="Where people reach the service; stands in e-mails and links."
    )
    public_badges: bool = Field(
        default=False, description="Whether badges are shown without a token."
    )
    public_metrics: bool = Field(
        default=False, description="Whether `/metrics` is shown without a token."
    )
    operators: str = Field(
        "",
        description="E-mail addresses and webhooks, parted by commas, that hear of an engine that "
        "fell silent.",
    )
    dead_man_minutes: float = Field(
        5.0,
        ge=0,
        description="Minutes without a sign of life after which operators hear; 0: never.",
    )
    cache_seconds: float = Field(
        1.0, ge=0, le=60, description="How long the hottest answers of the API are kept; 0: not."
    )
    streams: int = Field(
        100, ge=0, description="Runs followed live at once in one API process; 0: none."
    )
    url: str | None = Field(None, description="Service the command line talks to.")
    token: SecretStr | None = Field(None, description="Token the command line shows.")
    profile: str | None = Field(
        None, description="Profile of `assay login` that the command line uses."
    )
    config: Path | None = Field(
        None, description="Folder of the command line's profiles; by default `~/.config/assay`."
    )

    concurrency: int = Field(2, ge=1, le=64, description="Runs at once in one worker.")
    slots: int | None = Field(
        None, ge=1, description="Runs at once over all workers; by default those of one."
    )
    connection_runs: int = Field(4, ge=1, description="Runs at once over one connection.")
    queue_limit: int = Field(
        10_000, ge=1, description="Runs that may wait; from there on the API accepts no more."
    )
    lease_seconds: float = Field(30.0, gt=0, description="A worker's hold on a run without a beat.")
    attempts: int = Field(3, ge=1, description="Claims of one run before it is lost.")
    run_seconds: int = Field(600, ge=1, description="Soft time limit of a run; hard is 10 s more.")
    runs_per_child: int = Field(300, ge=1, description="Runs after which a pool child is renewed.")
    memory_mb: int = Field(1024, ge=64, description="DuckDB memory of a run; it spills beyond.")
    child_memory_mb: int = Field(
        8192, ge=0, description="Address space of a pool child (RLIMIT_AS); 0: unlimited."
    )
    threads: int = Field(2, ge=1, description="DuckDB threads of a run.")
    statement_seconds: float = Field(60.0, gt=0, description="Time limit of one statement.")
    fused: bool = Field(
        default=True, description="Whether an engine asks all its rules for an object at once."
    )

    keep_evidence_days: int = Field(
        28, ge=0, description="Days that samples of failing rows are kept; 0: for ever."
    )
    keep_results_days: int = Field(
        400, ge=0, description="Days that runs and their results are kept; 0: for ever."
    )
    keep_scores_days: int = Field(
        90, ge=0, description="Days behind which one score a day is kept; 0: all are."
    )
    keep_events_days: int = Field(
        90, ge=0, description="Days that events of the feed are kept; 0: for ever."
    )
    keep_notices_days: int = Field(
        180, ge=0, description="Days that notices that were sent are kept; 0: for ever."
    )

    supervisor: int | None = Field(None, description="Parent process to end with (set by ``up``).")

    smtp_host: str | None = Field(None, description="Mail server; without one no e-mail is sent.")
    smtp_port: int = Field(25, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: str = Field(
        "none", pattern="^(none|starttls|tls)$", description="none, starttls or tls."
    )
    smtp_username: str | None = Field(None, description="Login at the mail server.")
    smtp_password: SecretStr | None = Field(None, description="Its password.")
    smtp_sender: str = Field("assay@localhost", description="Sender of e-mails.")

    webhook_secret: SecretStr | None = Field(
        None,
        description="Secret from which each webhook's own is derived, 32 characters or more; "
        "or where it is kept, env:NAME or file:/path.",
    )
    webhook_secret_previous: SecretStr | None = Field(
        None,
        description="The secret before, kept as that one is: while it is set, each webhook is "
        "signed with both.",
    )
    webhook_allow: str = Field(
        "", description="Hosts and networks beside public addresses that webhooks may reach."
    )
    webhook_http: bool = Field(
        default=False, description="Whether webhooks may go over http, without TLS."
    )

    log_format: str = Field("text", pattern="^(text|json)$", description="text or json.")
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least grave log shown."
    )

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put what ``ASSAY_<NAME>_FILE`` names below the variable itself, for every secret."""
        return init_settings, env_settings, SecretFiles(settings_cls, variable)

    @cached_property
    def lease(self) -> timedelta:
        """A worker's hold on a run without a heartbeat."""
        return timedelta(seconds=self.lease_seconds)

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the database, with its password if it has one."""
        if self.database_url is not None:
            url = self.database_url.get_secret_value()
            password = self.database_password
            return url if password is None else _with_password(url, password.get_secret_value())
        return f"sqlite:///{self.data.absolute() / 'assay.db'}"

    @property
    def base_url(self) -> str:
        """Where people reach the service, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def config_folder(self) -> Path:
        """Folder of the command line's profiles."""
        if self.config is not None:
            return self.config
        stated = variable("XDG_CONFIG_HOME")
        return (Path(stated) if stated else Path.home() / ".config") / "assay"

    @property
    def service_url(self) -> str:
        """The service the command line talks to, without a slash at the end."""
        return (self.url or self.base_url).rstrip("/")


def environment(settings: Settings, **overrides: str) -> dict[str, str]:
    """Return the environment of a child that shall see exactly these settings.

    Whatever else this process was given stays; ``overrides`` win. A secret that a file holds stays
    there: no environment shows it.
    """
    filed = SecretFiles(Settings, variable)()
    given = {
        f"ASSAY_{name.upper()}": _plain(value)
        for name, value in settings
        if value is not None and (name not in filed or _plain(value) != filed[name])
    }
    inherited = dict(os.environ)  # noqa: TID251 - here settings are handed on
    return inherited | given | overrides


def is_setting(name: str) -> bool:
    """Whether the variable ``name`` is read as a setting; case does not count."""
    word = name.lower()
    return word.startswith("assay_") and word.removeprefix("assay_") in Settings.model_fields


def is_secret_file(path: Path) -> bool:
    """Whether a setting of the service is kept in the file ``path``."""
    return path.resolve() in SecretFiles(Settings, variable).paths()


def variable(name: str) -> str | None:
    """Return what a variable beside the settings holds; None when it is not set."""
    return os.environ.get(name)  # noqa: TID251 - a connection may keep its secret there


def _with_password(url: str, password: str) -> str:
    """Return ``url`` with the password; as it is where it names no user, or has a password."""
    parts = urlsplit(url)
    user, at, place = parts.netloc.rpartition("@")
    if not user or ":" in user:
        return url
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}{at}{place}"))


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
