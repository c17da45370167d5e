"""What an expression holds, as far as bindings and class hierarchies fix it."""

import ast
import builtins

from classes import Classes
from project import public_names
from results import Results
from rewrites import arity_name
from value import Value, external, one, union, unknown

BUILTINS = frozenset(dir(builtins))


class Values:
    def __init__(self, project):
        self.project = project
        self.known = {}
        self.results = Results(self)
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
            return self.results.decorated(one("func", scope.module, binding.node), binding.node, scope)
        if binding.kind == "class":
            return self.results.decorated(one("class", self.classes.info(scope.module, binding.node)), binding.node, scope)
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
            return self.results.result(node, scope)
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
