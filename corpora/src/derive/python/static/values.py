"""What an expression holds, as far as bindings and class hierarchies fix it."""

import ast
import builtins

from classes import Classes, arity_name
from project import public_names
from value import Value, external, one, union, unknown

BUILTINS = frozenset(dir(builtins))

# Decorators that give back what they are given.
TRANSPARENT = frozenset(
    {
        "abstractmethod", "final", "override", "overload", "no_type_check", "runtime_checkable", "total_ordering",
        "unique", "type_check_only", "dataclass_transform", "wraps", "update_wrapper",
    }
)  # fmt: skip
# Modules in which those names mean that.
TRANSPARENT_MODULES = frozenset({"abc", "typing", "typing_extensions", "functools", "enum"})


class Values:
    def __init__(self, project):
        self.project = project
        self.known = {}
        self.classes = Classes(self)
        self.written = {}  # module -> name -> [(value, scope)] assigned from other modules or through attributes
        self._find_writes()

    # --- names -----------------------------------------------------------------------------------------------

    def name(self, name, scope):
        owner, bindings = scope.lookup(name)
        if owner is None:
            return external(name) if name in BUILTINS and not scope.module.open else unknown("unresolved-name")
        if owner.kind == "module":
            return self.module_name(owner.module, name)
        value = self.bindings(bindings, name)
        return value.variable() if owner.kind == "class" else value

    def module_name(self, module, name):
        """What a name of a module holds, with everything in sight that can bind it."""
        key = "name", module.file, name
        return self._once(key, lambda: self._module_name(module, name))

    def _module_name(self, module, name):
        bindings = module.scope.bindings.get(name, [])
        values = [self.bindings(bindings, name)] if bindings else []
        maybe = False
        for star in module.scope.stars:
            found, certain = self._starred(module, star, name)
            if found is not None:
                values.append(found)
            maybe = maybe or not certain
        for written, scope in self.written.get((module.file, name), ()):
            values.append(self.of(written, scope) if written is not None else unknown("assigned-from-outside"))
        if not values:
            if name in BUILTINS:
                return external(name) if not maybe and not module.open else Value([("ext", name)], False, not maybe and not module.open, "star-import")
            return unknown("unresolved-name")
        if maybe or module.open:
            return union(values).loose("module-open" if module.open else "star-import")
        return union(values)

    def _starred(self, module, star, name):
        """(value or None, whether that is certain) of a name that `from m import *` may bind."""
        dotted = self.project.absolute(module, star)
        if dotted is None:
            return None, False
        if not self.project.is_inside(dotted):
            # Nobody looks into other packages; a name that is bound here or builtin is taken to stay that.
            return None, name in BUILTINS or name in module.scope.bindings
        source = self.project.modules.get(dotted)
        if source is None:
            return None, False
        names, certain = public_names(source)
        if certain and names is not None and name not in names:
            return None, True
        if names is None and name.startswith("_"):
            return None, True
        value = self.module_name(source, name)
        missing = not value.items and value.reason == "unresolved-name"
        if missing or (value.items == {("ext", name)} and name in BUILTINS):
            return None, certain
        if names is None and f"{source.name}.{name}" in self.project.modules:
            return union([value, one("mod", self.project.modules[f"{source.name}.{name}"])]), True
        return value, certain

    def bindings(self, bindings, name):
        if not bindings:
            return unknown("declared-only")
        definitions = [binding for binding in bindings if not self._is_overload(binding)]
        values = [self.binding(binding, name) for binding in definitions or bindings]
        return union(values)

    def _is_overload(self, binding):
        if binding.kind != "def":
            return False
        return any(arity_name(decorator) == "overload" for decorator in binding.node.decorator_list)

    def binding(self, binding, name):
        return self._once(binding, lambda: self._binding(binding, name))

    def _binding(self, binding, name):
        scope = binding.scope
        if binding.kind == "def":
            return self.decorated(one("func", scope.module, binding.node), binding.node, scope)
        if binding.kind == "class":
            return self.decorated(one("class", self.classes.info(scope.module, binding.node)), binding.node, scope)
        if binding.kind == "import":
            return self.imported(binding.extra[0])
        if binding.kind == "from":
            node, original = binding.extra
            return self.imported_name(scope.module, node, original)
        if binding.kind == "param":
            return unknown("parameter")
        if binding.kind == "assign":
            return self.of(binding.value, scope)
        return unknown("variable")

    # --- imports ---------------------------------------------------------------------------------------------

    def imported(self, dotted):
        if not self.project.is_inside(dotted):
            return external(dotted)
        module = self.project.modules.get(dotted)
        return one("mod", module) if module is not None else unknown("unresolved-import")

    def imported_name(self, module, node, name):
        dotted = self.project.absolute(module, node)
        if dotted is None:
            return unknown("unresolved-import")
        if not self.project.is_inside(dotted):
            return external(f"{dotted}.{name}")
        source = self.project.modules.get(dotted)
        if source is None:
            return unknown("unresolved-import")
        return self.module_member(source, name)

    def module_member(self, module, name):
        """`module.name`, where a submodule of that name counts too."""
        inner = self.project.modules.get(f"{module.name}.{name}") if module.is_package else None
        bound = name in module.scope.bindings or (module.file, name) in self.written
        if inner is not None:
            # Importing a submodule binds its name in the package, at a moment that nobody can tell.
            return union([self.module_name(module, name), one("mod", inner)]) if bound else one("mod", inner)
        value = self.module_name(module, name)
        if not bound and name in BUILTINS and ("ext", name) in value.items:
            return unknown("unresolved-name")  # Builtins are no attributes of modules.
        if not value.items and "__getattr__" in module.scope.bindings:
            return unknown("module-getattr")
        return value

    # --- expressions -----------------------------------------------------------------------------------------

    def of(self, node, scope):
        """What an expression holds."""
        return self._once((node, scope), lambda: self._of(node, scope))

    def _of(self, node, scope):
        if isinstance(node, ast.Name):
            return self.name(node.id, scope)
        if isinstance(node, ast.Attribute):
            return self.attribute(node, scope)
        if isinstance(node, ast.Lambda):
            return one("func", scope.module, node)
        if isinstance(node, ast.Call):
            return self.result(node, scope)
        if isinstance(node, ast.NamedExpr):
            return self.of(node.value, scope)
        if isinstance(node, ast.IfExp):
            return union([self.of(node.body, scope), self.of(node.orelse, scope)]).variable()
        if isinstance(node, ast.BoolOp):
            return union([self.of(value, scope) for value in node.values]).variable()
        if isinstance(node, ast.Constant) and node.value is None:
            return Value((), True, True)
        if isinstance(node, _LITERALS):
            return external(type(node).__name__)
        return unknown("expression")

    def attribute(self, node, scope):
        holder = self.of(node.value, scope)
        if not holder.items:
            own = self.classes.receiver(node.value, scope)
            if own is None:
                return unknown("untyped-receiver")
            return self.classes.instance_member(own[0], self.classes.mangled(node.attr, scope), own[1])
        values = []
        for item in holder.items:
            values.append(self.member(item, node.attr, scope))
        value = union(values)
        if not holder.complete:
            return value.loose(holder.reason)
        return value if holder.fixed else value.variable()

    def member(self, item, name, scope):
        """`item.name`."""
        kind = item[0]
        if kind == "mod":
            return self.module_member(item[1], name)
        if kind == "ext":
            return external(f"{item[1]}.{name}")
        name = self.classes.mangled(name, scope)
        if kind == "class":
            return self.classes.class_member(item[1], name)
        if kind == "inst":
            return self.classes.instance_member(item[1], name, item[2])
        if kind == "super":
            return self.classes.super_member(item[1], name)
        return unknown("function-attribute")

    def result(self, call, scope):
        """What a call gives back."""
        callee = call.func
        if isinstance(callee, ast.Name) and callee.id == "super" and self.name("super", scope).items == {("ext", "super")}:
            return self.classes.super_of(call, scope)
        function = self.of(callee, scope)
        values = []
        for item in function.items:
            values.append(self._result_of(item, call, scope))
        if not values:
            return unknown("call-result")
        value = union(values)
        if not function.complete:
            return value.loose("call-result")
        return value if function.fixed else value.variable()

    def _result_of(self, item, call, scope):
        if item[0] == "class":
            return self.classes.instance_of(item[1])
        if item[0] == "func":
            return self._returned(item[1], item[2], [self.of(argument, scope) for argument in call.args if not isinstance(argument, ast.Starred)])
        if item[0] == "ext":
            last = item[1].rpartition(".")[2]
            if last in ("wraps", "update_wrapper"):
                return external(f"functools.{last}()")
            if last == "partial" and call.args:
                return unknown("partial")
            if item[1] in _EXTERNAL_MAKERS:
                return external(f"{item[1]}()")
        return unknown("call-result")

    def _returned(self, module, node, arguments):
        """What a function gives back: one of its own inner functions, or one of its arguments."""
        if isinstance(node, ast.AsyncFunctionDef):
            return unknown("coroutine")
        inner = module.inner.get(node)
        if isinstance(node, ast.Lambda):
            return unknown("call-result")
        if node.decorator_list or inner.yields or not inner.returns:
            return unknown("call-result")
        values = []
        for statement in inner.returns:
            value = statement.value
            if not isinstance(value, (ast.Name, ast.Lambda)):
                return unknown("call-result")
            values.append(self._returned_value(value, inner, node, arguments))
        return union(values)

    def _returned_value(self, value, inner, node, arguments):
        if isinstance(value, ast.Name):
            owner, bindings = inner.lookup(value.id)
            if owner is inner and len(bindings) == 1 and bindings[0].kind == "param":
                if inner.parent.kind == "class":
                    return unknown("call-result")  # What a method is bound to is not among the arguments.
                names = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args]]
                index = names.index(value.id) if value.id in names else len(arguments)
                return arguments[index] if index < len(arguments) else unknown("parameter")
            if owner is not inner:
                return unknown("call-result")
        return self.of(value, inner)

    # --- decorators ------------------------------------------------------------------------------------------

    def decorated(self, value, node, scope):
        """What a `def` or `class` statement binds once its decorators have been applied."""
        for decorator in reversed(node.decorator_list):
            value = self.apply(decorator, value, node, scope)
        return value

    def apply(self, decorator, value, node, scope):
        name = arity_name(decorator)
        called = isinstance(decorator, ast.Call)
        function = self.of(decorator.func if called else decorator, scope)
        if function.fixed and len(function.items) == 1:
            (item,) = function.items
            if item[0] == "ext":
                return self._apply_external(item[1], name, decorator, value, node)
            if item[0] == "func" and not called:
                return self._or_loose(self._returned(item[1], item[2], [value]), value)
            if item[0] == "func":
                made = self.result(decorator, scope)
                if made.fixed and len(made.items) == 1:
                    (maker,) = made.items
                    if maker[0] == "func":
                        return self._or_loose(self._returned(maker[1], maker[2], [value]), value)
        return value.loose("decorated")

    def _or_loose(self, result, value):
        return result if result.complete and result.items else Value(result.items | value.items, False, False, "decorated")

    def _apply_external(self, dotted, name, decorator, value, node):
        module = dotted.rpartition(".")[0]
        if name in ("staticmethod", "classmethod") and dotted == name:
            return value
        if name in TRANSPARENT and module in TRANSPARENT_MODULES:
            return value
        if dotted == "dataclasses.dataclass" and isinstance(node, ast.ClassDef):
            slots = isinstance(decorator, ast.Call) and any(keyword.arg in ("slots", None) for keyword in decorator.keywords)
            return value if not slots else value.variable()
        return Value(value.items, False, False, "decorated")

    # --- writes from elsewhere -------------------------------------------------------------------------------

    def _find_writes(self):
        """Assignments to names of other modules: `module.name = …`, `setattr(module, …)`."""
        for module in self.project.by_file.values():
            for target, value, scope in module.stores:
                for held in self._modules_in(target.value, scope):
                    self.written.setdefault((held.file, target.attr), []).append((value, scope))
            for call, scope in module.setattrs:
                for held in self._modules_in(call.args[0], scope):
                    held.open = held.open or "setattr()"
            for use, scope in module.dicts:
                for held in self._modules_in(use.value, scope):
                    held.open = held.open or "__dict__"
        self.known.clear()
        self.classes.forget()

    def _modules_in(self, node, scope):
        if not isinstance(node, (ast.Name, ast.Attribute)):
            return []
        return [item[1] for item in self.of(node, scope).items if item[0] == "mod"]

    def _once(self, key, compute):
        """Remembers values. One that depends on itself adds nothing to itself."""
        value = self.known.get(key)
        if value is None:
            self.known[key] = unknown("cyclic")
            value = self.known[key] = compute()
        return value


_LITERALS = (
    ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp,
)  # fmt: skip

# What these give back is never a function or object of the corpus.
_EXTERNAL_MAKERS = frozenset(
    """
    str int float complex bool bytes bytearray list dict set frozenset tuple range object len repr sorted hash id ord chr
    hex bin oct open format ascii divmod round print isinstance issubclass callable
    re.compile io.StringIO io.BytesIO threading.Lock threading.RLock threading.Event threading.Condition
    collections.defaultdict collections.deque collections.OrderedDict collections.Counter logging.getLogger
    pathlib.Path decimal.Decimal fractions.Fraction datetime.datetime datetime.timedelta struct.Struct array.array
    """.split()
)
