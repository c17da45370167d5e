"""Which names of one Python module mean the same, by the scoping rules of the language reference (section 4.2)."""

import ast
import tokenize
from io import StringIO

from drift_source import FUNCTIONS


class Scope:
    def __init__(self, kind, node, parent):
        self.kind = kind  # module class function
        self.node = node
        self.parent = parent
        self.bound = set()
        self.parameters = set()
        self.functions = set()  # and classes
        self.globals = set()
        self.nonlocals = set()

    def owner(self, name):
        """The scope that binds a name used here; None where only a builtin can."""
        scope, module = self, self
        while module.parent is not None:
            module = module.parent
        if name in self.globals:
            return module
        while scope is not None:
            if (scope is self or scope.kind != "class") and name in scope.bound and name not in scope.nonlocals:
                return scope
            scope = scope.parent
        return None


class Names(ast.NodeVisitor):
    """Every name of a module with its place. A name is one of a scope, or a member: of an object, a module, a call's arguments."""

    def __init__(self, source, own):
        """`own` are the names of the project's modules and folders."""
        self.source = source
        self.own = own
        self.tokens = list(tokenize.generate_tokens(StringIO("\n".join(source.lines)).readline))
        self.words = {}  # name -> places of its tokens
        for token in self.tokens:
            if token.type == tokenize.NAME:
                self.words.setdefault(token.string, []).append(token.start)
        self.uses = {}  # (line, characters) -> (name, scope or None for a member, whether it defines)
        self.keywords = set()
        self.imported = set()  # names of what is imported from outside the project
        self.modules = set()  # outside the project
        self.roots = set()  # what these are bound to
        self.scope = Scope("module", source.tree, None)
        self.visit_all(source.tree.body)

    def said(self):
        """Name, place, binding (by number; null for what all files share, -1 for what nothing here binds), and what kind of use it is."""
        self.numbers = {}
        said = []
        for place, (name, scope, defines) in sorted(self.uses.items()):
            owner = None if scope is None else scope.owner(name)
            # What a class or module binds is also reached as its member.
            is_local = owner is not None and owner.kind == "function"
            number = self.numbers.setdefault((owner, name), len(self.numbers)) if is_local else None
            is_free = scope is not None and owner is None
            said.append(
                {
                    "name": name,
                    "at": self._utf16(place),
                    "binding": -1 if is_free else number,
                    "inScope": scope is not None,
                    "defines": defines,
                    "parameter": is_local and name in owner.parameters,
                    "function": is_local and name in owner.functions,
                }
            )
        return said

    def extents(self):
        """Of each binding, the stretch in which its scope lies."""
        extents = []
        for owner, _ in self.numbers:
            node = owner.node
            line, column, end_line, end_column = self.source.span(node)
            extents.append([[line, column], [end_line, end_column]])
        return extents

    def _utf16(self, place):
        line, column = place
        before = self.source.lines[line - 1][:column]
        return [line, len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1]

    # --- places ------------------------------------------------------------------------------------------------

    def place(self, line, byte_column):
        before = self.source.lines[line - 1].encode("utf-8")[:byte_column]
        return line, len(before.decode("utf-8", "replace"))

    def starts(self, node):
        return self.place(node.lineno, node.col_offset)

    def word_after(self, name, place):
        """Where a name that has no node of its own stands: its first token from a place on."""
        return next((start for start in self.words.get(name, ()) if start >= place), None)

    def use(self, name, place, scope, defines=False):
        if place is None or not name.isascii():
            return
        line, column = place
        # What is not written as it is meant (normalised letters) keeps its name.
        if self.source.lines[line - 1][column : column + len(name)] == name:
            self.uses[place] = (name, scope, defines)

    def bind(self, name, place, defines=True):
        if name not in self.scope.globals and name not in self.scope.nonlocals:
            self.scope.bound.add(name)
        if name in self.scope.globals:
            scope = self.scope
            while scope.parent is not None:
                scope = scope.parent
            scope.bound.add(name)
        self.use(name, place, self.scope, defines)

    def visit_all(self, nodes):
        for node in nodes:
            if node is not None:
                self.visit(node)

    # --- what has a scope of its own ---------------------------------------------------------------------------------

    def visit_FunctionDef(self, node):
        self.visit_all(node.decorator_list)
        self.bind(node.name, self.word_after(node.name, self.starts(node)))
        self.scope.functions.add(node.name)
        self.function(node, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self.function(node, [node.body])

    def function(self, node, body):
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
        every = [one for one in every if one is not None]
        self.visit_all([*arguments.defaults, *arguments.kw_defaults])
        self.visit_all([one.annotation for one in every])
        self.visit_all([getattr(node, "returns", None)])
        outer, self.scope = self.scope, Scope("function", node, self.scope)
        for statement in body:
            self.declare(statement)
        for one in every:
            self.bind(one.arg, self.starts(one))
            self.scope.parameters.add(one.arg)
        self.visit_all(body)
        self.scope = outer

    def declare(self, statement):
        """What a function says of names of other scopes counts from its first line."""
        pending = [statement]
        while pending:
            node = pending.pop()
            if isinstance(node, ast.Global):
                self.scope.globals.update(node.names)
            elif isinstance(node, ast.Nonlocal):
                self.scope.nonlocals.update(node.names)
            elif not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
                pending.extend(ast.iter_child_nodes(node))

    def visit_ClassDef(self, node):
        self.visit_all(node.decorator_list)
        self.visit_all(node.bases)
        self.visit_all(node.keywords)
        self.bind(node.name, self.word_after(node.name, self.starts(node)))
        self.scope.functions.add(node.name)
        outer, self.scope = self.scope, Scope("class", node, self.scope)
        for statement in node.body:
            self.declare(statement)
        self.visit_all(node.body)
        self.scope = outer

    def comprehension(self, node):
        self.visit(node.generators[0].iter)
        outer, self.scope = self.scope, Scope("function", node, self.scope)
        for index, generator in enumerate(node.generators):
            self.visit(generator.target)
            if index:
                self.visit(generator.iter)
            self.visit_all(generator.ifs)
        self.visit_all([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])
        self.scope = outer

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    # --- names ---------------------------------------------------------------------------------------------------

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            self.use(node.id, self.starts(node), self.scope)
        else:
            self.bind(node.id, self.starts(node))

    def visit_NamedExpr(self, node):
        self.visit(node.value)
        outer = self.scope
        while isinstance(self.scope.node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            self.scope = self.scope.parent
        self.visit(node.target)
        self.scope = outer

    def visit_Attribute(self, node):
        self.visit(node.value)
        line, column = self.place(node.end_lineno, node.end_col_offset)
        if isinstance(node.value, ast.Name) and node.value.id in self.roots:
            self.imported.add(node.attr)
        self.use(node.attr, (line, column - len(node.attr)), None, not isinstance(node.ctx, ast.Load))

    def visit_keyword(self, node):
        self.visit(node.value)
        if node.arg is not None:
            self.keywords.add(node.arg)
            self.use(node.arg, self.starts(node), None)

    def visit_Global(self, node):
        for name in node.names:
            self.use(name, self.word_after(name, self.starts(node)), self.scope)

    visit_Nonlocal = visit_Global

    def visit_Import(self, node):
        for alias in node.names:
            first = alias.name.partition(".")[0]
            if first not in self.own:
                self.modules.add(alias.name)
                self.roots.add(alias.asname or first)
            if alias.asname is None:
                self.bind(first, self.starts(alias), False)
            else:
                self.bind(alias.asname, self._last(alias))

    def visit_ImportFrom(self, node):
        is_outside = not node.level and node.module.partition(".")[0] not in self.own
        if is_outside:
            self.modules.add(node.module)
        for alias in node.names:
            if alias.name == "*":
                continue
            if is_outside:
                self.imported.add(alias.name)
            self.bind(alias.name if alias.asname is None else alias.asname, self._last(alias), False)
            if alias.asname is not None:
                self.use(alias.name, self.starts(alias), None)

    def _last(self, alias):
        line, column = self.place(alias.end_lineno, alias.end_col_offset)
        return line, column - len(alias.asname or alias.name)

    def visit_ExceptHandler(self, node):
        self.visit_all([node.type])
        if node.name is not None:
            after = self.starts(node) if node.type is None else self.place(node.type.end_lineno, node.type.end_col_offset)
            self.bind(node.name, self.word_after(node.name, after))
        self.visit_all(node.body)

    def visit_MatchAs(self, node):
        self.visit_all([node.pattern])
        if node.name is not None:
            line, column = self.place(node.end_lineno, node.end_col_offset)
            self.bind(node.name, (line, column - len(node.name)))

    def visit_MatchStar(self, node):
        if node.name is not None:
            self.bind(node.name, self.word_after(node.name, self.starts(node)))
        self.scope.functions.add(node.name)

    def visit_MatchMapping(self, node):
        self.generic_visit(node)
        if node.rest is not None:
            self.bind(node.rest, self.word_after(node.rest, self.starts(node)))

    def visit_MatchClass(self, node):
        self.generic_visit(node)
        after = self.place(node.cls.end_lineno, node.cls.end_col_offset)
        for name, pattern in zip(node.kwd_attrs, node.kwd_patterns):
            self.keywords.add(name)
            place = self.word_after(name, after)
            self.use(name, place, None)
            after = self.place(pattern.end_lineno, pattern.end_col_offset)
