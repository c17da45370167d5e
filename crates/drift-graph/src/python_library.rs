//! What the solver knows of Python's own library: where values go through its functions.

/// How a library function moves values. `first`, `second` …: its arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Calls the first with elements of the others; yields a list of what it returns.
    CallWithElements,
    /// Calls the first with elements of the second; yields a list of these.
    FilterBy,
    /// Yields a list of the elements of the first.
    ListOf,
    /// The same, and calls `key` with them.
    SortedBy,
    /// Yields an element of the first or an argument, and calls `key` with them.
    BestBy,
    /// Yields an element of the first.
    NextElement,
    /// Yields a list of tuples of elements of all arguments.
    Zip,
    /// Yields a list of pairs of a number and an element.
    Enumerate,
    /// Yields a list of the elements of all arguments.
    Chain,
    /// Keeps the second as an element of the first, and yields one of these.
    PushTo,
    /// Yields a list of the elements of the second.
    ListOfSecond,
    /// Yields the receiver, a text, in other letters.
    LowerText,
    UpperText,
    /// Yields the receiver, a text, with the second in the place of the first.
    ReplaceText,
    /// Yields the attribute of the first that the second names.
    GetField,
    /// Sets it to the third.
    SetField,
    /// Runs text: nobody knows what it yields.
    RunText,
    /// Calls the first with what it returned before, or an element, and elements of the second.
    Fold,
    /// Yields the first, with the others given.
    Partial,
    /// Yields the first.
    FirstArgument,
    /// Yields the first if that can be called, else what yields its own first argument.
    FirstFunction,
    /// Keeps the first, or the second, as an element of the receiver.
    Push,
    InsertAt,
    /// Keeps the elements of the first.
    PushAll,
    /// Yields an element of the receiver.
    TakeElement,
    /// Yields the receiver.
    Receiver,
    /// Calls `key` with elements of the receiver.
    SortBy,
    /// Yields what the receiver keeps under the first, or the second.
    GetOr,
    /// The same, and keeps the second.
    GetOrSet,
    /// Keeps what the first and the arguments by name hold.
    UpdateFields,
    /// Yields a list of values, keys or pairs of the receiver.
    FieldsOf,
    KeysOf,
    PairsOf,
    /// Yields a dictionary of what the first and the arguments by name hold.
    NewDictionary,
    /// Yields a dictionary whose values the first makes.
    DefaultDictionary,
    /// Calls `target` with the elements of `args`.
    RunTarget,
    /// Calls the first with the others.
    RunFirst,
    /// Yields an element of the receiver, a generator, which is sent the first.
    Send,
    /// Yields a tuple of what the arguments are fulfilled with.
    Gather,
    /// Yields what entering the first yields.
    EnterFirst,
    /// Calls the first with the others, and keeps what that returns.
    Submit,
    /// Yields what the receiver keeps.
    Kept,
    /// Yields an object that keeps the first, and the second.
    Keep,
    /// Yields the first, a function that stands before the second.
    Wrap,
    /// Yields an object whose attributes are the arguments by name.
    NewNamespace,
    /// Yields what is given as a default, or what a function given for it makes.
    FieldDefault,
    /// Yields the second as a value of the class that is the first.
    Cast,
    /// Yields a partial function that is given its receiver before the others.
    PartialMethod,
    /// Makes an instance of the receiver, whatever class that has.
    MakeInstance,
}

