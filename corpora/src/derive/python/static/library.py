"""What is known about classes outside of a corpus: builtins, and those of the standard library that corpora extend."""

import builtins

# Classes outside the corpus that leave calling a class as `type` has it, and define nothing of their own beside
# dunder methods.
PLAIN = frozenset(
    """
    object abc.ABC typing.Generic typing.Protocol typing_extensions.Protocol typing.NamedTuple Generic
    """.split()
)

# What every object has.
OF_OBJECT = frozenset(dir(object))
PLAIN_METACLASSES = frozenset({"type", "abc.ABCMeta", "object"})
# Classes of the standard library whose metaclass is `type` or ABCMeta.
LIBRARY_CLASSES = frozenset(
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


def is_builtin_class(name):
    return isinstance(getattr(builtins, name, None), type) and name != "type"


def may_have(base, name):
    """Whether a class outside the corpus may define a member."""
    if base in PLAIN:
        return False
    return has(base, name) if is_builtin_class(base) else True


def has(base, name):
    return is_builtin_class(base) and name in dir(getattr(builtins, base))
