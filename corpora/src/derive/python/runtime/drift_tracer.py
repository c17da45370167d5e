"""Records, while tests run, what every call expression of the measured files calls.

Two observers that complement each other:

- Every call `f(x)` of a measured file is compiled as `__drift_call__(number, f)(x)`: the callee itself is seen, so that
  generators, coroutines, native and callable objects are told apart without guessing. Trees keep their positions, no
  frame is added to the call, and nothing is evaluated in another order.
- A profile function sees functions that natives and the standard library enter: key functions, `__new__`, operators.
  These are written as callbacks of the call expression under which they are entered, never as its targets.

Records go to one file per process and are written at once, since processes may end without notice.
"""

import builtins
import dis
import functools
import importlib.machinery
import json
import os
import sys
import sysconfig
import threading
import types
import weakref

import ast

import drift_source as source

_RESUMED = 0x20 | 0x80 | 0x200  # Generators, coroutines, asynchronous generators: their frames are only ever resumed.
_NATIVE = (
    types.BuiltinFunctionType,
    types.WrapperDescriptorType,
    types.MethodWrapperType,
    types.MethodDescriptorType,
    types.ClassMethodDescriptorType,
)
_mro_of = type.__dict__["__mro__"].__get__
_dict_of = type.__dict__["__dict__"].__get__
_name_of = type.__dict__["__name__"].__get__
_flags_of = type.__dict__["__flags__"].__get__
_HEAP_TYPE = 1 << 9
_MOCK = os.path.join("unittest", "mock.py")

# Kinds of records.
ENTERED, EXTERNAL, OUTSIDE, CALLBACK, TEST, HIDDEN = "d", "x", "o", "c", "t", "h"


