/** What is put behind the end of Python files: each thing written in two ways, of which many projects allow one only. */
import type { Text } from "./texts.ts";

/** None of them says anything about a project; whether a project minds is for its checker to say. */
export const PYTHON_TEXTS: readonly Text[] = [
  { name: "print", forms: ['print("here")', '_ = "here"'] },
  { name: "assert", forms: ["assert callable(len)", "_ = callable(len)"] },
  { name: "dict-call", forms: ["_ = dict(one=1)", '_ = {"one": 1}'] },
  { name: "list-around", forms: ["_ = list([one for one in range(2)])", "_ = [one for one in range(2) if one]"] },
  { name: "set-of-list", forms: ["_ = set([1, 2])", "_ = {1, 2}"] },
  { name: "copying-comprehension", forms: ["_ = [one for one in (1, 2)]", "_ = [1, 2]"] },
  { name: "equals-none", forms: ["_ = len == None", "_ = len is None"] },
  { name: "equal-types", forms: ["_ = type(1) == type(2)", "_ = isinstance(1, int)"] },
  { name: "named-lambda", forms: ["_size = lambda: 1", "def _size():\n    return 1"] },
  {
    name: "bare-except",
    forms: ["try:\n    _ = 1\nexcept:\n    _ = 2", "try:\n    _ = 1\nexcept ValueError:\n    _ = 2"],
  },
  {
    name: "mutable-default",
    forms: ["def _collect(found=[]):\n    return found", "def _collect(found=()):\n    return found"],
  },
  {
    name: "plain-exception",
    forms: ["if not callable(len):\n    raise Exception", "if not callable(len):\n    raise ValueError"],
  },
  {
    name: "message-in-raise",
    forms: [
      'if not callable(len):\n    raise ValueError("this is not a function")',
      "if not callable(len):\n    raise TypeError",
    ],
  },
  {
    name: "two-prefixes",
    forms: ['_ = "name".startswith("a") or "name".startswith("b")', '_ = "name".startswith(("a", "b"))'],
  },
  { name: "in-keys", forms: ["_ = 1 in {1: 2}.keys()", "_ = 1 in {1: 2}"] },
  { name: "format-call", forms: ['_ = "{}".format(len)', '_ = f"{len}"'] },
  { name: "percent", forms: ['_ = "%s" % len', '_ = f"{len} "'] },
  {
    name: "typing-list",
    forms: ["def _kind():\n    from typing import List\n\n    return List[int]", "def _kind():\n    return list[int]"],
  },
  {
    name: "typing-alias",
    forms: [
      "def _kind():\n    import typing\n\n    return typing.Any",
      "def _kind():\n    import typing as t\n\n    return t.Any",
    ],
  },
  {
    name: "joined-imports",
    forms: [
      "def _places():\n    from os import path, sep\n\n    return path, sep",
      "def _places():\n    from os import path\n    from os import sep\n\n    return path, sep",
    ],
  },
  {
    name: "import-order",
    forms: [
      "def _both():\n    import string\n    import os\n\n    return os, string",
      "def _both():\n    import os\n    import string\n\n    return os, string",
    ],
  },
  { name: "late-import", forms: ["import os as _os", "def _system():\n    import os\n\n    return os"] },
  { name: "long-line", forms: [`_ = "${"long ".repeat(18)}"`, `_ = "${"long ".repeat(12)}"`] },
  { name: "pointless-comparison", forms: ["len == print", "_ = len == print"] },
  { name: "pointless-expression", forms: ["[len]", "_ = [len]"] },
  { name: "unused-variable", forms: ["def _start():\n    begun = 1", "def _start():\n    return 1"] },
  { name: "undefined-name", forms: ["def _next():\n    return following", "def _next():\n    return len"] },
  {
    name: "unused-import",
    forms: ["def _load():\n    import json", "def _load():\n    import json\n\n    return json"],
  },
  {
    name: "unassigned-global",
    forms: [
      "def _count():\n    global _found\n    return _found\n\n\n_found = 1",
      "def _count():\n    return _found\n\n\n_found = 1",
    ],
  },
  {
    name: "open-mode",
    forms: [
      'def _read(name):\n    with open(name, "r") as file:\n        return file.read()',
      "def _read(name):\n    with open(name) as file:\n        return file.read()",
    ],
  },
  { name: "object-base", forms: ["class _Part(object):\n    part = 1", "class _Part:\n    part = 1"] },
  { name: "text-without-slots", forms: ["class _Text(str):\n    pass", "class _Text(str):\n    __slots__ = ()"] },
  {
    name: "super-arguments",
    forms: [
      "class _Part:\n    def start(self):\n        return super(_Part, self).start()",
      "class _Part:\n    def start(self):\n        return super().start()",
    ],
  },
  {
    name: "weak-hash",
    forms: [
      "def _digest(text):\n    import hashlib\n\n    return hashlib.md5(text)",
      "def _digest(text):\n    import hashlib\n\n    return hashlib.sha256(text)",
    ],
  },
  {
    name: "time-without-zone",
    forms: [
      "def _now():\n    import datetime\n\n    return datetime.datetime.now()",
      "def _now():\n    import time\n\n    return time.time()",
    ],
  },
  {
    name: "root-logger",
    forms: [
      'def _tell():\n    import logging\n\n    logging.warning("late")',
      'def _tell():\n    import logging\n\n    logging.getLogger(__name__).warning("late")',
    ],
  },
  { name: "sorted-list", forms: ["_ = sorted(list((2, 1)))", "_ = sorted((2, 1))"] },
  { name: "zip", forms: ["_ = zip((1,), (2,))", "_ = zip((1,), (2,), strict=True)"] },
  { name: "commented-code", forms: ["# _ = len(print)\n_ = 1", "# One is enough.\n_ = 1"] },
  { name: "magic-name", forms: ["l = 1", "_l = 1"] },
];
