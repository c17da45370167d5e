import type { Features } from "../javascript/case.ts";

/** Functions: how they are written, bound, handed on and called. See cases.ts for the marks. */
export const FUNCTIONS: Features = {
  "functions, closures, lambdas": [
    [
      "a function calls another that is defined below it",
      `
/*f:*/def f(): return g/*>g*/()
/*g:*/def g(): return 1
f/*>f*/()`,
    ],
    [
      "a closure over an argument",
      `
/*outer:*/def outer(n):
    /*inner:*/def inner(): return n/*>one*/()
    return inner
/*one:*/def one(): return 1
outer/*>outer*/(one)/*>inner*/()`,
    ],
    [
      "a lambda in a variable, and one called where it is written",
      `
double = /*double:*/lambda n: n * 2
double/*>double*/(2)
(/*once:*/lambda: 1)/*>once*/()`,
    ],
    [
      "a name that is bound again means the newest binding from there on",
      `
/*a:*/def f(): return 1
f/*>a*/()
/*b:*/def f(): return 2
f/*>b*/()`,
    ],
    [
      "an inner function hides an outer one of its name",
      `
/*out:*/def f(): return 1
/*g:*/def g():
    /*in:*/def f(): return 2
    return f/*>in*/()
g/*>g*/()
f/*>out*/()`,
    ],
    [
      "a nonlocal statement binds the variable of the function around",
      `
/*make:*/def make():
    step = /*first:*/lambda: 1
    /*change:*/def change():
        nonlocal step
        step = /*second:*/lambda: 2
    change/*>change*/()
    return step/*>second|first*/()
make/*>make*/()`,
    ],
    [
      "a global statement binds the variable of the module",
      `
run = /*before:*/lambda: 1
/*change:*/def change():
    global run
    run = /*after:*/lambda: 2
change/*>change*/()
run/*>after|before*/()`,
    ],
    [
      "recursion of one function and of two",
      `
/*fact:*/def fact(n): return 1 if n < 2 else n * fact/*>fact*/(n - 1)
/*even:*/def even(n): return n == 0 or odd/*>odd*/(n - 1)
/*odd:*/def odd(n): return n != 0 and even/*>even*/(n - 1)
fact/*>fact*/(3)
even/*>even*/(3)`,
    ],
    [
      "closures that a loop makes",
      `
made = []
for n in [1, 2]:
    made.append/*><append>*/(/*get:*/lambda n=n: n)
for one in made:
    one/*>get*/()`,
    ],
  ],
  "functions as values": [
    [
      "an alias of an alias",
      `
/*f:*/def f(): return 1
g = f
h = g
h/*>f*/()`,
    ],
    [
      "a function given as an argument and handed on",
      `
/*first:*/def first(call): return second/*>second*/(call)
/*second:*/def second(call): return call/*>g*/()
/*g:*/def g(): return 1
first/*>first*/(g)`,
    ],
    [
      "the result of the result of a call is called",
      `
/*f:*/def f(): return g
/*g:*/def g(): return h
/*h:*/def h(): return 1
f/*>f*/()/*>g*/()/*>h*/()`,
    ],
    [
      "one of two functions, chosen by a conditional expression",
      `
import os
/*a:*/def a(): return 1
/*b:*/def b(): return 2
run = a if os.sep == "/" else b
run/*>a|b*/()`,
    ],
    [
      "a function behind or",
      `
/*f:*/def f(): return 1
/*use:*/def use(given=None):
    run = given or f
    return run/*>f*/()
use/*>use*/()`,
    ],
    [
      "a bound method in a variable keeps its instance",
      `
/*A:*/class A:
    /*go:*/def go(self): return self.stop/*>stop*/()
    /*stop:*/def stop(self): return 1
run = A/*>A*/().go
run/*>go*/()`,
    ],
    [
      "functions kept as attributes of a function",
      `
/*f:*/def f(): return f.hook/*>g*/()
/*g:*/def g(): return 1
f.hook = g
f/*>f*/()`,
    ],
    [
      "several variables bound by one statement",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
a, b = f, g
c = d = f
a/*>f*/()
b/*>g*/()
c/*>f*/()
d/*>f*/()`,
    ],
    [
      "a walrus binds what it yields",
      `
/*f:*/def f(): return g
/*g:*/def g(): return 1
if (found := f/*>f*/()):
    found/*>g*/()`,
    ],
    [
      "a walrus in a comprehension binds a name around it",
      `
/*f:*/def f(): return 1
kept = [last := one for one in [f]]
last/*>f*/()`,
    ],
  ],
  parameters: [
    [
      "arguments by keyword, in another order",
      `
/*call:*/def call(first, second): return second/*>g*/()
/*f:*/def f(): return 1
/*g:*/def g(): return 2
call/*>call*/(second=g, first=f)`,
    ],
    [
      "parameters that are given by keyword only",
      `
/*call:*/def call(*, run): return run/*>f*/()
/*f:*/def f(): return 1
call/*>call*/(run=f)`,
    ],
    [
      "parameters that are given by position only",
      `
/*call:*/def call(run, /, **rest): return run/*>f*/(), rest["run"]/*>g*/()
/*f:*/def f(): return 1
/*g:*/def g(): return 2
call/*>call*/(f, run=g)`,
    ],
    [
      "a default that is a function",
      `
/*f:*/def f(): return 1
/*call:*/def call(run=f): return run/*>f*/()
call/*>call*/()`,
    ],
    [
      "a default that is a call, made once",
      `
/*f:*/def f(): return g
/*g:*/def g(): return 1
/*call:*/def call(run=f/*>f*/()): return run/*>g*/()
call/*>call*/()
call/*>call*/()`,
    ],
    [
      "a given function in place of the default",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
/*call:*/def call(run=f): return run/*>g|f*/()
call/*>call*/(g)`,
    ],
    [
      "*args holds what is given by position",
      `
/*call:*/def call(*args):
    args[0]/*>f*/()
    for one in args:
        one/*>f*/()
/*f:*/def f(): return 1
call/*>call*/(f)`,
    ],
    [
      "**kwargs holds what is given by name",
      `
/*call:*/def call(**kwargs): return kwargs["run"]/*>f*/()
/*f:*/def f(): return 1
call/*>call*/(run=f)`,
    ],
    [
      "a list spread over parameters",
      `
/*call:*/def call(a, b): return b/*>g|f*/()
/*f:*/def f(): return 1
/*g:*/def g(): return 2
both = [f, g]
call/*>call*/(*both)`,
    ],
    [
      "a dictionary spread over parameters",
      `
/*call:*/def call(run, stop): return run/*>f*/(), stop/*>g*/()
/*f:*/def f(): return 1
/*g:*/def g(): return 2
call/*>call*/(**{"stop": g, "run": f})`,
    ],
    [
      "all arguments handed on",
      `
/*outer:*/def outer(*args, **kwargs): return inner/*>inner*/(*args, **kwargs)
/*inner:*/def inner(a, run=None): return a/*>f*/(), run/*>g*/()
/*f:*/def f(): return 1
/*g:*/def g(): return 2
outer/*>outer*/(f, run=g)`,
    ],
  ],
  decorators: [
    [
      "a decorator that gives back what it gets",
      `
/*mark:*/def mark(f):
    f.marked = True
    return f
/*@decorator>mark*//*run:*/@mark
def run(): return 1
run/*>run*/()`,
    ],
    [
      "a decorator that wraps",
      `
/*wrap:*/def wrap(f):
    /*inner:*/def inner(*args, **kwargs): return f/*>run*/(*args, **kwargs)
    return inner
/*@decorator>wrap*//*run:*/@wrap
def run(n): return n
run/*>inner*/(1)`,
    ],
    [
      "a decorator under functools.wraps",
      `
import functools
/*wrap:*/def wrap(f):
    /*inner:*/@functools.wraps/*><wraps>*/(f)
    def inner(*args): return f/*>run*/(*args)
    return inner
/*@decorator>wrap*//*run:*/@wrap
def run(n): return n
run/*>inner*/(1)`,
    ],
    [
      "a decorator with arguments",
      `
/*times:*/def times(n):
    /*wrap:*/def wrap(f):
        /*inner:*/def inner(): return [f/*>run*/() for _ in range/*><range>*/(n)]
        return inner
    return wrap
/*@decorator>wrap*//*run:*/@times/*>times*/(2)
def run(): return 1
run/*>inner*/()`,
    ],
    [
      "stacked decorators are called from the bottom",
      `
/*a:*/def a(f):
    /*ina:*/def ina(): return f/*>inb*/()
    return ina
/*b:*/def b(f):
    /*inb:*/def inb(): return f/*>run*/()
    return inb
/*@decorator>a*//*run:*/@a
/*@decorator>b*/@b
def run(): return 1
run/*>ina*/()`,
    ],
    [
      "a class as a decorator",
      `
class Wrap:
    /*init:*/def __init__(self, f): self.f = f
    /*call:*/def __call__(self): return self.f/*>run*/()
/*@decorator>init*//*run:*/@Wrap
def run(): return 1
run/*>call*/()`,
    ],
    [
      "an instance as a decorator",
      `
class Times:
    /*init:*/def __init__(self, n): self.n = n
    /*wrap:*/def __call__(self, f):
        /*inner:*/def inner(): return f/*>run*/()
        return inner
/*@decorator>wrap*//*run:*/@Times/*>init*/(2)
def run(): return 1
run/*>inner*/()`,
    ],
    [
      "a decorator that registers what it is put on",
      `
handlers = {}
/*on:*/def on(name):
    /*keep:*/def keep(f):
        handlers[name] = f
        return f
    return keep
/*@decorator>keep*//*start:*/@on/*>on*/("start")
def start(): return 1
handlers["start"]/*>start*/()
start/*>start*/()`,
    ],
    [
      "a decorator that is a method of an object",
      `
class App:
    /*init:*/def __init__(self): self.routes = []
    /*route:*/def route(self, path):
        /*keep:*/def keep(f):
            self.routes.append/*><append>*/(f)
            return f
        return keep
    /*run:*/def run(self):
        for one in self.routes:
            one/*>index*/()
app = App/*>init*/()
/*@decorator>keep*//*index:*/@app.route/*>route*/("/")
def index(): return 1
app.run/*>run*/()`,
    ],
    [
      "one decorator, made by a call, that stands before several functions",
      `
/*counting:*/def counting(most):
    /*counted:*/def counted(f):
        /*inner:*/def inner(*args): return f/*>one,two*/(*args)
        return inner
    return counted
keep = counting/*>counting*/(10)
/*A:*/class A:
    /*goa:*/def go(self): return 1
/*B:*/class B:
    /*gob:*/def go(self): return 2
/*@decorator>counted*//*one:*/@keep
def one(): return A/*>A*/()
/*@decorator>counted*//*two:*/@keep
def two(): return B/*>B*/()
one/*>inner*/().go/*>goa*/()
two/*>inner*/().go/*>gob*/()`,
    ],
    [
      "instances of one class that stand before several functions",
      `
class Wrap:
    /*init:*/def __init__(self, f): self.f = f
    /*call:*/def __call__(self): return self.f/*>one,two*/()
/*A:*/class A:
    /*goa:*/def go(self): return 1
/*B:*/class B:
    /*gob:*/def go(self): return 2
/*@decorator>init*//*one:*/@Wrap
def one(): return A/*>A*/()
/*@decorator>init*//*two:*/@Wrap
def two(): return B/*>B*/()
one/*>call*/().go/*>goa*/()
two/*>call*/().go/*>gob*/()`,
    ],
    [
      "a class that is a decorator with and without arguments",
      `
from functools import partial
/*Wrap:*/class Wrap:
    /*new:*/def __new__(cls, f=None, *, name=None):
        if f is None:
            return partial/*><partial>*/(Wrap, name=name)
        self = object.__new__/*><__new__>*/(cls)
        self.f = f
        return self
    /*call:*/def __call__(self): return self.f/*>one,two*/()
/*A:*/class A:
    /*goa:*/def go(self): return 1
/*B:*/class B:
    /*gob:*/def go(self): return 2
/*one:*/@Wrap
def one(): return A/*>A*/()
/*two:*/@Wrap/*>Wrap,&new*/(name="two")
def two(): return B/*>B*/()
one/*>call*/().go/*>goa*/()
two/*>call*/().go/*>gob*/()`,
    ],
    [
      "a class that is a decorator and sets up much",
      `
class Wrap:
    /*new:*/def __new__(cls, f, *, name=None):
        self = object.__new__/*><__new__>*/(cls)
${Array.from({ length: 120 }, (_, index) => `        self.a${index} = name\n`).join("")}        self.f = f
        return self
    /*call:*/def __call__(self, x): return self.f/*>one,two*/(x)
/*A:*/class A:
    /*goa:*/def go(self): return 1
/*B:*/class B:
    /*gob:*/def go(self): return 2
/*one:*/@Wrap
def one(x): return x.go/*>goa*/()
/*two:*/@Wrap
def two(x): return x.go/*>gob*/()
one/*>call*/(A/*>A*/())
two/*>call*/(B/*>B*/())`,
    ],
    [
      "a class that is a decorator, with arguments or without, and does much when it is called",
      `
from functools import partial
/*Wrap:*/class Wrap:
    /*new:*/def __new__(cls, f=None, *, name=None):
        if f is None:
            return partial/*><partial>*/(Wrap, name=name)
        self = object.__new__/*><__new__>*/(cls)
        self.f = f
        return self
    /*call:*/def __call__(self, *args, **kwargs):
${Array.from({ length: 160 }, (_, index) => `        a${index} = [args]\n`).join("")}        return self.f/*>one,two*/(*args, **kwargs)
/*A:*/class A:
    /*goa:*/def go(self): return 1
/*B:*/class B:
    /*gob:*/def go(self): return 2
/*one:*/@Wrap
def one(x): return x.go/*>goa*/()
/*two:*/@Wrap/*>Wrap,&new*/(name="two")
def two(x): return x.go/*>gob*/()
one/*>call*/(A/*>A*/())
two/*>call*/(B/*>B*/())`,
    ],
    [
      "a decorator that gives back each of several classes",
      `
kept = {}
/*keep:*/def keep(c):
    kept[c.__name__] = c
    if len/*><len>*/(kept) > 5:
        return kept["A"]
    return kept[c.__name__]
/*@decorator>keep*//*A:*/@keep
class A:
    /*goa:*/def go(self): return 1
/*@decorator>keep*//*B:*/@keep
class B:
    /*gob:*/def go(self): return 2
A/*>A*/().go/*>goa*/()
B/*>B*/().go/*>gob*/()`,
    ],
    [
      "overloads are signatures of what is defined below them",
      {
        "main.py": `
from tools import A, read
read/*>read*/(1)
A/*>A*/().go/*>go*/(1)
A.make/*>make*/(1)`,
        "tools.py": `
import typing as t
from typing import overload
/*@decorator><overload>*//*readint:*/@overload
def read(n: int) -> int: ...
/*@decorator><overload>*//*readtext:*/@overload
def read(n: str) -> str: ...
/*read:*/def read(n): return n
/*A:*/class A:
    /*@decorator><overload>*//*goint:*/@t.overload
    def go(self, n: int) -> int: ...
    /*@decorator><overload>*//*gotext:*/@t.overload
    def go(self, n: str) -> str: ...
    /*go:*/def go(self, n): return n
    /*@decorator><overload>*//*makeint:*/@t.overload
    @staticmethod
    def make(n: int) -> int: ...
    /*@decorator><overload>*//*maketext:*/@t.overload
    @staticmethod
    def make(n: str) -> str: ...
    /*make:*/@staticmethod
    def make(n): return n`,
      },
    ],
    [
      "a decorated method",
      `
/*log:*/def log(f):
    /*inner:*/def inner(self, *args): return f/*>go*/(self, *args)
    return inner
/*A:*/class A:
    /*@decorator>log*//*go:*/@log
    def go(self, n): return self.end/*>end*/(n)
    /*end:*/def end(self, n): return n
A/*>A*/().go/*>inner*/(1)`,
    ],
    [
      "a decorator of a class that gives it back",
      `
known = {}
/*keep:*/def keep(cls):
    known[cls.__name__] = cls
    return cls
/*@decorator>keep*//*A:*/@keep
class A:
    /*go:*/def go(self): return 1
A/*>A*/().go/*>go*/()
known["A"]/*>A*/().go/*>go*/()`,
    ],
    [
      "a decorator that can be used with and without arguments",
      `
/*mark:*/def mark(f=None, *, name=None):
    /*wrap:*/def wrap(f):
        /*inner:*/def inner(): return f/*>a,b*/()
        return inner
    return wrap if f is None else wrap/*>wrap*/(f)
/*@decorator>mark*//*a:*/@mark
def a(): return 1
/*@decorator>wrap*//*b:*/@mark/*>mark*/(name="b")
def b(): return 2
a/*>inner|wrap*/()
b/*>inner*/()`,
    ],
  ],
  generators: [
    [
      "a function that a generator yields",
      `
/*make:*/def make():
    yield f
    yield g
/*f:*/def f(): return 1
/*g:*/def g(): return 2
for one in make/*>make*/():
    one/*>f,g*/()`,
    ],
    [
      "yield from another generator",
      `
/*inner:*/def inner(): yield f
/*outer:*/def outer(): yield from inner/*>inner*/()
/*f:*/def f(): return 1
for one in outer/*>outer*/():
    one/*>f*/()`,
    ],
    [
      "what next takes from a generator",
      `
/*make:*/def make(): yield f
/*f:*/def f(): return 1
one = next/*><next>*/(make/*>make*/())
one/*>f*/()`,
    ],
    [
      "what is sent to a generator",
      `
/*make:*/def make():
    given = yield
    yield given/*>f*/()
/*f:*/def f(): return 1
gen = make/*>make*/()
next/*><next>*/(gen)
gen.send/*><send>*/(f)`,
    ],
    [
      "what a generator returns reaches yield from",
      `
/*inner:*/def inner():
    yield 1
    return f
/*outer:*/def outer():
    run = yield from inner/*>inner*/()
    run/*>f*/()
/*f:*/def f(): return 1
for _ in outer/*>outer*/():
    pass`,
    ],
    [
      "a generator expression",
      `
/*f:*/def f(): return 1
all_of = (one for one in [f])
for one in all_of:
    one/*>f*/()`,
    ],
    [
      "a method that is a generator",
      `
/*A:*/class A:
    /*items:*/def items(self):
        yield self.f
    /*f:*/def f(self): return 1
for one in A/*>A*/().items/*>items*/():
    one/*>f*/()`,
    ],
  ],
  "async functions": [
    [
      "what a coroutine gives to await",
      `
import asyncio
/*make:*/async def make(): return f
/*f:*/def f(): return 1
/*main:*/async def main():
    run = await make/*>make*/()
    run/*>f*/()
asyncio.run/*><run>*/(main/*>main*/())`,
    ],
    [
      "async for goes over an asynchronous generator",
      `
import asyncio
/*make:*/async def make(): yield f
/*f:*/def f(): return 1
/*main:*/async def main():
    async for one in make/*>make*/():
        one/*>f*/()
    [one/*>f*/() async for one in make/*>make*/()]
asyncio.run/*><run>*/(main/*>main*/())`,
    ],
    [
      "async with enters and leaves",
      `
import asyncio
/*A:*/class A:
    /*enter:*/async def __aenter__(self): return self
    /*leave:*/async def __aexit__(self, *error): return None
    /*go:*/def go(self): return 1
/*main:*/async def main():
    async with A/*>A*/() as a:
        a.go/*>go*/()
asyncio.run/*><run>*/(main/*>main*/())`,
    ],
    [
      "what asyncio.gather collects",
      `
import asyncio
/*a:*/async def a(): return f
/*b:*/async def b(): return g
/*f:*/def f(): return 1
/*g:*/def g(): return 2
/*main:*/async def main():
    one, two = await asyncio.gather/*><gather>*/(a/*>a*/(), b/*>b*/())
    one/*>f|g*/()
    two/*>g|f*/()
asyncio.run/*><run>*/(main/*>main*/())`,
    ],
  ],
};
