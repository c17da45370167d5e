"""Class hierarchies: linearisation, members, constructors."""

import ast
import builtins

from value import Value, external, one, union, unknown

# Classes outside the corpus that leave calling a class as `type` has it, and define nothing of their own beside
# dunder methods.
_PLAIN = frozenset(
    """
    object abc.ABC typing.Generic typing.Protocol typing_extensions.Protocol typing.NamedTuple Generic
    """.split()
)


class Info:
    """A class of the corpus."""

    def __init__(self, module, node):
        self.module = module
        self.node = node
        self.scope = module.inner[node]
        self.below = []  # direct subclasses


class Classes:
    def __init__(self, values):
        self.values = values
        self.infos = {}
        self.orders = {}
        self.stores = {}  # attribute name -> [(receiver, value, scope)]
        self.wild = set()  # files in which attributes with computed names are set
        for module in values.project.by_file.values():
            for node in module.inner:
                if isinstance(node, ast.ClassDef):
                    self.info(module, node)
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
        self.linked = False
        self.rewrites = {}

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
        self.rewrites.clear()
        self.linked = False
        for info in self.infos.values():
            info.below.clear()

    # --- the hierarchy ---------------------------------------------------------------------------------------

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

    # --- members ---------------------------------------------------------------------------------------------

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
                not isinstance(base, Info) and base not in _PLAIN or isinstance(base, Info) and "__get__" in base.scope.bindings
                for base in self.order(item[1])[0]
            ):
                return unknown("descriptor")
        names = self.rewritten(info)
        return value.loose("metaclass") if names is None or name in names else value

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
            elif _may_have(base, name):
                value = external(f"{base}.{name}")
                if _has(base, name):
                    value = union([*maybe, value])
                    return value if certain else value.loose("unknown-base")
                maybe.append(value)
        if not certain:
            return union(maybe).loose("unknown-base") if maybe else unknown("unknown-base")
        if name in _OF_OBJECT:
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

    # --- constructors ----------------------------------------------------------------------------------------

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
                if base not in _PLAIN and not _is_builtin_class(base) and base not in _LIBRARY_CLASSES:
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
                if item[0] == "ext" and item[1] in _PLAIN_METACLASSES:
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
            if not isinstance(base, Info) and base not in _PLAIN_METACLASSES:
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
            elif base not in _PLAIN:
                break
        return itself if certain else itself.loose("unknown-base")


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


def _is_builtin_class(name):
    return isinstance(getattr(builtins, name, None), type) and name != "type"


def _may_have(base, name):
    """Whether a class outside the corpus may define a member."""
    if base in _PLAIN:
        return False
    return _has(base, name) if _is_builtin_class(base) else True


def _has(base, name):
    return _is_builtin_class(base) and name in dir(getattr(builtins, base))


_OF_OBJECT = frozenset(dir(object))
_PLAIN_METACLASSES = frozenset({"type", "abc.ABCMeta", "object"})
_PROPERTIES = frozenset({"property", "cached_property", "setter", "getter", "deleter", "abstractproperty"})
# Classes of the standard library whose metaclass is `type` or ABCMeta.
_LIBRARY_CLASSES = frozenset(
    f"{module}.{name}"
    for module, names in {
        "collections": "OrderedDict defaultdict deque Counter UserDict UserList UserString ChainMap",
        "collections.abc": """Mapping MutableMapping Sequence MutableSequence Set MutableSet Iterable Iterator Callable
            Hashable Sized Container Collection Generator Awaitable Coroutine Reversible KeysView ValuesView ItemsView
            MappingView AsyncIterator AsyncIterable""",
        "threading": "Thread local",
        "io": "TextIOWrapper BytesIO StringIO RawIOBase BufferedIOBase TextIOBase IOBase BufferedReader BufferedWriter",
        "json": "JSONEncoder JSONDecoder",
        "string": "Template Formatter",
        "logging": "Handler Filter Formatter StreamHandler Logger LoggerAdapter",
        "argparse": "Action ArgumentParser HelpFormatter",
        "ast": "NodeVisitor NodeTransformer AST",
        "typing": "NamedTuple Mapping MutableMapping Sequence Iterable Iterator Dict List",
        "contextlib": "ContextDecorator ExitStack AbstractContextManager",
        "datetime": "tzinfo datetime date timedelta",
        "random": "Random",
        "html.parser": "HTMLParser",
        "gettext": "NullTranslations GNUTranslations",
        "types": "ModuleType SimpleNamespace",
        "cmd": "Cmd",
        "fractions": "Fraction",
        "decimal": "Decimal",
        "numbers": "Number Complex Real Rational Integral",
        "unittest": "TestCase",
        "warnings": "catch_warnings",
        "doctest": "DocTestFinder DocTestRunner DocTestParser OutputChecker",
    }.items()
    for name in names.split()
)
