import type { Features } from "../javascript/case.ts";

/** Nothing in the program says where these come from: JSON makes them, and hints say what they are. */
const LOADED = `
import json
/*A:*/class A:
    /*go:*/def go(self): return 1
/*load:*/def load(n): return json.loads/*><loads>,&made*/("{}", object_hook=/*made:*/lambda _: kept[n])
kept = []
`;

/** Annotations: what they say of values whose origin is not in sight. See cases.ts for the marks. */
export const HINTS: Features = {
  annotations: [
    [
      "a parameter of a class",
      `${LOADED}kept.append/*><append>*/(A/*>A*/())
/*run:*/def run(a: A): return a.go/*>go*/()
run/*>run*/(load/*>load*/(0))`,
    ],
    [
      "a name in quotes, for a class below",
      `
import json
/*run:*/def run(a: "B"): return a.go/*>go*/()
/*B:*/class B:
    /*go:*/def go(self): return 1
b = B/*>B*/()
run/*>run*/(json.loads/*><loads>,&hook*/("{}", object_hook=/*hook:*/lambda _: b))`,
    ],
    [
      "what a function gives back",
      `${LOADED}kept.append/*><append>*/(A/*>A*/())
/*find:*/def find(n) -> A: return load/*>load*/(n)
find/*>find*/(0).go/*>go*/()`,
    ],
    [
      "a variable and an attribute",
      `${LOADED}kept.append/*><append>*/(A/*>A*/())
a: A = load/*>load*/(0)
a.go/*>go*/()
class Box:
    held: A
    /*init:*/def __init__(self): self.held = load/*>load*/(0)
    /*run:*/def run(self): return self.held.go/*>go*/()
Box/*>init*/().run/*>run*/()`,
    ],
    [
      "an optional class, and one of two",
      `${LOADED}kept.append/*><append>*/(A/*>A*/())
from typing import Optional, Union
/*B:*/class B:
    /*gob:*/def go(self): return 2
/*one:*/def one(a: Optional[A]): return a.go/*>go*/()
/*two:*/def two(a: A | None): return a.go/*>go*/()
/*three:*/def three(a: Union[A, B]): return a.go/*>go|gob*/()
one/*>one*/(load/*>load*/(0))
two/*>two*/(load/*>load*/(0))
three/*>three*/(load/*>load*/(0))`,
    ],
    [
      "the elements of a list",
      `${LOADED}kept.append/*><append>*/([A/*>A*/()])
/*run:*/def run(all_of: list[A]):
    all_of[0].go/*>go*/()
    for a in all_of:
        a.go/*>go*/()
run/*>run*/(load/*>load*/(0))`,
    ],
    [
      "the values of a dictionary",
      `${LOADED}kept.append/*><append>*/({"a": A/*>A*/()})
/*run:*/def run(table: dict[str, A]):
    table["a"].go/*>go*/()
    for a in table.values/*><values>*/():
        a.go/*>go*/()
    for name, a in table.items/*><items>*/():
        a.go/*>go*/()
run/*>run*/(load/*>load*/(0))`,
    ],
    [
      "the places of a tuple, and any sequence",
      `${LOADED}kept.extend/*><extend>*/([(1, A/*>A*/()), (A/*>A*/(),), [A/*>A*/()]])
from typing import Iterable, Sequence, Tuple
/*one:*/def one(pair: tuple[int, A]):
    n, a = pair
    return a.go/*>go*/()
/*two:*/def two(all_of: Tuple[A, ...]): return all_of[0].go/*>go*/()
/*three:*/def three(all_of: Iterable[A]): return [a.go/*>go*/() for a in all_of]
one/*>one*/(load/*>load*/(0))
two/*>two*/(load/*>load*/(1))
three/*>three*/(load/*>load*/(2))`,
    ],
    [
      "a list that an attribute is said to hold",
      `${LOADED}kept.append/*><append>*/([A/*>A*/()])
class Box:
    /*init:*/def __init__(self):
        self.all: "list[A]" = load/*>load*/(0)
    /*run:*/def run(self): return [a.go/*>go*/() for a in self.all]
Box/*>init*/().run/*>run*/()`,
    ],
    [
      "a protocol is no class of its own",
      `
from typing import Protocol
class Goes(Protocol):
    /*abstract:*/def go(self): ...
/*A:*/class A:
    /*go:*/def go(self): return 1
/*run:*/def run(one: Goes): return one.go/*>go*/()
run/*>run*/(A/*>A*/())`,
    ],
    [
      "a type variable stands for what is given",
      `
from typing import TypeVar
T = TypeVar/*><*>*/("T")
/*A:*/class A:
    /*go:*/def go(self): return 1
/*same:*/def same(one: T) -> T: return one
/*first:*/def first(all_of: list[T]) -> T: return all_of[0]
same/*>same*/(A/*>A*/()).go/*>go*/()
first/*>first*/([A/*>A*/()]).go/*>go*/()`,
    ],
    [
      "a class that is generic",
      `
from typing import Generic, TypeVar
T = TypeVar/*><*>*/("T")
class Box(Generic[T]):
    /*init:*/def __init__(self, held: T): self.held = held
    /*get:*/def get(self) -> T: return self.held
/*A:*/class A:
    /*go:*/def go(self): return 1
box: Box[A] = Box/*>init*/(A/*>A*/())
box.get/*>get*/().go/*>go*/()`,
    ],
    [
      "an alias of a type",
      `${LOADED}kept.append/*><append>*/([A/*>A*/()])
All = list[A]
/*run:*/def run(all_of: All): return all_of[0].go/*>go*/()
run/*>run*/(load/*>load*/(0))`,
    ],
    [
      "a class given as a type",
      `${LOADED}kept.append/*><append>*/(A)
/*run:*/def run(cls: type[A]): return cls/*>A*/().go/*>go*/()
run/*>run*/(load/*>load*/(0))`,
    ],
    [
      "a subclass goes where its base is asked for",
      `
/*A:*/class A:
    /*a:*/def go(self): return 1
/*B:*/class B(A):
    /*b:*/def go(self): return 2
/*run:*/def run(one: A): return one.go/*>b|a*/()
run/*>run*/(B/*>B*/())`,
    ],
    [
      "an assertion that it is of a class",
      `${LOADED}kept.append/*><append>*/(A/*>A*/())
/*run:*/def run(one):
    assert isinstance/*><isinstance>*/(one, A)
    return one.go/*>go*/()
run/*>run*/(load/*>load*/(0))`,
    ],
    [
      "a cast",
      `${LOADED}kept.append/*><append>*/(A/*>A*/())
from typing import cast
cast/*><cast>*/(A, load/*>load*/(0)).go/*>go*/()`,
    ],
    [
      "an import for hints alone",
      {
        "main.py": `
from __future__ import annotations
import json
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from tools import A
/*run:*/def run(a: A): return a.go/*>go*/()
from tools import A as Made
made = Made/*>A*/()
run/*>run*/(json.loads/*><loads>,&hook*/("{}", object_hook=/*hook:*/lambda _: made))`,
        "tools.py": "/*A:*/class A:\n    /*go:*/def go(self): return 1\n",
      },
    ],
  ],
};
