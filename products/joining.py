"""Whether a contract may come to a product that stands already. Names alike fold into one key."""

from collections.abc import Iterable

from products.model import Port, Product


def stranger_to(standing: Product, ports: Iterable[Port], *, wanted: Product, port: Port) -> bool:
    """Whether ``port`` would come to a product that it does not call by its domain and name.

    Several contracts may be ports of one product, where each says the same domain and the same
    name. Another spelling with the same key, such as ``Orders!`` beside ``orders``, may mean
    another product, or stand in a domain with other rights: it must not take over the first.

    Args:
        standing: The product at the key, as it is kept.
        ports: All of its ports; where none is left, it belongs to nobody.
        wanted: The product as the contract behind ``port`` calls it.
        port: Of the contract that comes.
    """
    there = {each.contract_id for each in ports}
    if not there or port.contract_id in there:
        return False
    return (standing.domain, standing.name) != (wanted.domain, wanted.name)
