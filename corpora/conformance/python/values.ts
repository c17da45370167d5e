import { type Features, many } from "../javascript/case.ts";

/** Values that functions are kept in, and how they are taken out. See cases.ts for the marks. */
export const VALUES: Features = {
  "lists, tuples, sets": [
    [
      "a function at a place in a list",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
both = [f, g]
both[0]/*>f*/()
both[1]/*>g*/()`,
    ],
    [
      "a list that is filled afterwards",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
kept = []
kept.append/*><append>*/(f)
kept.extend/*><extend>*/([g])
kept.insert/*><insert>*/(0, g)
for one in kept:
    one/*>f,g*/()`,
    ],
    [
      "what pop takes from a list",
      `
/*f:*/def f(): return 1
kept = [f]
one = kept.pop/*><pop>*/()
one/*>f*/()`,
    ],
    [
      "a list that is changed at a place",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
kept = [f]
kept[0] = g
kept[0]/*>g|f*/()`,
    ],
    [
      "a tuple is taken apart",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
/*both:*/def both(): return f, g
one, two = both/*>both*/()
one/*>f*/()
two/*>g*/()`,
    ],
    [
      "what a star takes when a sequence is taken apart",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
/*h:*/def h(): return 3
first, *rest = [f, g, h]
first/*>f*/()
rest[0]/*>g|h*/()
rest[1]/*>h|g*/()`,
    ],
    [
      "sequences inside sequences",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
table = [("a", f), ("b", g)]
for name, one in table:
    one/*>f,g*/()
table[0][1]/*>f*/()`,
    ],
    [
      "the sum of two lists, a slice, and a copy",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
both = [f] + [g]
for one in both[1:]:
    one/*>g|f*/()
for one in both.copy/*><copy>*/():
    one/*>f,g*/()`,
    ],
    [
      "functions in a set",
      `
/*f:*/def f(): return 1
kept = {f}
kept.add/*><add>*/(f)
for one in kept:
    one/*>f*/()`,
    ],
    [
      "a list that a spread fills",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
first = [f]
both = [*first, g]
for one in both:
    one/*>f,g*/()`,
    ],
    [
      "a loop over two lists at once, and one with numbers",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
for a, b in zip/*><zip>*/([f], [g]):
    a/*>f*/()
    b/*>g*/()
for n, one in enumerate/*><enumerate>*/([f]):
    one/*>f*/()`,
    ],
  ],
  dictionaries: [
    [
      "dispatch by a dictionary of functions",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
table = {"f": f, "g": g}
table["f"]/*>f*/()
table["g"]/*>g*/()`,
    ],
    [
      "a dictionary of more functions than are followed one by one",
      `
${many((n) => `/*f${n}:*/def f${n}(): return ${n}`, "\n")}
table = {${many((n) => `"${n}": f${n}`)}}
for name in table:
    table[name]/*>${many((n) => `f${n}`)}*/()`,
    ],
    [
      "a list of more instances than are followed one by one",
      `
${many((n) => `/*C${n}:*/class C${n}:\n    /*m${n}:*/def m(self): return ${n}`, "\n")}
kept = [${many((n) => `C${n}/*>C${n}*/()`, ",\n")}]
for one in kept:
    one.m/*>${many((n) => `m${n}`)}*/()`,
    ],
    [
      "a key that is known only when the program runs",
      `
import os
/*f:*/def f(): return 1
/*g:*/def g(): return 2
table = {"/": f, "other": g}
table[os.sep]/*>f|g*/()`,
    ],
    [
      "a dictionary that is filled afterwards",
      `
/*f:*/def f(): return 1
table = {}
table["f"] = f
table["f"]/*>f*/()`,
    ],
    [
      "get with a default, and setdefault",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
table = {"f": f}
table.get/*><get>*/("f")/*>f*/()
table.get/*><get>*/("x", g)/*>g*/()
table.setdefault/*><setdefault>*/("y", g)/*>g*/()
table["y"]/*>g*/()`,
    ],
    [
      "loops over values, items and keys",
      `
/*f:*/def f(): return 1
/*k:*/def k(): return 2
table = {k: f}
for one in table.values/*><values>*/():
    one/*>f*/()
for key, one in table.items/*><items>*/():
    key/*>k*/()
    one/*>f*/()
for key in table:
    key/*>k*/()`,
    ],
    [
      "a dictionary taken over by another",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
one = {"f": f}
two = {**one, "g": g}
two["f"]/*>f*/()
three = {}
three.update/*><update>*/(two)
three["g"]/*>g*/()
four = dict/*><dict>*/(one, h=g)
four["h"]/*>g*/()
five = one | two
five["g"]/*>g*/()`,
    ],
    [
      "dictionaries inside dictionaries, and lists inside them",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
tree = {"a": {"b": f}, "c": [g]}
tree["a"]["b"]/*>f*/()
tree["c"][0]/*>g*/()`,
    ],
    [
      "classes in a dictionary",
      `
/*A:*/class A:
    /*a:*/def go(self): return 1
/*B:*/class B:
    /*b:*/def go(self): return 2
kinds = {"a": A, "b": B}
/*make:*/def make(kind): return kinds[kind]/*>A|B*/()
make/*>make*/("a").go/*>a|b*/()`,
    ],
    [
      "a dictionary that makes what it lacks",
      `
import collections
/*f:*/def f(): return 1
table = collections.defaultdict/*><*>*/(list)
table["a"].append/*><append>*/(f)
for one in table["a"]:
    one/*>f*/()`,
    ],
    [
      "methods in a dictionary of an object",
      `
class Shell:
    /*init:*/def __init__(self): self.known = {"go": self.go, "stop": self.stop}
    /*run:*/def run(self, name): return self.known[name]/*>go|stop*/()
    /*go:*/def go(self): return self.end/*>end*/()
    /*stop:*/def stop(self): return 2
    /*end:*/def end(self): return 3
Shell/*>init*/().run/*>run*/("go")`,
    ],
  ],
  comprehensions: [
    [
      "a list comprehension calls what it goes over",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
[one/*>f,g*/() for one in [f, g]]`,
    ],
    [
      "what a comprehension collects",
      `
/*f:*/def f(): return 1
/*wrap:*/def wrap(one): return one
kept = [wrap/*>wrap*/(one) for one in [f]]
kept[0]/*>f*/()`,
    ],
    [
      "a dictionary comprehension",
      `
/*f:*/def f(): return 1
table = {name: one for name, one in [("f", f)]}
table["f"]/*>f*/()`,
    ],
    [
      "a set comprehension with a condition, and one inside another",
      `
/*f:*/def f(): return 1
/*good:*/def good(one): return True
kept = {one for one in [f] if good/*>good*/(one)}
for one in kept:
    one/*>f*/()
[one/*>f*/() for row in [[f]] for one in row]`,
    ],
    [
      "a variable of a comprehension is its own",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
one = f
[one/*>g*/() for one in [g]]
one/*>f*/()`,
    ],
  ],
  "attributes by name": [
    [
      "getattr with a name that is written out",
      `
/*A:*/class A:
    /*go:*/def go(self): return 1
getattr/*><getattr>*/(A/*>A*/(), "go")/*>go*/()`,
    ],
    [
      "getattr with one of several names",
      `
/*A:*/class A:
    /*go:*/def go(self): return 1
    /*stop:*/def stop(self): return 2
a = A/*>A*/()
for name in ["go", "stop"]:
    getattr/*><getattr>*/(a, name)/*>go,stop*/()`,
    ],
    [
      "setattr with a name that is written out",
      `
/*A:*/class A: pass
/*f:*/def f(): return 1
a = A/*>A*/()
setattr/*><setattr>*/(a, "run", f)
a.run/*>f*/()`,
    ],
    [
      "a name put together from two texts",
      `
class Visitor:
    /*visit:*/def visit(self, kind):
        run = getattr/*><getattr>*/(self, "visit_" + kind, None)
        return run/*>num|text*/()
    /*num:*/def visit_num(self): return 1
    /*text:*/def visit_text(self): return 2
    /*init:*/def __init__(self): self.depth = 0
Visitor/*>init*/().visit/*>visit*/("num")`,
    ],
    [
      "a family of methods, chosen by the beginning of their names",
      `
class Printer:
    /*show:*/def show(self, value):
        return getattr/*><getattr>*/(self, "show_" + type/*><type>*/(value).__name__)/*>num,text*/(value)
    /*num:*/def show_int(self, value): return 1
    /*text:*/def show_str(self, value): return 2
    /*init:*/def __init__(self): self.depth = 0
printer = Printer/*>init*/()
printer.show/*>show*/(1)
printer.show/*>show*/("a")`,
    ],
    [
      "the same, with the name written as a format",
      `
class Runner:
    /*first:*/def first(self, line): return getattr/*><getattr>*/(self, "do_%s" % line[0])/*>a,b*/()
    /*second:*/def second(self, line): return getattr/*><getattr>*/(self, f"do_{line[0]}")/*>a,b*/()
    /*third:*/def third(self, line): return getattr/*><getattr>*/(self, "do_{}".format/*><format>*/(line[0]))/*>a,b*/()
    /*a:*/def do_a(self): return 1
    /*b:*/def do_b(self): return 2
    /*init:*/def __init__(self): self.depth = 0
runner = Runner/*>init*/()
for line in ["a!", "b!"]:
    runner.first/*>first*/(line)
    runner.second/*>second*/(line)
    runner.third/*>third*/(line)`,
    ],
    [
      "a function of the module by its name",
      `
/*f:*/def f(): return 1
globals/*><globals>*/()["f"]/*>f*/()`,
    ],
  ],
  "heaps and queues": [
    [
      "what a heap gives back",
      `
import heapq
/*f:*/def f(): return 1
/*g:*/def g(): return 2
heap = []
heapq.heappush/*><heappush>*/(heap, (2, f))
heapq.heappush/*><heappush>*/(heap, (1, g))
while heap:
    _, run = heapq.heappop/*><heappop>*/(heap)
    run/*>f,g*/()`,
    ],
    [
      "what a queue gives back",
      `
from queue import Queue
/*f:*/def f(): return 1
waiting = Queue/*><Queue>*/()
waiting.put/*><put>*/(f)
waiting.get/*><get>*/()/*>f*/()`,
    ],
    [
      "the least of a list",
      `
import heapq
class A:
    /*init:*/def __init__(self, n): self.n = n
    /*go:*/def go(self): return self.n
for one in heapq.nsmallest/*><nsmallest>*/(1, [A/*>init*/(1)]):
    one.go/*>go*/()`,
    ],
  ],
  "match statements": [
    [
      "what a pattern captures",
      `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
/*run:*/def run(given):
    match given:
        case [one, two]:
            return one/*>f*/(), two/*>g|f*/()
        case {"run": one}:
            return one/*>g*/()
        case one:
            return one/*>f*/()
run/*>run*/([f, g])
run/*>run*/({"run": g})
run/*>run*/(f)`,
    ],
    [
      "a class pattern says what an object is",
      `
/*A:*/class A:
    /*a:*/def go(self): return 1
/*B:*/class B:
    /*b:*/def go(self): return 2
/*run:*/def run(one):
    match one:
        case A():
            return one.go/*>a*/()
        case B():
            return one.go/*>b*/()
run/*>run*/(A/*>A*/())
run/*>run*/(B/*>B*/())`,
    ],
    [
      "a class pattern takes an attribute",
      `
class Job:
    /*init:*/def __init__(self, run): self.run = run
/*f:*/def f(): return 1
match Job/*>init*/(f):
    case Job(run=one):
        one/*>f*/()`,
    ],
  ],
  "tests of what a value is": [
    [
      "isinstance says which class an argument has",
      `
/*A:*/class A:
    /*a:*/def go(self): return 1
/*B:*/class B:
    /*b:*/def go(self): return 2
/*run:*/def run(one):
    if isinstance/*><isinstance>*/(one, A):
        return one.go/*>a*/()
    return one.go/*>b*/()
run/*>run*/(A/*>A*/())
run/*>run*/(B/*>B*/())`,
    ],
    [
      "an argument that may be a function or its name",
      `
/*f:*/def f(): return 1
known = {"f": f}
/*run:*/def run(given):
    if isinstance/*><isinstance>*/(given, str):
        given = known[given]
    return given/*>f*/()
run/*>run*/("f")
run/*>run*/(f)`,
    ],
    [
      "callable tells functions from values",
      `
/*f:*/def f(): return 1
/*use:*/def use(given): return given/*>f*/() if callable/*><callable>*/(given) else given
use/*>use*/(f)
use/*>use*/(2)`,
    ],
  ],
};
