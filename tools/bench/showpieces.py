"""The contracts of the showroom."""

import textwrap
from collections.abc import Mapping
from typing import Final

from products.model import product_key

LARGE: Final = "large"
_HEAD: Final = """\
apiVersion: v3.2.0
kind: DataContract
id: {id}
name: {id}
version: {version}
status: active
domain: {domain}
dataProduct: {id}
description:
  purpose: {purpose}
team:
  name: {team}
support:
  - channel: {team}
    tool: email
    url: mailto:{mail}
    scope: notifications
servers:
  - server: lake
    type: local
    path: "{{model}}.parquet"
    format: parquet
    customProperties: [{{property: connection, value: lake}}]
customProperties:
  - property: assaySchedule
    value: {schedule}
  - property: assayJitter
    value: 0
"""
_ORDERS_HEAD: Final = """\
apiVersion: v3.2.0
kind: DataContract
id: orders
name: orders
version: 2.2.0
status: active
domain: commerce
dataProduct: orders
description:
  purpose: One row per confirmed order, net of cancellations. Source of truth for revenue reporting.
team:
  name: Checkout Data
  members:
    - username: olga@example.org
      role: owner
support:
  - channel: Checkout Data
    tool: email
    url: mailto:checkout@example.org
    scope: notifications
  - channel: "#checkout-data"
    tool: slack
    url: https://example.org/slack/checkout-data
    scope: issues
servers:
  - server: lake
    type: local
    path: "{model}.parquet"
    format: parquet
    customProperties: [{property: connection, value: lake}]
customProperties:
  - property: assaySchedule
    value: "0 6 * * *"
  - property: assayTimezone
    value: Europe/Berlin
  - property: assayTarget
    value: 95
slaProperties:
  - property: freshness
    value: 60
    unit: min
    element: orders.loaded_at
  - property: retention
    value: 2
    unit: y
    element: orders.event_time
  - property: timeToRepair
    value: 8
    unit: h
"""
_ORDERS_SCHEMA: Final = """\
schema:
  - name: orders
    physicalName: fct_orders
    description: Confirmed orders.
    properties:
      - name: order_id
        description: Number of the order.
        logicalType: string
        required: true
        unique: true
        primaryKey: true
        primaryKeyPosition: 1
        logicalTypeOptions: {pattern: "^ord_[0-9a-f]{5}$", maxLength: 9}
      - name: customer_id
        description: Who ordered.
        logicalType: string
        required: true
      - name: net_amount
        description: Price without tax, in the currency of the order.
        logicalType: number
        required: true
        logicalTypeOptions: {minimum: 0, maximum: 50000}
      - name: currency
        description: ISO 4217.
        logicalType: string
        enum: [{value: EUR}, {value: USD}, {value: GBP}, {value: CHF}]
      - name: event_time
        logicalType: timestamp
        required: true
      - name: loaded_at
        logicalType: timestamp
    quality:
      - id: some-rows
        description: There are orders every day.
        metric: rowCount
        mustBeGreaterThan: 1000
      - id: loaded-in-time
        description: At most one order in a hundred arrives more than an hour late.
        type: sql
        query: SELECT count(*) FROM {object} WHERE loaded_at > event_time + INTERVAL 1 HOUR
        mustBeLessThan: 12849
        severity: warning
        dimension: completeness
      - id: customer-exists
        description: Every order names a customer we know.
        type: sql
        query: SELECT count(*) FROM {object} WHERE customer_id IS NULL
        mustBe: 0
        dimension: consistency
      - id: kind
        type: text
        description: Cancelled orders leave within a day.
  - name: order_lines
    physicalName: fct_order_lines
    description: What was ordered.
    properties:
      - name: order_id
        logicalType: string
        required: true
      - name: sku
        logicalType: string
        required: true
        logicalTypeOptions: {minLength: 3}
      - name: quantity
        logicalType: integer
        logicalTypeOptions: {minimum: 1, maximum: 99}
    quality:
      - id: line-once
        description: No product stands twice in one order.
        metric: duplicateValues
        arguments: {properties: [order_id, sku]}
        mustBe: 0
"""
_SECOND: Final = _ORDERS_HEAD.replace("2.2.0", "2.3.0")
ORDERS: Final = (_ORDERS_HEAD + _ORDERS_SCHEMA, _SECOND + _ORDERS_SCHEMA)
_TABLE: Final = """\
schema:
  - name: {id}
    properties:
      - name: id
        logicalType: integer
        required: true
        unique: true
      - name: amount
        logicalType: number
        logicalTypeOptions: {{minimum: 0}}
    quality:
      - id: balance
        description: Debit and credit are equal.
        type: sql
        query: SELECT count(*) FROM {{object}} WHERE amount < 0
        mustBe: 0
        severity: critical
"""


