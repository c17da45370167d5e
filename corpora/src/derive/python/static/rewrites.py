"""What metaclasses and `__init_subclass__` bind anew in a class while it is made."""

import ast

from hierarchy import Hierarchy, Info


class Rewrites(Hierarchy):
    def __init__(self, values):
        self.rewrites = {}
        super().__init__(values)

    def forget(self):
        super().forget()
        self.rewrites.clear()

    def rewritten(self, info):
        """The names that metaclasses and `__init_subclass__` bind anew in a class; None when it may be any."""
        if info not in self.rewrites:
            self.rewrites[info] = set()  # While its metaclass is looked up.
            self.rewrites[info] = self._rewritten(info)
        return self.rewrites[info]

    def _rewritten(self, info):
        names = set()
        for maker, position in self._makers(info):
            found = self._written_by(maker, position)
            if found is None:
                return None
            names |= found
        return names

    def _makers(self, info):
        """The functions that see a class while it is made, each with the position of the namespace it is given."""
        for base in self.order(info)[0]:
            if not isinstance(base, Info):
                continue
            if base is not info:
                yield from ((one, None) for one in _functions(base, ("__init_subclass__",)))
            for keyword in base.node.keywords:
                if keyword.arg != "metaclass":
                    continue
                for item in self.values.of(keyword.value, base.module.scope_of[base.node]).items:
                    for meta in self.order(item[1])[0] if item[0] == "class" else ():
                        if isinstance(meta, Info):
                            yield from ((one, 3) for one in _functions(meta, ("__new__", "__init__")))

    def _written_by(self, maker, position):
        scope, node = maker
        arguments = [*node.args.posonlyargs, *node.args.args]
        namespace = arguments[position].arg if position is not None and position < len(arguments) else None
        names = set()
        for inner in ast.walk(node):
            key = value = None
            if isinstance(inner, ast.Assign) and _is_item_of(inner.targets[0], namespace):
                key, value = inner.targets[0].slice, inner.value
            elif isinstance(inner, ast.Call) and arity_name(inner) == "setattr" and len(inner.args) == 3:
                key, value = inner.args[1:]
            elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr == "update":
                if isinstance(inner.func.value, ast.Name) and inner.func.value.id == namespace:
                    return None
            if isinstance(key, ast.Constant):
                names.add(key.value)
            elif key is not None:
                held = self.values.of(value, scope)
                if not held.complete or any(item[0] != "ext" for item in held.items):
                    return None
        return names


def _functions(info, names):
    for name in names:
        for binding in info.scope.bindings.get(name, ()):
            if binding.kind == "def":
                yield info.module.inner[binding.node], binding.node


def _is_item_of(target, name):
    return isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and target.value.id == name


def arity_name(node):
    """The last name of a decorator or callee, with or without arguments."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