/// What a library function does, where that matters for who calls whom.
pub fn effect(name: &str) -> Option<Effect> {
    Some(match name {
        "builtins.map" => Effect::CallWithElements,
        "builtins.filter" => Effect::FilterBy,
        "builtins.list"
        | "builtins.tuple"
        | "builtins.set"
        | "builtins.frozenset"
        | "builtins.reversed"
        | "builtins.iter"
        | "collections.deque"
        | "queue.Queue"
        | "queue.LifoQueue"
        | "queue.PriorityQueue"
        | "queue.SimpleQueue"
        | "asyncio.Queue"
        | "asyncio.LifoQueue"
        | "asyncio.PriorityQueue"
        | "multiprocessing.Queue"
        | "itertools.islice"
        | "itertools.cycle"
        | "itertools.takewhile" => Effect::ListOf,
        "builtins.sorted" => Effect::SortedBy,
        "builtins.min" | "builtins.max" => Effect::BestBy,
        "builtins.next" | "heapq.heappop" => Effect::NextElement,
        "heapq.heappush" | "heapq.heappushpop" | "heapq.heapreplace" | "bisect.insort" | "bisect.insort_left"
        | "bisect.insort_right" => Effect::PushTo,
        "heapq.nlargest" | "heapq.nsmallest" => Effect::ListOfSecond,
        "builtins.zip" | "itertools.product" | "itertools.zip_longest" => Effect::Zip,
        "builtins.enumerate" => Effect::Enumerate,
        "itertools.chain" | "heapq.merge" => Effect::Chain,
        "builtins.str.lower" => Effect::LowerText,
        "builtins.str.upper" => Effect::UpperText,
        "builtins.str.replace" => Effect::ReplaceText,
        "builtins.getattr" => Effect::GetField,
        "builtins.setattr" => Effect::SetField,
        "builtins.eval" | "builtins.exec" => Effect::RunText,
        "functools.reduce" => Effect::Fold,
        "functools.partial" => Effect::Partial,
        "functools.partialmethod" => Effect::PartialMethod,
        "functools.lru_cache()"
        | "functools.cache"
        | "functools.total_ordering"
        | "functools.singledispatch"
        | "asyncio.create_task"
        | "asyncio.ensure_future"
        | "asyncio.shield"
        | "asyncio.wait_for"
        | "asyncio.run"
        | "copy.copy"
        | "copy.deepcopy"
        | "typing.cast()"
        | "builtins.staticmethod"
        | "builtins.classmethod"
        | "typing.final"
        | "abc.abstractmethod"
        | "dataclasses.dataclass"
        | "weakref.proxy" => Effect::FirstArgument,
        "contextlib.contextmanager"
        | "contextlib.asynccontextmanager"
        | "weakref.ref"
        | "builtins.property"
        | "functools.wraps" => Effect::Keep,
        "functools.lru_cache" => Effect::FirstFunction,
        "functools.update_wrapper" => Effect::Wrap,
        "typing.cast" | "typing_extensions.cast" => Effect::Cast,
        "builtins.list.append"
        | "builtins.set.add"
        | "builtins.list.appendleft"
        | "collections.deque.append"
        // Queues are lists here.
        | "builtins.list.put"
        | "builtins.list.put_nowait" => Effect::Push,
        "builtins.list.insert" => Effect::InsertAt,
        "builtins.list.extend" | "builtins.set.update" => Effect::PushAll,
        "builtins.list.pop" | "builtins.set.pop" | "builtins.list.popleft" | "builtins.list.get"
        | "builtins.list.get_nowait" => Effect::TakeElement,
        "builtins.list.copy" | "builtins.set.copy" | "builtins.dict.copy" | "builtins.set.union" => Effect::Receiver,
        "builtins.list.sort" => Effect::SortBy,
        "builtins.dict.get" | "builtins.dict.pop" => Effect::GetOr,
        "builtins.dict.setdefault" => Effect::GetOrSet,
        "builtins.dict.update" => Effect::UpdateFields,
        "builtins.dict.values" => Effect::FieldsOf,
        "builtins.dict.keys" => Effect::KeysOf,
        "builtins.dict.items" => Effect::PairsOf,
        "builtins.dict" | "collections.OrderedDict" | "types.MappingProxyType" => Effect::NewDictionary,
        "collections.defaultdict" => Effect::DefaultDictionary,
        "threading.Thread" | "threading.Timer" | "multiprocessing.Process" => Effect::RunTarget,
        "atexit.register"
        | "contextlib.ExitStack.callback"
        | "contextlib.AsyncExitStack.callback"
        | "contextlib.AsyncExitStack.push_async_callback" => Effect::RunFirst,
        "contextlib.ExitStack.enter_context"
        | "contextlib.AsyncExitStack.enter_context"
        | "contextlib.AsyncExitStack.enter_async_context" => Effect::EnterFirst,
        "builtins.generator.send" | "builtins.generator.asend" => Effect::Send,
        "builtins.generator.__next__" | "builtins.generator.__anext__" => Effect::TakeElement,
        "asyncio.gather" => Effect::Gather,
        "concurrent.futures.ThreadPoolExecutor.submit" | "concurrent.futures.ProcessPoolExecutor.submit" => {
            Effect::Submit
        }
        "concurrent.futures.ThreadPoolExecutor.map"
        | "concurrent.futures.ProcessPoolExecutor.map"
        | "multiprocessing.Pool.map"
        | "multiprocessing.Pool.imap" => Effect::CallWithElements,
        "concurrent.futures.Future.result" => Effect::Kept,
        "types.SimpleNamespace" | "collections.namedtuple()" | "argparse.Namespace" => Effect::NewNamespace,
        "dataclasses.field" | "attr.ib" | "attr.attrib" | "attr.field" | "attrs.field" | "attr.Factory"
        | "attrs.Factory" => Effect::FieldDefault,
        "builtins.type.__call__" => Effect::MakeInstance,
        _ => return None,
    })
}

