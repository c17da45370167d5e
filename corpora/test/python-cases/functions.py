#### a function bound once
def f(): return 1
f() #! f=f!

#### a function calls another that is defined below it
def first(): return second() #! second=second!
def second(): return 2
first() #! first=first!

#### a name bound by two definitions in two branches
import os
if os.sep == "/":
    def pick(): return "posix"
else:
    def pick(): return "other"
pick() #! pick=pick@3~

#### an inner function and the closure that it is
def outer(n):
    def inner(): return n
    return inner() #! inner=outer.inner!
outer(1) #! outer=outer!

#### the function that a call gives back
def maker():
    def made(): return 0
    return made
maker()() #! maker=maker! ?=maker.made!

#### a function that another name stands for
def f(): return 1
g = f
g() #! g=f!

#### a name that is bound again
def f(): return 1
old = f
def f(): return old() #! old=f@1~
f() #! f=f@3~

#### a global statement binds a module's name
def f(): return 1
def change():
    global f
    f = lambda: 2
f() #! f=f~
change() #! change=change!
f() #! f=change.<lambda>~

#### a nonlocal statement binds an outer function's name
def outer():
    def step(): return 1
    def change():
        nonlocal step
        step = lambda: 2
    step() #! step=outer.step~
    change() #! change=outer.change!
    step() #! step=outer.change.<lambda>~
outer() #! outer=outer!

#### default values are evaluated once, where the function is defined
def default(): return []
def f(x=default()): return x #! default=default!
f() #! f=f!

#### a parameter that holds a function
def f(): return 1
def apply(g): return g() #! g=f?
apply(f) #! apply=apply!

#### positional and keyword arguments are passed on
def target(*args, **kwargs): return args
def forward(*args, **kwargs): return target(*args, **kwargs) #! target=target!
forward(1, a=2) #! forward=forward!

#### an iterator that is unpacked is consumed by the call itself
def numbers():
    yield 1
def key(n): return n
def show(*items): return items
show(*map(key, [1])) #! show=show!+key map=ext!

#### lambdas on one line are told apart
a, b = (lambda: [1]), (lambda: [2])
a() #! a=<lambda>@1:9
b() #! b=<lambda>@1:24

#### nested lambdas on one line are told apart
f = lambda n: lambda: [n]
g = f(1) #! f=<lambda>@1:5
g() #! g=<lambda>@1:15

#### a lambda called where it stands
(lambda n: n)(1) #! ?=<lambda>!

#### a name bound by a lambda
double = lambda n: 2 * n
double(2) #! double=<lambda>!

#### recursion
def down(n): return 0 if n == 0 else down(n - 1) #! down=down!
down(3) #! down=down!

#### mutual recursion of inner functions
def outer():
    def even(n): return n == 0 or odd(n - 1) #! odd=outer.odd!
    def odd(n): return n != 0 and even(n - 1) #! even=outer.even!
    return even(4) #! even=outer.even!
outer() #! outer=outer!

#### an undecorated function keeps its identity as a default
def f(): return 1
def g(h=f): return h() #! h=f?
g() #! g=g!

#### a conditional expression chooses the callee
def f(): return 1
def g(): return 2
(f if f() else g)() #! f=f! ?=f~

#### a builtin name that the module binds itself is no builtin
def len(x): return 7
len([]) #! len=len!

#### a deleted name is not fixed
def f(): return 1
f() #! f=f?
del f
