"""Who is in the story: five products of three domains, each with one bad habit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

EXAMPLES: Final = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How a delivery goes wrong.

    Attributes:
        name: One or two words.
        words: What happens to the data, for people.
        rows: What the delivery is made of then, as SQL over ``{good}``, the good rows, of which
            ``place`` is the number by key; empty where nothing is delivered at all.
        breaks: How many rows break which clause, by key; empty where nobody can tell.
    """

    name: str
    words: str
    rows: str = ""
    breaks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A product.

    Attributes:
        product: Its key.
        contract: Its contract, a file.
        table: The table of TPC-H that it delivers, and the key that its rows are counted by.
        owner: Address that is told.
        when: When its contract has it judged, in words.
        asked: Whether its pipeline asks for a run after a delivery, rather than to wait for cron.
    """

    product: str
    contract: Path
    table: str
    key: str
    owner: str
    when: str
    habit: Habit
    asked: bool = False


CAST: Final = (
    Role(
        product="sales.orders",
        contract=EXAMPLES / "orders.odcs.yaml",
        table="orders",
        key="o_orderkey",
        owner="order.desk@example.org",
        when="every 5 s",
        habit=Habit(
            name="null burst",
            words="120 orders come without a customer",
            rows=(
                "SELECT * REPLACE (CASE WHEN place > 120 THEN o_custkey END AS o_custkey)"
                " FROM {good}"
            ),
            breaks={"/schema/orders/properties/o_custkey/required": 120},
        ),
    ),
    Role(
        product="sales.customers",
        contract=EXAMPLES / "customers.odcs.yaml",
        table="customer",
        key="c_custkey",
        owner="customer.care@example.org",
        when="every 5 s",
        habit=Habit(
            name="duplicated",
            words="40 customers come twice",
            rows="FROM {good} UNION ALL FROM {good} WHERE place <= 40",
            breaks={"/schema/customer/primary_key": 80},
        ),
    ),
    Role(
        product="logistics.lineitems",
        contract=EXAMPLES / "lineitems.odcs.yaml",
        table="lineitem",
        key="l_orderkey, l_linenumber",
        owner="freight.office@example.org",
        when="every 5 s",
        habit=Habit(
            name="orphaned",
            words="90 lines belong to orders that nobody placed",
            rows=(
                "SELECT * REPLACE (CASE WHEN place > 90 THEN l_orderkey ELSE -place END"
                " AS l_orderkey) FROM {good}"
            ),
            breaks={"/schema/lineitem/properties/l_orderkey/relationships/orders.o_orderkey": 90},
        ),
    ),
    Role(
        product="procurement.parts",
        contract=EXAMPLES / "parts.odcs.yaml",
        table="part",
        key="p_partkey",
        owner="buying.office@example.org",
        when="every five minutes by cron, and when it asks",
        habit=Habit(
            name="unknown code",
            words="75 parts name a maker that is on no list",
            rows=(
                "SELECT * REPLACE (CASE WHEN place > 75 THEN p_mfgr ELSE 'Manufacturer#9' END"
                " AS p_mfgr) FROM {good}"
            ),
            breaks={"/schema/part/properties/p_mfgr/enum": 75},
        ),
        asked=True,
    ),
    Role(
        product="procurement.suppliers",
        contract=EXAMPLES / "suppliers.odcs.yaml",
        table="supplier",
        key="s_suppkey",
        owner="supplier.desk@example.org",
        when="every 2 s",
        habit=Habit(name="late", words="the suppliers do not arrive"),
    ),
)
