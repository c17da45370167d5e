"""The classes of a corpus and how they stand above and below each other."""

import ast


class Info:
    """A class of the corpus."""

    def __init__(self, module, node):
        self.module = module
        self.node = node
        self.scope = module.inner[node]
        self.below = []  # direct subclasses


class Hierarchy:
    """Bases and linearisations; what a base is called is looked up in `values`, which may know it only later."""

    def __init__(self, values):
        self.values = values
        self.infos = {}
        self.orders = {}
        for module in values.project.by_file.values():
            for node in module.inner:
                if isinstance(node, ast.ClassDef):
                    self.info(module, node)
        self.linked = False

    def info(self, module, node):
        found = self.infos.get(node)
        if found is None:
            found = self.infos[node] = Info(module, node)
        return found

    def _link(self):
        if not self.linked:
            self.linked = True
            for info in list(self.infos.values()):
                for base in self.bases(info)[0]:
                    if isinstance(base, Info):
                        base.below.append(info)

    def forget(self):
        """Forgets what was concluded while not all writes were known."""
        self.orders.clear()
        self.linked = False
        for info in self.infos.values():
            info.below.clear()

    def bases(self, info):
        """(bases, whether all are known): classes of the corpus, or dotted names of others."""
        scope = info.module.scope_of[info.node]
        found, certain = [], True
        for node in info.node.bases:
            while isinstance(node, ast.Subscript):
                node = node.value
            if isinstance(node, ast.Starred):
                certain = False
                continue
            value = self.values.of(node, scope)
            if len(value.items) != 1 or not value.complete:
                certain = False
            for item in value.items:
                if item[0] == "class":
                    found.append(item[1])
                elif item[0] == "ext":
                    found.append(item[1])
        return found, certain

    def order(self, info):
        """(linearisation, whether it is certain), by C3 (language reference, 3.3.3.1)."""
        known = self.orders.get(info)
        if known is not None:
            return known
        self.orders[info] = ([info], False)
        bases, certain = self.bases(info)
        sequences = []
        for base in bases:
            if isinstance(base, Info):
                order, sure = self.order(base)
                certain = certain and sure
                sequences.append(list(order))
            else:
                sequences.append([base])
        merged, consistent = _merge([*sequences, list(bases)])
        self.orders[info] = ([info, *merged], certain and consistent)
        return self.orders[info]

    def family(self, info):
        """A class and all classes of the corpus below it."""
        self._link()
        found, pending = {}, [info]
        while pending:
            member = pending.pop()
            if member not in found:
                found[member] = True
                pending.extend(member.below)
        return list(found)


def _merge(sequences):
    result, consistent = [], True
    while True:
        sequences = [sequence for sequence in sequences if sequence]
        if not sequences:
            return result, consistent
        for sequence in sequences:
            head = sequence[0]
            if not any(head in other[1:] for other in sequences):
                break
        else:
            head, consistent = sequences[0][0], False
        result.append(head)
        sequences = [[item for item in sequence if item != head] for sequence in sequences]