/// The library class of what a library function returns, where that is fixed.
pub fn returns(name: &str) -> Option<&'static str> {
    let member = name.rsplit('.').next()?;
    let of = name.strip_suffix(member)?;
    Some(match (of, member) {
        ("builtins.", "str" | "repr" | "input" | "chr" | "format" | "hex" | "oct" | "bin" | "ascii") => "builtins.str",
        ("builtins.", "int" | "len" | "hash" | "id" | "ord" | "sum" | "abs" | "round") => "builtins.int",
        ("builtins.", "float") => "builtins.float",
        ("builtins.", "bool" | "isinstance" | "issubclass" | "callable" | "hasattr" | "any" | "all") => "builtins.bool",
        ("builtins.", "bytes") => "builtins.bytes",
        ("builtins.", "open") => "io.TextIOWrapper",
        (
            "builtins.str.",
            "join" | "format" | "strip" | "lstrip" | "rstrip" | "lower" | "upper" | "title" | "capitalize" | "replace"
            | "ljust" | "rjust" | "center" | "zfill" | "expandtabs" | "translate" | "swapcase" | "casefold"
            | "removeprefix" | "removesuffix" | "[]",
        ) => "builtins.str",
        ("builtins.str.", "encode") => "builtins.bytes",
        ("builtins.str.", "split" | "rsplit" | "splitlines" | "partition" | "rpartition") => "builtins.list",
        ("builtins.bytes.", "decode") => "builtins.str",
        ("io.TextIOWrapper.", "read" | "readline") => "builtins.str",
        ("io.TextIOWrapper.", "readlines") => "builtins.list",
        ("os.path.", "join" | "basename" | "dirname" | "abspath" | "realpath" | "expanduser" | "normpath") => {
            "builtins.str"
        }
        ("os.", "getcwd" | "getenv") => "builtins.str",
        _ => return None,
    })
}

/// Members of library classes that programs use most.
const MEMBERS: &[(&str, &str)] = &[
    (
        "builtins.list",
        " append extend insert remove pop clear index count sort reverse copy __len__ __iter__ __getitem__ ",
    ),
    ("builtins.dict", " get items keys values update setdefault popitem fromkeys pop clear copy "),
    (
        "builtins.str",
        " join split rsplit strip lstrip rstrip lower upper title capitalize replace format startswith endswith find rfind \
         encode splitlines partition rpartition isdigit isalpha isspace isupper islower isidentifier isalnum ljust rjust \
         center zfill expandtabs translate swapcase casefold removeprefix removesuffix ",
    ),
    ("builtins.bytes", " decode "),
    (
        "builtins.set",
        " add discard union intersection difference issubset issuperset symmetric_difference difference_update \
         intersection_update isdisjoint remove pop clear copy update ",
    ),
    ("io.TextIOWrapper", " read write readline readlines writelines close flush seek tell fileno isatty "),
    ("builtins.generator", " send throw __next__ "),
    ("re.Match", " group groups groupdict start end span "),
    ("re.Pattern", " match search fullmatch sub subn findall finditer "),
    ("builtins.object", " __init__ __new__ __repr__ __str__ __eq__ __hash__ __setattr__ __getattribute__ __class__ "),
];

/// Names of members that so many library types have that a name alone says nothing; and which library class has them.
pub fn common_member(member: &str) -> Option<&'static str> {
    let spaced = format!(" {member} ");
    MEMBERS.iter().find(|(_, members)| members.contains(&spaced)).map(|&(class, _)| class)
}

/// Whether a library class is known to have a member.
pub fn has_member(class: &str, member: &str) -> bool {
    let class = match class {
        "collections.OrderedDict" | "collections.defaultdict" | "collections.Counter" | "collections.UserDict" => {
            "builtins.dict"
        }
        "collections.UserList" => "builtins.list",
        "collections.UserString" => "builtins.str",
        "builtins.frozenset" => "builtins.set",
        other => other,
    };
    let spaced = format!(" {member} ");
    MEMBERS.iter().any(|&(of, members)| of == class && members.contains(&spaced))
}
