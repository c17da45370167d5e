"""What an expression may hold."""


class Value:
    """
    The objects an expression may hold.

    `items`: ("func", module, node), ("class", info), ("inst", info, exact), ("super", info), ("mod", module) and
    ("ext", dotted name). `fixed`: the language lets nothing else be bound. `complete`: nothing else was seen to be
    possible. `reason`: why it is not complete.
    """

    __slots__ = ("items", "fixed", "complete", "reason")

    def __init__(self, items=(), fixed=False, complete=False, reason=None):
        self.items = frozenset(items)
        self.fixed = fixed
        self.complete = complete
        self.reason = reason

    def loose(self, reason=None):
        """The same items, but others are possible."""
        return Value(self.items, False, False, self.reason or reason)

    def variable(self):
        """The same items, not fixed by the language."""
        return Value(self.items, False, self.complete, self.reason)


def unknown(reason):
    return Value((), False, False, reason)


def one(*item):
    return Value([item], True, True)


def external(name):
    return one("ext", name)


def union(values):
    values = list(values)
    if len(values) == 1:
        return values[0]
    reason = next((value.reason for value in values if value.reason is not None), None)
    items = frozenset().union(*(value.items for value in values)) if values else frozenset()
    return Value(items, False, bool(values) and all(value.complete for value in values), reason)
