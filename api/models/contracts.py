"""Contracts, versions, and what publishing and linting answer."""

from datetime import datetime

from pydantic import ConfigDict, Field

from api.models.base import Shape
from contracts.problems import Level


class ContractProblem(Shape):
    """A problem of a document, as `assay lint` shows it."""

    code: str = Field(description="Stable name of the kind of problem.", examples=["no-owner"])
    pointer: str = Field(description="JSON pointer (RFC 6901) to the place.")
    line: int = Field(description="Line in the text, from 1.")
    column: int = Field(description="Column in the line, from 1, in characters.")
    severity: Level = Field(description="Only an `error` makes a document invalid.")
    message: str


class ContractDocument(Shape):
    """What a contract says, as the Open Data Contract Standard names it."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "apiVersion": "v3.1.0",
                    "kind": "DataContract",
                    "id": "orders",
                    "version": "1.2.0",
                    "status": "active",
                    "schema": [{"name": "orders", "properties": [{"name": "order_id"}]}],
                }
            ]
        },
    )

    id: str
    version: str


class ContractVersion(Shape):
    """A published version; its bytes never change."""

    id: str = Field(description="Id of the contract.", examples=["orders"])
    version: str = Field(examples=["1.2.0"])
    product: str = Field(description="Key of its data product.", examples=["sales.orders"])
    sha256: str = Field(description="Hash of the document's bytes, in hex.")
    media_type: str = Field(examples=["application/yaml"])
    published_at: datetime = Field(description="UTC.")
    published_by: str = Field(description="Name of the token that published it.")
    current: bool = Field(description="Whether it is the version that runs now.")


class ContractLinks(Shape):
    """Where to go from here; paths of this service."""

    contract: str
    document: str = Field(description="The bytes exactly as they were published.")
    product: str
    scorecard: str
    page: str = Field(description="The scorecard as a page for people.")


class PublishedContract(ContractVersion):
    """What publishing did."""

    created: bool = Field(description="False when exactly these bytes were there already.")
    clauses: int = Field(description="Promises in the document.")
    executable: int = Field(description="Promises that runs will judge.")
    warnings: list[ContractProblem]
    next_run: datetime | None = Field(description="Next scheduled run, UTC; null: no schedule.")
    links: ContractLinks


class LintAnswer(Shape):
    """What is to be said about a document."""

    valid: bool = Field(description="Whether it could be published as it is.")
    problems: list[ContractProblem]
