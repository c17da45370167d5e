"""Finds what binds the names of one module, and the scope in which each of its calls is evaluated."""

import ast

from drift_source import FUNCTIONS, never_run

from scopes import Binding, Scope


class Binder(ast.NodeVisitor):
    """Fills the scopes of one module, and finds the scope in which every call is evaluated."""

    def __init__(self, module):
        self.module = module
        module.scope = self.scope = Scope("module", module.source.tree, None, module)
        module.scope_of = {}  # call, class or function node -> the scope it stands in
        module.inner = {}  # function, lambda or class node -> its own scope
        module.open = None  # why names may be bound unseen
        self.late = []
        self.unbound = None  # the scope in which nothing is bound, because no statement is ever run
        self.harmless = set()  # uses of globals() and sys.modules that only read
        self.visit_all(module.source.tree.body)
        for scope, name, binding in self.late:
            owner = scope.parent
            while owner is not None and (owner.kind == "class" or name not in owner.bindings):
                owner = owner.parent
            if owner is not None:
                owner.bindings[name].append(binding)

    def visit_all(self, nodes):
        for node in nodes:
            if node is not None:
                self.visit(node)

    def bind(self, name, kind, node, value=None, extra=None):
        scope = self.scope
        if scope is self.unbound:
            # A class then has what it inherits; elsewhere the name is known not to be a builtin.
            if scope.kind != "class":
                scope.declared.add(name)
            return
        binding = Binding(kind, node, scope, value, extra)
        if name in scope.global_names:
            self.module.scope.bindings.setdefault(name, []).append(binding)
        elif name in scope.nonlocal_names:
            self.late.append((scope, name, binding))
        else:
            scope.bindings.setdefault(name, []).append(binding)

    def within(self, scope, nodes):
        outer, self.scope = self.scope, scope
        self.visit_all(nodes)
        self.scope = outer

    # --- definitions -----------------------------------------------------------------------------------------

    def visit_FunctionDef(self, node):
        self.visit_all(node.decorator_list)
        self.visit_arguments(node.args)
        self.visit_all([node.returns])
        self.module.scope_of[node] = self.scope
        self.bind(node.name, "def", node)
        self.function(node, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self.visit_arguments(node.args)
        self.module.scope_of[node] = self.scope
        self.function(node, [node.body])

    def visit_arguments(self, arguments):
        self.visit_all(arguments.defaults)
        self.visit_all(arguments.kw_defaults)
        for argument in _arguments(arguments):
            self.visit_all([argument.annotation])

    def function(self, node, body):
        scope = Scope("function", node, self.scope, self.module)
        self.module.inner[node] = scope
        for statement in body:
            _find_declarations(statement, scope)
        for argument in _arguments(node.args):
            scope.bindings.setdefault(argument.arg, []).append(Binding("param", argument, scope))
        self.within(scope, body)

    def visit_ClassDef(self, node):
        self.visit_all(node.decorator_list)
        self.visit_all(node.bases)
        self.visit_all(keyword.value for keyword in node.keywords)
        self.module.scope_of[node] = self.scope
        self.bind(node.name, "class", node)
        scope = Scope("class", node, self.scope, self.module)
        self.module.inner[node] = scope
        self.within(scope, node.body)

    def comprehension(self, node):
        self.visit(node.generators[0].iter)
        scope = Scope("comprehension", node, self.scope, self.module)
        outer, self.scope = self.scope, scope
        for index, generator in enumerate(node.generators):
            self.target(generator.target)
            if index:
                self.visit(generator.iter)
            self.visit_all(generator.ifs)
        self.visit_all([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])
        self.scope = outer

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    # --- statements that bind --------------------------------------------------------------------------------

    def visit_Global(self, node):
        self.scope.global_names.update(node.names)

    def visit_Nonlocal(self, node):
        self.scope.nonlocal_names.update(node.names)

    def visit_Import(self, node):
        for alias in node.names:
            if alias.asname is None:
                self.bind(alias.name.partition(".")[0], "import", node, extra=(alias.name.partition(".")[0], alias.name))
            else:
                self.bind(alias.asname, "import", node, extra=(alias.name, alias.name))

    def visit_ImportFrom(self, node):
        for alias in node.names:
            if alias.name == "*":
                self.scope.stars.append(node)
            else:
                self.bind(alias.asname or alias.name, "from", node, extra=(node, alias.name))

    def visit_Assign(self, node):
        self.visit(node.value)
        for target in node.targets:
            self.target(target, node.value)

    def visit_AnnAssign(self, node):
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self.target(node.target, node.value)
        elif isinstance(node.target, ast.Name):
            self.scope.declared.add(node.target.id)
        else:
            self.visit(node.target)

    def visit_AugAssign(self, node):
        self.visit(node.value)
        self.target(node.target)

    def visit_NamedExpr(self, node):
        self.visit(node.value)
        outer = self.scope
        while self.scope.kind == "comprehension":
            self.scope = self.scope.parent
        self.target(node.target, node.value)
        self.scope = outer

    def visit_If(self, node):
        self.visit(node.test)
        skipped = never_run(node)
        for statement in [*node.body, *node.orelse]:
            outer = self.unbound
            self.unbound = self.scope if statement in skipped else outer
            self.visit(statement)
            self.unbound = outer

    def visit_For(self, node):
        self.visit(node.iter)
        self.target(node.target)
        self.visit_all(node.body)
        self.visit_all(node.orelse)

    visit_AsyncFor = visit_For

    def visit_With(self, node):
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.target(item.optional_vars)
        self.visit_all(node.body)

    visit_AsyncWith = visit_With

    def visit_ExceptHandler(self, node):
        self.visit_all([node.type])
        if node.name is not None:
            self.bind(node.name, "other", node)
        self.visit_all(node.body)

    def visit_Delete(self, node):
        for target in node.targets:
            self.target(target)

    def visit_MatchAs(self, node):
        self.visit_all([node.pattern])
        if node.name is not None:
            self.bind(node.name, "other", node)

    def visit_MatchStar(self, node):
        if node.name is not None:
            self.bind(node.name, "other", node)

    def visit_MatchMapping(self, node):
        self.generic_visit(node)
        if node.rest is not None:
            self.bind(node.rest, "other", node)

    def visit_TypeAlias(self, node):
        self.bind(node.name.id, "other", node)

    def target(self, node, value=None):
        if isinstance(node, ast.Name):
            self.bind(node.id, "other" if value is None else "assign", node, value)
        elif isinstance(node, (ast.Tuple, ast.List)):
            pairs = value.elts if isinstance(value, (ast.Tuple, ast.List)) else ()
            paired = len(pairs) == len(node.elts) and not any(isinstance(one, ast.Starred) for one in [*pairs, *node.elts])
            for index, element in enumerate(node.elts):
                self.target(element, pairs[index] if paired else None)
        elif isinstance(node, ast.Starred):
            self.target(node.value)
        elif isinstance(node, ast.Attribute):
            self.module.stores.append((node, value, self.scope))
            self.visit(node.value)
        else:
            self.visit(node)

    # --- expressions -----------------------------------------------------------------------------------------

    def visit_Call(self, node):
        self.module.scope_of[node] = self.scope
        if isinstance(node.func, ast.Name):
            self._notice(node)
        elif isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "items", "keys", "values", "copy"):
            self.harmless.add(node.func.value)
        self.generic_visit(node)

    def visit_Subscript(self, node):
        if isinstance(node.ctx, ast.Load):
            self.harmless.add(node.value)
        self.generic_visit(node)

    def visit_Compare(self, node):
        self.harmless.update(node.comparators)
        self.generic_visit(node)

    def _notice(self, node):
        """Calls that can bind names unseen."""
        name = node.func.id
        dynamic = name == "globals" or (name in ("vars", "locals") and self.scope.kind == "module" and not node.args)
        if (dynamic and node not in self.harmless) or (name == "exec" and len(node.args) < 2):
            self.module.open = f"{name}()"
        if name in ("setattr", "delattr") and len(node.args) >= 2:
            self.module.setattrs.append((node, self.scope))

    def visit_Attribute(self, node):
        if node.attr == "__dict__":
            self.module.dicts.append((node, self.scope))
        if node.attr == "modules" and isinstance(node.value, ast.Name) and node.value.id == "sys":
            if node not in self.harmless:
                self.module.open = self.module.open or "sys.modules"
        self.generic_visit(node)

    def visit_Return(self, node):
        self.scope.returns.append(node)
        self.generic_visit(node)

    def visit_Yield(self, node):
        self.scope.yields = True
        self.generic_visit(node)

    visit_YieldFrom = visit_Yield


def _arguments(arguments):
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return found + [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]


def _find_declarations(node, scope):
    """`global` and `nonlocal` hold for the whole function, wherever they stand in it."""
    pending = [node]
    while pending:
        inner = pending.pop()
        if isinstance(inner, ast.Global):
            scope.global_names.update(inner.names)
        elif isinstance(inner, ast.Nonlocal):
            scope.nonlocal_names.update(inner.names)
        elif not isinstance(inner, (*FUNCTIONS, ast.ClassDef, ast.expr)):
            pending.extend(ast.iter_child_nodes(inner))
