"""Names and what binds them, by the scoping rules of the language reference (section 4.2)."""


class Binding:
    """One event that binds a name. `value` is the expression it is bound to, where there is one."""

    __slots__ = ("kind", "node", "value", "scope", "extra")

    def __init__(self, kind, node, scope, value=None, extra=None):
        self.kind = kind  # def class import from param assign other
        self.node = node
        self.scope = scope
        self.value = value
        self.extra = extra


class Scope:
    def __init__(self, kind, node, parent, module):
        self.kind = kind  # module function class comprehension
        self.node = node
        self.parent = parent
        self.module = module
        self.bindings = {}
        self.declared = set()  # annotated without a value
        self.global_names = set()
        self.nonlocal_names = set()
        self.stars = []  # from m import *
        self.returns = []
        self.yields = False
        self.class_node = node if kind == "class" else (parent.class_node if parent is not None else None)

    def lookup(self, name):
        """(scope, bindings) of a name; (None, []) for what only a builtin or something dynamic can provide."""
        scope = self
        while scope is not None:
            if scope.kind == "class" and scope is not self:
                scope = scope.parent
                continue
            if name in scope.global_names:
                scope = scope.module.scope
            if name in scope.bindings or name in scope.declared:
                return scope, scope.bindings.get(name, [])
            if scope.kind == "module":
                return (scope, []) if scope.stars else (None, [])
            scope = scope.parent
        return None, []
