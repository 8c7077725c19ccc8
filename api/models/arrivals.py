"""Data that came, as a pipeline says so, and as OpenLineage does."""

from typing import Annotated, Final

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.models.base import Moment, Shape, Word
from api.models.runs import RunDocument

_LONG: Final = 2000
_MANY: Final = 1000
_START: Final = "2026-11-19T00:00:00Z"
_END: Final = "2026-11-20T00:00:00Z"
Name = Annotated[Word, Field(min_length=1, max_length=_LONG)]


class ArrivedData(Shape):
    """Data of a product, or of one contract, that came."""

    product: Name | None = Field(
        None, description="Its key; this or `contract`.", examples=["sales.orders"]
    )
    contract: Name | None = Field(None, description="Its id; this or `product`.", examples=[None])
    start: Moment | None = Field(
        None, description="Where the data begins; left out: all up to `end`.", examples=[_START]
    )
    end: Moment | None = Field(
        None, description="Where it ends; left out: now. It is not ahead.", examples=[_END]
    )
    objects: list[Name] = Field(
        [],
        max_length=_MANY,
        description="What came, by name; left out: everything. Contracts without any of it are "
        "left alone.",
        examples=[["orders"]],
    )


class OpenShape(Shape):
    """A part of an OpenLineage event: what is not read here may stand there as well."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class NominalTime(OpenShape):
    """The slice of data that a run of a job is about."""

    nominal_start_time: Moment = Field(examples=[_START])
    nominal_end_time: Moment | None = Field(None, examples=[_END])


class RunFacets(OpenShape):
    """What is told of a run of a job beside its id."""

    nominal_time: NominalTime | None = None


class JobRun(OpenShape):
    """A run of a job."""

    run_id: Name = Field(examples=["3f5e83fa-3480-44ff-99c5-ff943904e5e8"])
    facets: RunFacets | None = None


class Job(OpenShape):
    """A job by name."""

    namespace: Name = Field(examples=["airflow"])
    name: Name = Field(examples=["load.orders"])


class OutputDataset(OpenShape):
    """What a job wrote, by OpenLineage's name."""

    namespace: Name = Field(examples=["postgres://db.example.org:5432"])
    name: Name = Field(examples=["shop.public.orders"])


class LineageEvent(OpenShape):
    """An OpenLineage event, of which this much is read."""

    event_time: Moment
    event_type: Annotated[Word, Field(max_length=40)] | None = Field(
        None, description="`COMPLETE` asks for runs.", examples=["COMPLETE"]
    )
    run: JobRun | None = None
    job: Job | None = None
    outputs: list[OutputDataset] | None = Field(None, max_length=_MANY)


class NamedOutput(Shape):
    """An output of the event."""

    namespace: str = Field(examples=["s3://landing"])
    name: str = Field(examples=["raw/orders"])


class IgnoredPart(Shape):
    """What made no run."""

    output: NamedOutput | None = Field(description="Null: the event as a whole.")
    reason: str = Field(examples=["no contract is about this dataset"])


class LineageAnswer(Shape):
    """What came of an event."""

    runs: list[RunDocument] = Field(description="Queued, or joined while they wait.")
    ignored: list[IgnoredPart]
