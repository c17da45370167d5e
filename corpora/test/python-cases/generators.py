#### making a generator is the edge, resuming it is not
def numbers():
    yield one() #! one=one!
def one(): return 1
g = numbers() #! numbers=numbers!
next(g) #! next=ext!

#### a generator consumed by a loop
def numbers():
    yield 1
for n in numbers(): #! numbers=numbers!
    str(n) #! str=ext!

#### yield from
def inner():
    yield 1
def outer():
    yield from inner() #! inner=inner!
list(outer()) #! outer=outer! list=ext!

#### generator expressions and comprehensions
def f(n): return n
def g(n): return n
[f(n) for n in range(2)] #! f=f! range=ext!
sum(g(n) for n in [1, 2]) #! sum=ext! g=g!
{f(n): g(n) for n in [1] if f(n)} #! f=f! g=g!

#### coroutines
import asyncio
async def leaf(): return helper() #! helper=helper!
def helper(): return 1
async def main(): return await leaf() #! leaf=leaf!
asyncio.run(main()) #! run=ext! main=main!

#### asynchronous generators, iteration and managers
import asyncio
async def ticks():
    yield tick() #! tick=tick!
def tick(): return 1
class Manager:
    async def __aenter__(self): return self
    async def __aexit__(self, *why): return None
async def main():
    async with Manager() as m: #! Manager=Manager!
        async for n in ticks(): #! ticks=ticks!
            use(n) #! use=use!
    return [n async for n in ticks()] #! ticks=ticks!
def use(n): return n
asyncio.run(main()) #! main=main!

#### tasks run under the loop
import asyncio
async def work(): return step() #! step=step!
def step(): return 1
async def main():
    task = asyncio.create_task(work()) #! create_task=ext! work=work!
    return await task
asyncio.run(main()) #! main=main!

#### a generator that gets values sent
def echo():
    got = yield
    use(got) #! use=use!
def use(x): return x
g = echo() #! echo=echo!
next(g) #! next=ext!
try:
    g.send(1) #! send=ext
except StopIteration: pass
