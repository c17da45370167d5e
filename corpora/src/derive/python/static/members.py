"""What looking a name up on a class, an instance or `super()` gives."""

import ast

from hierarchy import Info
from library import OF_OBJECT, PLAIN, has, may_have
from rewrites import Rewrites, arity_name
from value import Value, external, one, union, unknown

_PROPERTIES = frozenset({"property", "cached_property", "setter", "getter", "deleter", "abstractproperty"})


class Members(Rewrites):
    """Members by the linearisations, and what is assigned to attributes anywhere in the corpus."""

    def __init__(self, values):
        self.stores = {}  # attribute name -> [(receiver, value, scope)]
        self.wild = set()  # files in which attributes with computed names are set
        super().__init__(values)
        for module in values.project.by_file.values():
            for target, value, scope in module.stores:
                name = self.mangled(target.attr, scope)
                self.stores.setdefault(name, []).append((target.value, value, scope))
            for call, scope in module.setattrs:
                key = call.args[1]
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    value = call.args[2] if len(call.args) > 2 else None
                    self.stores.setdefault(key.value, []).append((call.args[0], value, scope))
                else:
                    self.wild.add(module.file)
            if module.dicts:
                self.wild.add(module.file)

    def mangled(self, name, scope):
        """Private names carry the name of the class they are written in (language reference, 6.2.1)."""
        if not name.startswith("__") or name.endswith("__") or scope.class_node is None:
            return name
        return f"_{scope.class_node.name.lstrip('_')}{name}"

    def bound_in(self, info, name):
        """What the class body binds a name to; None when it does not."""
        prefix = f"_{info.node.name.lstrip('_')}"
        plain = name[len(prefix) :] if name.startswith(f"{prefix}__") else name
        bindings = info.scope.bindings.get(plain)
        if not bindings:
            return None
        last = bindings[-1]
        if last.kind == "def" and any(arity_name(decorator) in _PROPERTIES for decorator in last.node.decorator_list):
            return Value((), False, False, "property")
        value = self.values.bindings(bindings, name)
        if last.kind == "assign" and isinstance(last.value, ast.Call) and arity_name(last.value) in ("staticmethod", "classmethod"):
            if last.value.args:
                return self.values.of(last.value.args[0], info.scope)
        for item in value.items:
            if item[0] == "inst" and any(
                not isinstance(base, Info) and base not in PLAIN or isinstance(base, Info) and "__get__" in base.scope.bindings
                for base in self.order(item[1])[0]
            ):
                return unknown("descriptor")
        names = self.rewritten(info)
        return value.loose("metaclass") if names is None or name in names else value

    def found(self, info, name, start=0):
        """What looking a name up along the linearisation gives."""
        order, certain = self.order(info)
        maybe = []
        for base in order[start:]:
            if isinstance(base, Info):
                value = self.bound_in(base, name)
                if value is not None:
                    value = union([*maybe, value])
                    return value if certain else value.loose("unknown-base")
                if name in base.scope.declared:
                    return unknown("declared-only")
                names = self.rewritten(base)
                certain = certain and names is not None and name not in names
            elif may_have(base, name):
                value = external(f"{base}.{name}")
                if has(base, name):
                    value = union([*maybe, value])
                    return value if certain else value.loose("unknown-base")
                maybe.append(value)
        if not certain:
            return union(maybe).loose("unknown-base") if maybe else unknown("unknown-base")
        if name in OF_OBJECT:
            return union([*maybe, external(f"object.{name}")])
        if any(isinstance(base, Info) and base.scope.bindings.keys() & {"__getattr__", "__getattribute__"} for base in order):
            return unknown("getattr-hook")
        return Value(frozenset().union(*(value.items for value in maybe)), False, bool(maybe), None if maybe else "no-such-member")

    def class_member(self, info, name):
        """`C.name` for the class itself."""
        value = self.found(info, name)
        if not value.items and name in ("mro", "__subclasses__", "register", "__new__"):
            return external(f"type.{name}")
        return self._with_stores([info], name, value)

    def instance_member(self, info, name, exact):
        """`object.name` for an instance of the class, or of any class below it."""
        if name in ("__class__", "__dict__"):
            return unknown("reflection")
        family = [info] if exact else self.family(info)
        values = [self.found(member, name) for member in family]
        # A mixin relies on members that only the classes below it have.
        present = [value for value in values if value.reason != "no-such-member" or value.items]
        value = union(present or values[:1])
        value = self._with_stores(family, name, value).variable()
        return value if exact else self._beyond(name, value)

    def _beyond(self, name, value):
        """A class whose bases nobody knows may stand below any other."""
        for info in self.infos.values():
            if name in info.scope.bindings and not self.order(info)[1]:
                return value.loose("unknown-subclass")
        return value

    def super_of(self, call, scope):
        owner = scope
        while owner is not None and not (owner.kind == "function" and owner.parent is not None and owner.parent.kind == "class"):
            owner = owner.parent
        if owner is None or owner.parent.node not in self.infos:
            return unknown("super")
        info = self.infos[owner.parent.node]
        if call.args:
            first = self.values.of(call.args[0], scope)
            if first.items != {("class", info)}:
                return unknown("super")
        return one("super", info)

    def super_member(self, info, name):
        """`super().name`: what comes after the class in the linearisation of every class below it."""
        values = []
        for member in self.family(info):
            order, _ = self.order(member)
            values.append(self.found(member, name, order.index(info) + 1 if info in order else 1))
        present = [value for value in values if value.reason != "no-such-member" or value.items]
        return union(present or values[:1]).variable()

    def _with_stores(self, family, name, value):
        """Adds what is assigned to attributes of that name anywhere."""
        files = {base.module.file for member in family for base in self.order(member)[0] if isinstance(base, Info)}
        related = {base for member in family for base in self.order(member)[0] if isinstance(base, Info)}
        stored = []
        for receiver, written, scope in self.stores.get(name, ()):
            own = self.receiver(receiver, scope)
            if own is not None and own[0] not in related:
                continue
            items = self.values.of(receiver, scope).items
            if items and all(
                item[0] in ("mod", "ext") or (item[0] in ("class", "inst") and item[1] not in related) for item in items
            ):
                continue
            stored.append((written, scope))
        if stored:
            values = [value] if value.items else []
            for written, scope in stored:
                values.append(self.values.of(written, scope) if written is not None else value.loose())
            merged = union(values)
            return merged.loose("attribute-assigned")
        if files & self.wild:
            return value.variable()
        return value

    # --- receivers -------------------------------------------------------------------------------------------

    def receiver(self, node, scope):
        """(class, exact) of `self` or `cls` in a method; None for anything else."""
        if not isinstance(node, ast.Name):
            return None
        owner, bindings = scope.lookup(node.id)
        if owner is None or owner.kind != "function" or len(bindings) != 1 or bindings[0].kind != "param":
            return None
        function = owner.node
        if isinstance(function, ast.Lambda) or owner.parent.kind != "class":
            return None
        arguments = [*function.args.posonlyargs, *function.args.args]
        if not arguments or arguments[0].arg != node.id:
            return None
        names = {arity_name(decorator) for decorator in function.decorator_list}
        if "staticmethod" in names or owner.parent.node not in self.infos:
            return None
        info = self.infos[owner.parent.node]
        if self._is_metaclass(info):
            return None
        return info, False

    def is_class_receiver(self, node, scope):
        """Whether a receiver is `cls`, the class, rather than an instance."""
        owner, _ = scope.lookup(node.id)
        function = owner.node
        names = {arity_name(decorator) for decorator in function.decorator_list}
        return "classmethod" in names or function.name in ("__new__", "__init_subclass__", "__class_getitem__")

    def _is_metaclass(self, info):
        return any(base == "type" or (isinstance(base, str) and base.endswith("Meta")) for base in self.order(info)[0])
