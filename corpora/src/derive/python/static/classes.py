"""What calling a class enters and gives: the outermost layer of what is known about classes."""

from hierarchy import Info
from library import LIBRARY_CLASSES, PLAIN, PLAIN_METACLASSES, is_builtin_class
from members import Members
from value import Value, one, union, unknown


class Classes(Members):
    def instance_of(self, info):
        """What calling a class gives: an instance, unless a metaclass or `__new__` decides otherwise."""
        if self.metaclass(info) != "type":
            return unknown("metaclass")
        order, certain = self.order(info)
        made = any(isinstance(base, Info) and "__new__" in base.scope.bindings for base in order)
        return Value([("inst", info, True)], False, not made and certain, "new" if made else None)

    def metaclass(self, info):
        """"type" when calling a class is what `type` makes of it, else the value called; None when nobody can tell."""
        order, certain = self.order(info)
        for base in order:
            if not isinstance(base, Info):
                if base not in PLAIN and not is_builtin_class(base) and base not in LIBRARY_CLASSES:
                    return None
                continue
            for keyword in base.node.keywords:
                if keyword.arg is None:
                    return None
                if keyword.arg != "metaclass":
                    continue
                value = self.values.of(keyword.value, base.module.scope_of[base.node])
                if len(value.items) != 1 or not value.complete:
                    return None
                (item,) = value.items
                if item[0] == "ext" and item[1] in PLAIN_METACLASSES:
                    continue
                called = self._metaclass_call(item[1]) if item[0] == "class" else None
                if called != "type":
                    return called
        return "type" if certain else None

    def _metaclass_call(self, meta):
        """What `__call__` a metaclass of the corpus has; "type" when only the one it inherits from `type`."""
        order, certain = self.order(meta)
        for base in order:
            if isinstance(base, Info) and "__call__" in base.scope.bindings:
                return self.bound_in(base, "__call__")
            if not isinstance(base, Info) and base not in PLAIN_METACLASSES:
                return None
        return "type" if certain else None

    def constructor(self, info):
        """What calling a class enters: its `__init__`, else the nearest inherited one, else the class itself."""
        meta = self.metaclass(info)
        if meta is None:
            value = self._initialiser(info)
            return value.loose("metaclass")
        if meta != "type":
            return meta.variable()
        value = self._initialiser(info)
        order, _ = self.order(info)
        if any(isinstance(base, Info) and "__new__" in base.scope.bindings for base in order):
            value = value.variable() if value.items != {("class", info)} else value
        if any(own is None or own[0] in order for own in self._init_stores()):
            value = union([value]).loose("attribute-assigned")
        return value

    def _init_stores(self):
        return [self.receiver(receiver, scope) for receiver, _, scope in self.stores.get("__init__", ())]

    def _initialiser(self, info):
        order, certain = self.order(info)
        itself = one("class", info)
        for base in order:
            if isinstance(base, Info):
                value = self.bound_in(base, "__init__")
                if value is not None:
                    value = value if value.items else Value((), False, False, value.reason or "initialiser")
                    return value if certain else value.loose("unknown-base")
            elif base not in PLAIN:
                break
        return itself if certain else itself.loose("unknown-base")
