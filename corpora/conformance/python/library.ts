import type { Features } from "../javascript/case.ts";

/** What Python's own library does with functions and classes. See cases.ts for the marks. */
export const LIBRARY: Features = {
  "built-ins with callbacks": [
    [
      "map calls what it is given with each element",
      `
/*f:*/def f(): return 1
kept = list/*><*>*/(map/*><map>*/(/*each:*/lambda one: one/*>f*/(), [f]))`,
    ],
    [
      "what map collects",
      `
/*f:*/def f(): return 1
for one in map/*><map>*/(/*same:*/lambda one: one, [f]):
    one/*>f*/()`,
    ],
    [
      "filter keeps elements",
      `
/*f:*/def f(): return True
for one in filter/*><filter>*/(/*good:*/lambda one: one/*>f*/(), [f]):
    one/*>f*/()`,
    ],
    [
      "the key of sorted, min, max and sort",
      `
/*A:*/class A:
    /*size:*/def size(self): return 1
all_of = [A/*>A*/(), A/*>A*/()]
for one in sorted/*><sorted>*/(all_of, key=/*k1:*/lambda a: a.size/*>size*/()):
    one.size/*>size*/()
max/*><max>,&k2*/(all_of, key=/*k2:*/lambda a: a.size/*>size*/()).size/*>size*/()
all_of.sort/*><sort>*/(key=/*k3:*/lambda a: a.size/*>size*/())`,
    ],
    [
      "reduce folds functions into one",
      `
import functools
/*f:*/def f(n): return n
/*g:*/def g(n): return n
/*join:*/def join(one, two): return /*both:*/lambda n: two/*>g*/(one/*>f*/(n))
run = functools.reduce/*><reduce>,&join*/(join, [f, g])
run/*>both|f*/(1)`,
    ],
    [
      "any and all over calls",
      `
/*f:*/def f(): return True
any/*><any>*/(one/*>f*/() for one in [f])
all/*><all>*/([one/*>f*/() for one in [f]])`,
    ],
    [
      "iterators over what they are given",
      `
import itertools
/*f:*/def f(): return 1
/*g:*/def g(): return 2
for one in itertools.chain/*><*>*/([f], [g]):
    one/*>f,g*/()
for one in reversed/*><*>*/([f]):
    one/*>f*/()
for one in iter/*><iter>*/([f]):
    one/*>f*/()
for one in itertools.islice/*><*>*/([g], 1):
    one/*>g*/()`,
    ],
    [
      "a function that runs in a thread",
      `
import threading
/*work:*/def work(run): return run/*>f*/()
/*f:*/def f(): return 1
thread = threading.Thread/*><*>*/(target=work, args=(f,))
thread.start/*><start>*/()
thread.join/*><join>*/()`,
    ],
    [
      "a function that runs in a pool",
      `
from concurrent.futures import ThreadPoolExecutor
/*work:*/def work(run): return run/*>f*/() or run
/*f:*/def f(): return 0
with ThreadPoolExecutor/*><*>*/() as pool:
    future = pool.submit/*><submit>*/(work, f)
    future.result/*><result>*/()/*>f*/()
    for one in pool.map/*><map>*/(work, [f]):
        one/*>f*/()`,
    ],
    [
      "a function that is called at the end",
      `
import contextlib
/*f:*/def f(g): return g/*>h*/()
/*h:*/def h(): return 1
with contextlib.ExitStack/*><*>*/() as stack:
    stack.callback/*><callback>*/(f, h)`,
    ],
    [
      "a function that re.sub calls",
      `
import re
/*f:*/def f(match): return match.group/*><group>*/(0) + g/*>g*/()
/*g:*/def g(): return "b"
re.sub/*><sub>,&f*/("a", f, "a")
re.compile/*><compile>*/("a").sub/*><*>,&f*/(f, "a")`,
    ],
  ],
  functools: [
    [
      "a partial function",
      `
import functools
/*f:*/def f(run, n): return run/*>g*/(n)
/*g:*/def g(n): return n
half = functools.partial/*><*>*/(f, g)
half/*>f*/(1)`,
    ],
    [
      "a partial function with arguments by keyword",
      `
from functools import partial
/*f:*/def f(n, run=None): return run/*>g*/(n)
/*g:*/def g(n): return n
half = partial/*><*>*/(f, run=g)
half/*>f*/(1)`,
    ],
    [
      "a partial method",
      `
import functools
/*A:*/class A:
    /*set:*/def set(self, run): return run/*>f*/()
    reset = functools.partialmethod/*><*>*/(set, /*f:*/lambda: 1)
A/*>A*/().reset/*>set*/()`,
    ],
    [
      "a cached function",
      `
import functools
/*f:*/@functools.lru_cache/*><lru_cache>*/(maxsize=None)
def f(): return g
/*g:*/def g(): return 1
/*h:*/@functools.cache
def h(): return g
f/*>f*/()/*>g*/()
h/*>h*/()/*>g*/()`,
    ],
    [
      "a function that is chosen by the class of its argument",
      `
import functools
/*show:*/@functools.singledispatch
def show(one): return "?"
/*number:*/@show.register/*><*>*/(int)
def _(one): return "int"
show/*>show|number*/("a")
show/*>number|show*/(1)`,
    ],
    [
      "a comparison that total_ordering adds",
      `
import functools
@functools.total_ordering
class A:
    /*init:*/def __init__(self, n): self.n = n
    /*eq:*/def __eq__(self, other): return self.n == other.n
    /*lt:*/def __lt__(self, other): return self.n < other.n
a, b = A/*>init*/(1), A/*>init*/(2)
/*@operator>lt*/a < b
/*@operator>eq*/a == b`,
    ],
  ],
  "classes that the library writes": [
    [
      "a dataclass keeps what it is called with",
      `
from dataclasses import dataclass
/*A:*/@dataclass
class A:
    run: object
    n: int = 1
    /*go:*/def go(self): return self.run/*>f*/()
/*f:*/def f(): return 1
A/*>A*/(f).go/*>go*/()
A/*>A*/(run=f, n=2).run/*>f*/()`,
    ],
    [
      "a dataclass with options, a factory and a last step",
      `
import dataclasses
/*A:*/@dataclasses.dataclass/*><dataclass>*/(frozen=True)
class A:
    all: list = dataclasses.field/*><field>*/(default_factory=list)
    /*post:*/def __post_init__(self):
        self.all.append/*><append>*/(f)
    /*go:*/def go(self):
        for one in self.all:
            one/*>f*/()
/*f:*/def f(): return 1
A/*>A*/().go/*>go*/()`,
    ],
    [
      "a dataclass that adds fields to those of another",
      `
from dataclasses import dataclass
/*A:*/@dataclass
class A:
    first: object
/*B:*/@dataclass
class B(A):
    second: object
/*f:*/def f(): return 1
/*g:*/def g(): return 2
b = B/*>B*/(f, g)
b.first/*>f*/()
b.second/*>g*/()`,
    ],
    [
      "a named tuple as a class",
      `
from typing import NamedTuple
/*Job:*/class Job(NamedTuple):
    name: str
    run: object
    /*go:*/def go(self): return self.run/*>f*/()
/*f:*/def f(): return 1
job = Job/*>Job*/("a", f)
job.go/*>go*/()
name, run = job
run/*>f*/()
job[1]/*>f*/()`,
    ],
    [
      "a named tuple that a call makes",
      `
import collections
Job = collections.namedtuple/*><namedtuple>*/("Job", ["name", "run"])
/*f:*/def f(): return 1
job = Job/*><*>*/("a", run=f)
job.run/*>f*/()`,
    ],
    [
      "an enumeration with methods",
      `
import enum
class Kind(enum.Enum):
    A = 1
    B = 2
    /*show:*/def show(self): return self.text/*>text*/()
    /*text:*/def text(self): return "a"
Kind.A.show/*>show*/()
for kind in Kind:
    kind.show/*>show*/()`,
    ],
    [
      "a namespace that keeps what it is called with",
      `
import types
/*f:*/def f(): return 1
space = types.SimpleNamespace/*><*>*/(run=f)
space.run/*>f*/()`,
    ],
    [
      "a subclass of dict",
      `
/*Table:*/class Table(dict):
    /*missing:*/def __missing__(self, key): return f
    /*run:*/def run(self): return self["a"]/*>f*/()
/*f:*/def f(): return 1
table = Table/*>Table*/()
table["b"] = f
table.run/*>run*/()
table["b"]/*>f*/()`,
    ],
    [
      "a subclass of list",
      `
/*Jobs:*/class Jobs(list):
    /*add:*/def add(self, run): self.append/*><append>*/(run)
/*f:*/def f(): return 1
jobs = Jobs/*>Jobs*/()
jobs.add/*>add*/(f)
for one in jobs:
    one/*>f*/()`,
    ],
  ],
  "copies and weak references": [
    [
      "a copy has the methods of the original",
      `
import copy
/*A:*/class A:
    /*go:*/def go(self): return 1
copy.copy/*><copy>*/(A/*>A*/()).go/*>go*/()
copy.deepcopy/*><deepcopy>*/([A/*>A*/()])[0].go/*>go*/()`,
    ],
    [
      "a weak reference is called for what it means",
      `
import weakref
/*A:*/class A:
    /*go:*/def go(self): return 1
a = A/*>A*/()
ref = weakref.ref/*><*>*/(a)
ref/*><*>*/().go/*>go*/()`,
    ],
  ],
};
