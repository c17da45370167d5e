"""The files of a corpus as code that tells what it calls, and the way from such code to sites and definitions."""

import ast
import dis
import os
import types

import drift_source as source


class Code:
    """
    Every call `f(x)` of a measured file is compiled as `__drift_call__(number, f)(x)`, every class of the corpus is given
    to `__drift_class__(number)`. Trees keep their positions.
    """

    def __init__(self, root, measured, context):
        self.root = root  # ends with a separator
        self.measured = measured
        self.context = context
        self.sites = []  # site id by number
        self.definitions = []  # definition id by number
        self.by_code = {}  # id of a code object -> number of its definition
        self.by_place = {}  # (file name, first line, name) -> numbers of definitions, for code that was copied
        self.tables = {}  # id of a measured code object -> its file's sites by position, later by instruction
        self.kept = []  # Code objects whose ids are in use.

    def compile(self, data, path):
        """The instrumented code of a file of the corpus; None for other files."""
        file = os.path.abspath(path)
        if not file.startswith(self.root):
            return None
        file = file[len(self.root) :].replace(os.sep, "/")
        if file not in self.measured and file not in self.context:
            return None
        try:
            read = source.Source(file, data)
            definitions = self._number_definitions(read)
            positions = {}
            if file in self.measured:
                positions = self._instrument_calls(read)
            self._instrument_classes(definitions)
            code = compile(read.tree, path, "exec", dont_inherit=True)
        except (SyntaxError, RecursionError):
            return None
        self._learn(code, definitions, positions if file in self.measured else None)
        return code

    def _number_definitions(self, read):
        numbered = []
        for node, _ in source.definitions(read.tree):
            numbered.append((node, len(self.definitions)))
            self.definitions.append(read.definition_id(node))
        return numbered

    def _instrument_calls(self, read):
        positions = {}
        skipped = _deferred_annotations(read.tree)
        twice = _called_on(read.tree)
        for node in source.calls(read.tree):
            if node in skipped:
                continue
            number = len(self.sites)
            self.sites.append(read.site_id(node))
            positions[node.lineno, node.end_lineno, node.col_offset, node.end_col_offset] = number, node in twice
            hook = ast.Name("__drift_call__", ast.Load())
            wrapped = ast.Call(hook, [ast.Constant(number), node.func], [])
            for new in (hook, wrapped, wrapped.args[0]):
                ast.copy_location(new, node.func)
            node.func = wrapped
        return positions

    def _instrument_classes(self, definitions):
        for node, number in definitions:
            if not isinstance(node, ast.ClassDef):
                continue
            place = node.decorator_list[0] if node.decorator_list else node

            def decorator():
                hook = ast.Name("__drift_class__", ast.Load())
                call = ast.Call(hook, [ast.Constant(number)], [])
                for new in (hook, call, call.args[0]):
                    new.lineno = new.end_lineno = place.lineno
                    new.col_offset = new.end_col_offset = place.col_offset
                return call

            # A decorator may make another class of this one.
            node.decorator_list = [decorator(), *node.decorator_list, *([decorator()] if node.decorator_list else [])]

    def _learn(self, module, definitions, positions):
        functions = {}
        for node, number in definitions:
            if isinstance(node, ast.ClassDef):
                continue
            name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
            first = next(iter(getattr(node, "decorator_list", ())), node)
            functions.setdefault((first.lineno, name), []).append((node, number))
        pending = [module]
        while pending:
            code = pending.pop()
            pending.extend(const for const in code.co_consts if isinstance(const, types.CodeType))
            self.kept.append(code)
            if positions is not None:
                self.tables[id(code)] = (positions, code)
            candidates = functions.get((code.co_firstlineno, code.co_name), [])
            number = candidates[0][1] if len(candidates) == 1 else _by_position(candidates, code)
            if number is not None:
                self.by_code[id(code)] = number
                self.by_place.setdefault((code.co_filename, code.co_firstlineno, code.co_name), []).append(number)

    def definition(self, code):
        """The number of the definition that a code object belongs to; None when it is none of the corpus."""
        number = self.by_code.get(id(code))
        if number is None:
            copied = self.by_place.get((code.co_filename, code.co_firstlineno, code.co_name), ())
            number = copied[0] if len(copied) == 1 else None
        return number

    def site_at(self, frame):
        """The site whose call is being executed; None when it is something else, such as an operator."""
        positions, code = self.tables[id(frame.f_code)]
        places = list(code.co_positions())
        instructions = list(dis.get_instructions(code))
        ends = [instruction.offset for instruction in instructions[1:]] + [len(code.co_code)]
        table = {}
        taken = set()
        for instruction, end in zip(instructions, ends):
            name = instruction.opname
            if not name.startswith("CALL") or name.startswith("CALL_INTRINSIC"):
                continue
            site, only_first = positions.get(places[instruction.offset // 2], (None, False))
            if only_first and site in taken:
                continue
            taken.add(site)
            # While a call runs, a frame may stand at what the instruction keeps behind itself.
            table.update((offset, site) for offset in range(instruction.offset, end, 2))
        self.tables[id(frame.f_code)] = table
        return table.get(frame.f_lasti)


def _by_position(candidates, code):
    """
    Of several functions with one name on one line, the innermost whose body holds all that a code object runs; None when
    the code has no positions, as that of a constant under Python 3.12.
    """
    places = [place for place in code.co_positions() if place[2] is not None and place[3]]
    if not places:
        return None
    start = min((line, column) for line, _, column, _ in places)
    end = max((line, column) for _, line, _, column in places)
    fitting = []
    for node, number in candidates:
        first, last = (node.body, node.body) if isinstance(node, ast.Lambda) else (node.body[0], node.body[-1])
        body = (first.lineno, first.col_offset)
        if body <= start and end <= (last.end_lineno, last.end_col_offset):
            fitting.append((body, number))
    return max(fitting)[1] if fitting else None


def _called_on(tree):
    """Calls whose value is called or left at the same place in the code: decorators, and what `with` enters."""
    found = set()
    for node in ast.walk(tree):
        found.update(getattr(node, "decorator_list", ()))
        if isinstance(node, ast.withitem):
            found.add(node.context_expr)
    return found


def _deferred_annotations(tree):
    """Calls inside annotations that the compiler turns into text."""
    deferred = any(
        isinstance(statement, ast.ImportFrom)
        and statement.module == "__future__"
        and any(name.name == "annotations" for name in statement.names)
        for statement in tree.body
    )
    found = set()
    if not deferred:
        return found
    for node in ast.walk(tree):
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(annotation, ast.AST):
                found.update(inner for inner in ast.walk(annotation) if isinstance(inner, ast.Call))
    return found
