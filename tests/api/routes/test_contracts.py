import hashlib
import json

import pytest
import yaml

from api.models.contracts import PublishedContract
from contracts.document import load
from tests.api.guests import Guest, problem_of
from tests.cast import ORDERS

CONTRACTS = "/api/v1/contracts"
SECOND = ORDERS.replace("version: 1.0.0", "version: 1.1.0")
BROKEN = ORDERS.replace("kind: DataContract\n", "")


def named(contract_id: str) -> str:
    return ORDERS.replace("id: orders\n", f"id: {contract_id}\n", 1).replace(
        "dataProduct: orders", f"dataProduct: {contract_id}"
    )


def test_publishing_creates_and_says_where(producer: Guest):
    answer = producer.post(CONTRACTS, content=ORDERS)

    assert answer.status_code == 201
    assert answer.headers["location"] == f"{CONTRACTS}/orders/versions/1.0.0"
    body = PublishedContract.model_validate_json(answer.text)
    assert (body.product, body.created, body.published_by) == ("sales.orders", True, "paul")
    assert body.clauses > body.executable > 0
    assert body.next_run is not None
    assert body.sha256 == hashlib.sha256(ORDERS.encode()).hexdigest()


def test_every_link_of_a_publishing_leads_somewhere(producer: Guest):
    links = producer.post(CONTRACTS, content=ORDERS).json()["links"]

    assert {producer.get(link).status_code for link in links.values()} == {200}


def test_publishing_the_same_bytes_again_changes_nothing(producer: Guest):
    first = producer.post(CONTRACTS, content=ORDERS)

    again = producer.post(CONTRACTS, content=ORDERS)

    assert again.status_code == 200
    assert again.json() == {**first.json(), "created": False}


@pytest.mark.parametrize(
    "media_type", ["application/yaml", "text/yaml", "application/json", "text/plain", None]
)
def test_the_media_type_of_a_document_does_not_matter(producer: Guest, media_type):
    text = json.dumps(yaml.safe_load(ORDERS))
    headers = {"Content-Type": media_type} if media_type else {}

    answer = producer.post(CONTRACTS, content=text.encode(), headers=headers)

    assert answer.status_code == 201
    assert answer.json()["media_type"] == "application/json"


def test_a_document_that_is_no_contract_is_told_line_by_line(producer: Guest):
    answer = producer.post(CONTRACTS, content="id: [\n")

    assert problem_of(answer) == (422, "invalid-contract")
    entry = answer.json()["errors"][0]
    assert set(entry) == {"code", "pointer", "line", "column", "severity", "detail"}
    assert entry["line"] >= 1


def test_an_empty_body_is_no_contract(producer: Guest):
    assert problem_of(producer.post(CONTRACTS, content=b"")) == (422, "invalid-contract")


def test_the_same_version_with_other_bytes_is_refused(producer: Guest):
    producer.post(CONTRACTS, content=ORDERS)

    answer = producer.post(CONTRACTS, content=ORDERS + "# changed\n")

    assert problem_of(answer) == (409, "version-exists")


def test_a_viewer_may_not_publish(viewer: Guest):
    assert problem_of(viewer.post(CONTRACTS, content=ORDERS)) == (403, "forbidden")


def test_a_stranger_may_not_publish_in_anothers_domain(stranger: Guest):
    assert problem_of(stranger.post(CONTRACTS, content=ORDERS)) == (403, "forbidden")


def test_linting_says_all_and_keeps_nothing(viewer: Guest):
    good = viewer.post(f"{CONTRACTS}/lint", content=ORDERS).json()
    bad = viewer.post(f"{CONTRACTS}/lint", content=BROKEN).json()

    assert good["valid"]
    assert not bad["valid"]
    assert bad["problems"][0]["severity"] == "error"
    assert viewer.get(CONTRACTS).json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    "path",
    [
        "/orders/versions/1.0.0/document",
        "/orders/versions/1.0.0",
        "/orders",
    ],
)
def test_the_bytes_come_back_exactly(producer: Guest, path: str):
    body = b"\xef\xbb\xbf# \xc3\xa9\r\n" + ORDERS.replace("\n", "\r\n").encode()
    producer.post(CONTRACTS, content=body)

    plain = {"Accept": "application/yaml", "Accept-Encoding": "identity"}
    answer = producer.get(f"{CONTRACTS}{path}", headers=plain)

    assert answer.content == body
    assert answer.headers["content-type"].startswith("application/yaml")
    assert answer.headers["etag"] == f'"{hashlib.sha256(body).hexdigest()}"'


def test_a_contract_is_described_by_its_current_version(producer: Guest):
    producer.post(CONTRACTS, content=ORDERS)
    producer.post(CONTRACTS, content=SECOND)

    current = producer.get(f"{CONTRACTS}/orders").json()
    first = producer.get(f"{CONTRACTS}/orders/versions/1.0.0").json()
    versions = producer.get(f"{CONTRACTS}/orders/versions").json()["items"]

    assert (current["version"], current["current"]) == ("1.1.0", True)
    assert (first["version"], first["current"]) == ("1.0.0", False)
    assert [row["version"] for row in versions] == ["1.1.0", "1.0.0"]