class Tracer:
    def __init__(self, config):
        self.root = config["root"] + os.sep
        self.measured = set(config["measured"])
        self.context = set(config["context"])
        self.folder = config["folder"]
        self.test_folders = tuple({os.path.dirname(self.root + test) + os.sep for test in config["testFiles"]} - {self.root})
        self.test_files = {self.root + test for test in config["testFiles"]}
        paths = sysconfig.get_paths()
        self.library = tuple({paths["stdlib"] + os.sep, paths["platstdlib"] + os.sep, "<frozen "})
        self.dependencies = tuple({paths["purelib"] + os.sep, paths["platlib"] + os.sep})
        self.sites = []  # site id by number
        self.definitions = []  # definition id by number
        self.by_code = {}  # id of a code object -> number of its definition
        self.by_place = {}  # (file name, first line, name) -> numbers of definitions, for code that was copied
        self.tables = {}  # id of a measured code object -> its file's sites by position, later by instruction
        self.kept = []  # Code objects whose ids are in use.
        self.classes = {}  # id of a class -> (weak reference, number of its definition or None)
        self.resolved = {}  # id of a class -> (weak reference, what calling it enters)
        self.libraries = {}  # file name -> whether it belongs to the standard library
        self.direct = set()  # (site, definition) seen as a callee
        self.pending = set()  # (site, definition) that is a target once it is entered
        self.seen = set()
        self.lost = 0
        self.witness = os.environ.get("DRIFT_TRACE_WITNESS", "")
        self._open()

    # --- records ---------------------------------------------------------------------------------------------

    def _open(self):
        name = os.path.join(self.folder, f"{os.getpid()}-{len(os.listdir(self.folder))}.trace")
        self.out = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self.written = {}
        self.lock = threading.RLock()  # The one of before a fork may be held for ever.
        self.seen.clear()
        self.set_witness(self.witness)

    def _number(self, text):
        number = self.written.get(text)
        if number is None:
            number = self.written[text] = len(self.written)
            os.write(self.out, f"={json.dumps(text)}\n".encode())
        return number

    def set_witness(self, file):
        """From here on, records are witnessed by this test file."""
        self.witness = file
        os.environ["DRIFT_TRACE_WITNESS"] = file
        self.seen.clear()
        with self.lock:
            self.witness_number = self._number(file)

    def _write(self, site, kind, target):
        with self.lock:
            site_number, target_number = self._number(self.sites[site]), self._number(target)
            os.write(self.out, f"{kind} {site_number} {target_number} {self.witness_number}\n".encode())

    # --- instrumentation -------------------------------------------------------------------------------------

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

    # --- what is called --------------------------------------------------------------------------------------

    def hook(self):
        """The function behind `__drift_call__`."""
        seen = self.seen
        slow = self._called
        function, method, native = types.FunctionType, types.MethodType, types.BuiltinFunctionType

        def __drift_call__(site, callee):
            kind = type(callee)
            if kind is function:
                key = site, id(callee.__code__)
            elif kind is native:
                key = site, callee.__name__
            elif kind is method and type(callee.__func__) is function:
                key = site, id(callee.__func__.__code__)
            else:
                slow(site, callee)
                return callee
            if key not in seen:
                seen.add(key)
                slow(site, callee)
            return callee

        return __drift_call__

    def _called(self, site, callee):
        kind, target, pending = self._entered_by(callee)
        if kind is None or kind is TEST:
            return
        if kind is ENTERED:
            if pending and (site, target) not in self.direct:
                self.pending.add((site, target))
                return
            self.direct.add((site, target))
            target = self.definitions[target]
        key = site, kind, target
        if key not in self.seen:
            self.seen.add(key)
            self._write(site, kind, target)

    def _entered_by(self, callee):
        """(kind, target, whether it is certain only once entered) of calling an object."""
        if type(callee) is types.MethodType:
            callee = callee.__func__
        if type(callee) is types.FunctionType:
            return self._function(callee.__code__)
        if isinstance(callee, _NATIVE) and type(callee) in _NATIVE:
            return EXTERNAL, callee.__name__, False
        if issubclass(type(callee), type):
            return self._class(callee)
        return self._instance(type(callee))

    def _function(self, code):
        number = self._definition(code)
        if number is not None:
            return ENTERED, number, False
        self.kept.append(code)
        if self._is_library(code.co_filename):
            return EXTERNAL, code.co_name, False
        return (TEST if self._is_test(code.co_filename) else OUTSIDE), "", False

    def _is_test(self, file):
        """Functions that a test puts in the place of the corpus's say nothing about the corpus."""
        file = os.path.abspath(file) if not file.startswith("<") else file
        if file[len(self.root) :].replace(os.sep, "/") in self.measured | self.context:
            return False
        return file in self.test_files or file.startswith(self.test_folders) or file.endswith(_MOCK)

    def _definition(self, code):
        number = self.by_code.get(id(code))
        if number is None:
            copied = self.by_place.get((code.co_filename, code.co_firstlineno, code.co_name), ())
            number = copied[0] if len(copied) == 1 else None
        return number

    def _instance(self, kind):
        for base in _mro_of(kind):
            member = _dict_of(base).get("__call__")
            if member is None:
                continue
            if type(member) is types.FunctionType:
                return self._function(member.__code__)
            if type(member) is types.WrapperDescriptorType:
                return EXTERNAL, _name_of(kind), False
            return HIDDEN, "", False
        return None, "", False

    def _class(self, cls):
        known = self.resolved.get(id(cls))
        if known is None or known[0]() is not cls:
            known = self.resolved[id(cls)] = (weakref.ref(cls), self._constructor(cls))
        return known[1]

    def _constructor(self, cls):
        for base in _mro_of(type(cls)):
            call = _dict_of(base).get("__call__")
            if type(call) is types.FunctionType:
                return self._function(call.__code__)
            if call is not None:
                break
        own = self.classes.get(id(cls))
        own = own[1] if own is not None and own[0]() is cls else None
        made = False  # by a Python `__new__`, which may give something that is not initialised
        for base in _mro_of(cls):
            made = made or type(getattr(_dict_of(base).get("__new__"), "__func__", None)) is types.FunctionType
        for base in _mro_of(cls):
            init = _dict_of(base).get("__init__")
            if init is None:
                continue
            if type(init) is types.FunctionType:
                number = self._definition(init.__code__)
                if number is not None:
                    return ENTERED, number, made
                if own is None and not self._is_library(init.__code__.co_filename):
                    return self._function(init.__code__)
            break
        if own is not None:
            return ENTERED, own, False
        return self._foreign_class(cls)

    def _foreign_class(self, cls):
        """What calling a class enters that is not of the corpus."""
        if not _flags_of(cls) & _HEAP_TYPE:
            return EXTERNAL, _name_of(cls), False
        module = sys.modules.get(_dict_of(cls).get("__module__"))
        origin = getattr(getattr(module, "__spec__", None), "origin", None) or getattr(module, "__file__", None) or ""
        if origin in ("built-in", "frozen") or self._is_library(origin):
            return EXTERNAL, _name_of(cls), False
        return (TEST if self._is_test(origin) else OUTSIDE), "", False

    def keep_class(self, number):
        """The decorator that remembers which definition a class comes from."""

        def decorate(cls):
            if issubclass(type(cls), type):
                try:
                    self.classes[id(cls)] = (weakref.ref(cls), number)
                except TypeError:
                    pass  # A metaclass that gives something else.
            return cls

        return decorate

    # --- what is entered from natives ------------------------------------------------------------------------

    def profile(self):
        """The function for `sys.setprofile`."""
        by_code, tables, seen = self.by_code, self.tables, self.seen
        is_library, instruction, callback = self._is_library, self._site_at, self._called_back

        def profile(frame, event, _):
            if event != "call":
                return
            code = frame.f_code
            target = by_code.get(id(code))
            if target is None or code.co_flags & _RESUMED:
                return
            back = frame.f_back
            while back is not None:
                table = tables.get(id(back.f_code))
                if table is not None:
                    break
                if not is_library(back.f_code.co_filename):
                    return
                back = back.f_back
            else:
                return
            site = table.get(back.f_lasti) if type(table) is dict else instruction(back)
            if site is not None and (site, target) not in seen:
                callback(site, target, code)

        return profile

    def _site_at(self, frame):
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

    def _called_back(self, site, target, code):
        self.seen.add((site, target))
        if (site, target) in self.pending:
            self.pending.discard((site, target))
            self.direct.add((site, target))
            self._write(site, ENTERED, self.definitions[target])
        # Finalizers run whenever something is freed.
        elif (site, target) not in self.direct and code.co_name != "__del__":
            self._write(site, CALLBACK, self.definitions[target])

    def _is_library(self, file):
        known = self.libraries.get(file)
        if known is None:
            known = file.startswith(self.library) and not file.startswith(self.dependencies)
            # What a test puts in the place of something is no library.
            known = known and not file.endswith(_MOCK)
            self.libraries[file] = known
        return known

    # --- start -----------------------------------------------------------------------------------------------

    def start(self):
        loader = importlib.machinery.SourceFileLoader
        original = loader.source_to_code
        tracer = self

        @functools.wraps(original)
        def source_to_code(self, data, path, **options):
            code = None
            if isinstance(data, (bytes, bytearray, memoryview)):
                code = tracer.compile(bytes(data), os.fspath(path))
            return original(self, data, path, **options) if code is None else code

        loader.source_to_code = source_to_code
        builtins.__drift_call__ = self.hook()
        builtins.__drift_class__ = self.keep_class
        os.register_at_fork(after_in_child=self._open)
        self.profiler = self.profile()
        threading.setprofile(self.profiler)
        sys.setprofile(self.profiler)

    def watch(self):
        """Goes on after a test that turned profiling off; counts how often."""
        if sys.getprofile() is not self.profiler:
            self.lost += 1
            threading.setprofile(self.profiler)
            sys.setprofile(self.profiler)


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