def _small(name: str, domain: str, purpose: str, team: str, *, schedule: str = "every 1d") -> str:
    said = {"id": name, "domain": domain, "purpose": purpose, "team": team, "schedule": schedule}
    return _HEAD.format(version="1.0.0", mail=f"{name}@example.org", **said) + _TABLE.format(
        id=name
    )


QUIET: Final[Mapping[str, str]] = {
    "freight": _small("freight", "logistics", "Every shipment and where it is.", "Freight office"),
    "ledger": _small("ledger", "finance", "All bookings of the group.", "Group accounting"),
    "rates": _small("rates", "finance", "Exchange rates of the day.", "Treasury"),
    "panel": _small("panel", "research", "Answers of the yearly panel.", "Insights"),
    "returns": _small("returns", "commerce", "What came back, and why.", "Checkout Data"),
}
_NASTY_NAME: Final = "<b>Wares</b> مرحبا 🚚"
NASTY: Final = product_key("commerce", _NASTY_NAME)
_LONG: Final = "a_column_whose_name_goes_on_and_on_" * 5 + "to_the_two_hundredth_letter"


def nasty_contract() -> str:
    """A contract whose names do what they can to break a page."""
    head = _HEAD.format(
        id="nasty",
        version="1.0.0",
        domain="commerce",
        purpose="'<script>alert(1)</script> مرحبا بالعالم \"quoted\" & 🚚🚚'",
        team="'<b>Wares & Söhne</b> 🚚'",
        mail="nasty@example.org",
        schedule="every 1d",
    ).replace("dataProduct: nasty", f"dataProduct: '{_NASTY_NAME}'")
    return head + textwrap.dedent(f"""\
        schema:
          - name: {_LONG}
            properties:
              - name: {_LONG}
                description: "{"long words " * 30}"
                logicalType: string
                required: true
              - name: السعر
                logicalType: string
                enum: [{{value: "<i>open</i>"}}, {{value: "مفتوح"}}, {{value: "🚚"}}]
              - name: "<img src=x onerror=alert(1)>"
                logicalType: integer
        """)


def large_contract(clauses: int) -> str:
    """A contract of about as many clauses: four for each column of objects of 25 columns."""
    head = _HEAD.format(
        id=LARGE,
        version="1.0.0",
        domain="bench",
        purpose="A product with many promises.",
        team="Bench",
        mail="bench@example.org",
        schedule="every 1d",
    )
    columns = max(1, clauses // 4)
    parts = [_object(start, min(25, columns - start)) for start in range(0, columns, 25)]
    return head + "schema:\n" + "".join(parts)


def _object(start: int, count: int) -> str:
    columns = "".join(_column(start + place) for place in range(count))
    return f"  - name: part_{start // 25 + 1}\n    properties:\n{columns}"


def _column(place: int) -> str:
    return (
        f"      - name: c{place:03}\n"
        f"        description: Measure {place} of the plant.\n"
        "        logicalType: integer\n"
        "        required: true\n"
        "        logicalTypeOptions: {minimum: 0}\n"
    )