def test_contracts_are_listed_page_by_page(producer: Guest):
    for contract_id in ("b", "a", "c"):
        assert producer.post(CONTRACTS, content=named(contract_id)).status_code == 201

    first = producer.get(CONTRACTS, params={"limit": 2}).json()
    second = producer.get(CONTRACTS, params={"limit": 2, "after": first["next"]}).json()

    assert [row["id"] for row in first["items"]] == ["a", "b"]
    assert [row["id"] for row in second["items"]] == ["c"]
    assert second["next"] is None


def test_an_id_with_signs_can_be_addressed(producer: Guest):
    answer = producer.post(CONTRACTS, content=named("urn:acme:orders ä"))

    location = answer.headers["location"]

    assert location.startswith(f"{CONTRACTS}/urn%3Aacme%3Aorders%20%C3%A4/")
    assert producer.get(location).json()["id"] == "urn:acme:orders ä"
    assert producer.get(f"{location}/document").status_code == 200


@pytest.mark.parametrize(
    "path", ["/nope", "/nope/versions", "/orders/versions/9.9.9", "/nope/versions/1/document"]
)
def test_what_was_never_published_is_not_found(producer: Guest, path: str):
    producer.post(CONTRACTS, content=ORDERS)

    assert problem_of(producer.get(f"{CONTRACTS}{path}")) == (404, "not-found")


AS_JSON = json.dumps(yaml.safe_load(ORDERS))
DOCUMENT = f"{CONTRACTS}/orders/versions/1.0.0/document"


@pytest.mark.parametrize("accept", ["application/json", "application/yaml;q=0.1, application/json"])
def test_a_contract_published_as_yaml_can_be_read_as_json(producer: Guest, accept: str):
    producer.post(CONTRACTS, content=ORDERS)

    answer = producer.get(DOCUMENT, headers={"Accept": accept})

    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == json.loads(AS_JSON)


@pytest.mark.parametrize(
    "path", [DOCUMENT, f"{CONTRACTS}/orders", f"{CONTRACTS}/orders/versions/1.0.0"]
)
@pytest.mark.parametrize(
    "accept", ["application/yaml", "text/yaml", "application/*;q=0.5, application/json;q=0.1"]
)
def test_a_contract_published_as_json_can_be_read_as_yaml(producer: Guest, path: str, accept: str):
    producer.post(CONTRACTS, content=AS_JSON)

    answer = producer.get(path, headers={"Accept": accept})

    assert answer.headers["content-type"].startswith("application/yaml")
    assert load(answer.content).value == load(AS_JSON.encode()).value
    published = hashlib.sha256(AS_JSON.encode()).hexdigest()
    assert published not in answer.headers["etag"]


@pytest.mark.parametrize("accept", ["", "*/*", "application/*", "text/html, */*;q=0.8"])
@pytest.mark.parametrize("text", [ORDERS, AS_JSON])
def test_without_a_wish_the_bytes_are_given_as_published(producer: Guest, text: str, accept: str):
    producer.post(CONTRACTS, content=text)

    answer = producer.get(DOCUMENT, headers={"Accept": accept})

    assert answer.text == text


@pytest.mark.parametrize(
    "path", [DOCUMENT, f"{CONTRACTS}/orders", f"{CONTRACTS}/orders/versions/1.0.0"]
)
@pytest.mark.parametrize("accept", ["text/html", "image/png", "application/*;q=0"])
def test_a_form_that_there_is_not_is_refused_with_those_that_there_are(
    producer: Guest, path: str, accept: str
):
    producer.post(CONTRACTS, content=ORDERS)

    answer = producer.get(path, headers={"Accept": accept})

    assert problem_of(answer) == (406, "not-acceptable")
    assert sorted(answer.json()["offers"]) == ["application/json", "application/yaml"]


def test_contracts_are_listed_by_product_and_by_domain(producer: Guest, admin: Guest):
    producer.post(CONTRACTS, content=named("a"))
    producer.post(CONTRACTS, content=named("b"))
    admin.post(CONTRACTS, content=named("c").replace("domain: sales", "domain: logistics"))

    def listed(**wanted: str) -> list[str]:
        return [row["id"] for row in producer.get(CONTRACTS, params=wanted).json()["items"]]

    assert listed(product="sales.b") == ["b"]
    assert listed(domain="sales") == ["a", "b"]
    assert listed(domain="logistics") == ["c"]
    assert listed(domain="sales", after="a") == ["b"]
    assert listed(domain="sales", product="logistics.c") == []


@pytest.mark.parametrize(
    ("path", "member"), [(CONTRACTS, "warnings"), (f"{CONTRACTS}/lint", "problems")]
)
def test_what_could_never_be_judged_is_told_everywhere(producer: Guest, path, member):
    unreadable = ORDERS.replace(
        "enum: [{value: open}, {value: done}]",
        'logicalTypeOptions: {pattern: "(?=x)"}',
    )

    told = producer.post(path, content=unreadable).json()

    assert "bad-regex" in {problem["code"] for problem in told[member]}
