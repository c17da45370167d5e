//! What the solver knows of the languages' own libraries: which members exist, and where values go through them.

use drift_facts::{EMITTING_MEMBER, LISTENING_MEMBERS};

/// Whether `prototype` (such as `Array.prototype`) has this member.
pub fn has_member(prototype: &str, member: &str) -> bool {
    let members: &[&str] = match prototype {
        "Array.prototype" => &[
            "at",
            "concat",
            "copyWithin",
            "entries",
            "every",
            "fill",
            "filter",
            "find",
            "findIndex",
            "findLast",
            "findLastIndex",
            "flat",
            "flatMap",
            "forEach",
            "includes",
            "indexOf",
            "join",
            "keys",
            "lastIndexOf",
            "length",
            "map",
            "pop",
            "push",
            "reduce",
            "reduceRight",
            "reverse",
            "shift",
            "slice",
            "some",
            "sort",
            "splice",
            "toReversed",
            "toSorted",
            "toSpliced",
            "unshift",
            "values",
            "with",
        ],
        "object" => &[
            "__init__",
            "__new__",
            "__repr__",
            "__str__",
            "__eq__",
            "__hash__",
            "__setattr__",
            "__delattr__",
            "__getattribute__",
            "__reduce_ex__",
            "__reduce__",
            "__format__",
            "__dir__",
            "__init_subclass__",
            "__sizeof__",
        ],
        "Function.prototype" => &["apply", "bind", "call"],
        "Promise.prototype" => &["catch", "finally", "then"],
        "Object.prototype" => &[
            "__defineGetter__",
            "__defineSetter__",
            "__lookupGetter__",
            "__lookupSetter__",
            "hasOwnProperty",
            "isPrototypeOf",
            "propertyIsEnumerable",
            "toLocaleString",
            "toString",
            "valueOf",
        ],
        _ => &[],
    };
    members.contains(&member)
}

/// Members of primitive values; with those of every object that is all they have.
const PRIMITIVE_MEMBERS: &[(&str, &[&str])] = &[
    (
        "String.prototype",
        &[
            "at",
            "charAt",
            "charCodeAt",
            "codePointAt",
            "concat",
            "endsWith",
            "includes",
            "indexOf",
            "isWellFormed",
            "lastIndexOf",
            "length",
            "localeCompare",
            "match",
            "matchAll",
            "normalize",
            "padEnd",
            "padStart",
            "repeat",
            "replace",
            "replaceAll",
            "search",
            "slice",
            "split",
            "startsWith",
            "substr",
            "substring",
            "toLocaleLowerCase",
            "toLocaleUpperCase",
            "toLowerCase",
            "toUpperCase",
            "toWellFormed",
            "trim",
            "trimEnd",
            "trimLeft",
            "trimRight",
            "trimStart",
            "@@iterator",
        ],
    ),
    ("Number.prototype", &["toExponential", "toFixed", "toPrecision"]),
    ("BigInt.prototype", &[]),
    ("Boolean.prototype", &[]),
];

/// Whether a class outside the project adds nothing to the classes that extend it.
pub fn is_plain_base(name: &str) -> bool {
    matches!(
        name,
        "builtins.object"
            | "abc.ABC"
            | "typing.Generic"
            | "typing.Protocol"
            | "typing_extensions.Protocol"
            | "typing.NamedTuple"
    ) || name.starts_with("typing.Generic.")
}

/// Whether it is certain that a library object has no such member: then nobody reads anything through it. Members of
/// arrays are known as well, though not those that a project adds to their prototype.
pub fn lacks_member(object: &str, member: &str) -> bool {
    let is_everywhere = has_member("Object.prototype", member) || matches!(member, "constructor" | "[]");
    let is_index = member.bytes().all(|byte| byte.is_ascii_digit());
    let own = match object {
        "Array.prototype" => {
            return !(is_everywhere || is_index || has_member(object, member) || member == "@@iterator");
        }
        "Object.prototype" => return !is_everywhere,
        _ => PRIMITIVE_MEMBERS.iter().find(|(name, _)| *name == object),
    };
    own.is_some_and(|(_, members)| !(is_everywhere || is_index || members.contains(&member)))
}

/// Names of members that so many library types have that a name alone says nothing.
pub fn is_common_member(member: &str) -> bool {
    has_member("Array.prototype", member)
        || has_member("Function.prototype", member)
        || has_member("Promise.prototype", member)
        || has_member("Object.prototype", member)
        || matches!(
            member,
            "get"
                | "set"
                | "has"
                | "delete"
                | "clear"
                | "add"
                | "replace"
                | "replaceAll"
                | "split"
                | "trim"
                | "match"
                | "test"
                | "exec"
                | "log"
                | "error"
                | "warn"
                | "info"
                | "debug"
                | "on"
                | "once"
                | "off"
                | "emit"
                | "addEventListener"
                | "removeEventListener"
                | "write"
                | "end"
                | "close"
                | "next"
                | "return"
                | "throw"
                | "substring"
                | "substr"
                | "startsWith"
                | "endsWith"
                | "toLowerCase"
                | "toUpperCase"
                | "charCodeAt"
                | "charAt"
                | "padStart"
                | "padEnd"
                | "repeat"
                | "toFixed"
                | "getTime"
                | "toISOString"
                | "constructor"
        )
}

/// The library member that a name alone suggests: one that practically only arrays, functions and promises have.
pub fn only_in_library(member: &str) -> Option<String> {
    ["Array.prototype", "Promise.prototype", "Function.prototype", "Object.prototype"]
        .into_iter()
        .find(|prototype| has_member(prototype, member))
        .map(|prototype| format!("{prototype}.{member}"))
}

/// How a library function moves values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Calls its first argument with elements of the receiver; yields nothing of interest.
    EachElement,
    /// The same, and yields an array of what the callback returns.
    MapElements,
    /// The same, and yields the receiver's elements in a new array.
    FilterElements,
    /// The same, and yields one element.
    FindElement,
    /// Calls its first argument with an accumulator (its second argument or an element) and elements.
    Reduce,
    /// Adds its arguments to the receiver's elements.
    Push,
    /// Yields one element of the receiver.
    TakeElement,
    /// Yields an array with the receiver's elements, and those of its arguments.
    CopyElements,
    /// Yields the receiver.
    Receiver,
    /// Calls its callbacks with the receiver; yields what they return, or the receiver.
    Then,
    /// Yields its first argument.
    FirstArgument,
    /// Copies the fields of later arguments onto the first and yields it.
    AssignFields,
    /// Yields an object that inherits from the first argument.
    Create,
    /// Yields an array with the elements of its first argument, passed through the second where it is a function.
    FromIterable,
    /// Yields an array of the fields of its first argument.
    FieldValues,
    /// Makes its first argument inherit from the second.
    Inherit,
    /// The same for the prototypes of both, and keeps the second in the first.
    InheritPrototype,
    /// Calls its first argument with those from this index on.
    Run(usize),
    /// Yields an array of its arguments.
    ArrayOf,
    /// Yields an array of pairs of a key and an element of the receiver, or of a field of its first argument.
    Pairs {
        of_argument: bool,
    },
    /// Yields an object with the second part of each pair in its first argument as fields.
    FromPairs,
    /// Yields a map, or a set, of what its first argument holds.
    NewMap,
    NewSet,
    /// Yields an emitter of events.
    NewEmitter,
    /// Keeps its second argument under its first one, and yields the receiver.
    MapSet,
    /// Keeps its first argument, and yields the receiver.
    SetAdd,
    /// Yields one value of the receiver.
    ValueOf,
    /// Yields an array of the receiver's values, or its keys.
    Values,
    Keys,
    /// Calls its first argument with values and keys of the receiver.
    EachValue,
    /// Yields a promise of what its first argument, which it calls, passes to the function it is given.
    NewPromise,
    /// Yields a promise with the functions that settle it.
    WithResolvers,
    /// Yields what one of the promises in its first argument is fulfilled with.
    FirstFulfilled,
    /// Calls or constructs its first argument with what the list in a later one holds.
    ReflectApply,
    ReflectConstruct,
    /// Yields what stands for its first argument, with the traps in its second.
    NewProxy,
    /// Gives its first argument a field named by the second, as the third describes, and yields it.
    DefineProperty,
    /// The same for all fields of the second argument.
    DefineProperties,
    /// Yields the field of its first argument that the second names.
    GetField,
    /// Calls its second argument with text, and yields text.
    ReplaceText,
    /// Runs text: nobody knows what it yields.
    RunText,
}

/// What creating an instance of a library class does.
pub fn creation(name: &str) -> Option<Effect> {
    Some(match name {
        "Map" | "WeakMap" => Effect::NewMap,
        "Set" | "WeakSet" => Effect::NewSet,
        "Promise" => Effect::NewPromise,
        "Proxy" => Effect::NewProxy,
        "Function" => Effect::RunText,
        "Array" => Effect::ArrayOf,
        _ if is_emitter(name) => Effect::NewEmitter,
        _ => return None,
    })
}

/// Whether this is a class of objects that emit events, of Node or of a package that stands in for it.
fn is_emitter(name: &str) -> bool {
    matches!(
        name.strip_prefix("node:").unwrap_or(name),
        "events"
            | "events.EventEmitter"
            | "events.default"
            | "eventemitter3"
            | "eventemitter3.EventEmitter"
            | "eventemitter3.default"
    )
}

/// What a member of an emitter does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmitterMember {
    /// Its second argument hears the event that the first names.
    Listens,
    /// What hears the event that its first argument names is called with the others.
    Emits,
}

/// What a member of a library class does, of those that emit events: anything that is made from a class may be one.
pub fn emitter_member(name: &str) -> Option<EmitterMember> {
    let (of, member) = name.rsplit_once('.')?;
    match member {
        _ if !of.ends_with(".prototype") => None,
        EMITTING_MEMBER => Some(EmitterMember::Emits),
        member => LISTENING_MEMBERS.contains(&member).then_some(EmitterMember::Listens),
    }
}

/// What a library function does, where that matters for who calls whom.
pub fn effect(name: &str) -> Option<Effect> {
    Some(match name {
        "Map.prototype.set" | "WeakMap.prototype.set" => Effect::MapSet,
        "Set.prototype.add" | "WeakSet.prototype.add" => Effect::SetAdd,
        "Map.prototype.get" | "WeakMap.prototype.get" => Effect::ValueOf,
        "Map.prototype.values" | "Set.prototype.values" | "Set.prototype.keys" => Effect::Values,
        "Map.prototype.keys" => Effect::Keys,
        "Map.prototype.forEach" | "Set.prototype.forEach" => Effect::EachValue,
        "Map.prototype.entries" => Effect::Receiver,
        "Array" | "Array.of" => Effect::ArrayOf,
        "Array.prototype.entries" => Effect::Pairs { of_argument: false },
        "Object.entries" => Effect::Pairs { of_argument: true },
        "Object.fromEntries" => Effect::FromPairs,
        "Promise.race" | "Promise.any" => Effect::FirstFulfilled,
        "Promise.withResolvers" => Effect::WithResolvers,
        "Reflect.apply" => Effect::ReflectApply,
        "Reflect.construct" => Effect::ReflectConstruct,
        "Array.prototype.forEach"
        | "Array.prototype.every"
        | "Array.prototype.some"
        | "Array.prototype.findIndex"
        | "Array.prototype.findLastIndex" => Effect::EachElement,
        "Array.prototype.map" | "Array.prototype.flatMap" => Effect::MapElements,
        "Array.prototype.filter" | "Array.prototype.sort" | "Array.prototype.toSorted" => Effect::FilterElements,
        "Array.prototype.find" | "Array.prototype.findLast" => Effect::FindElement,
        "Array.prototype.reduce" | "Array.prototype.reduceRight" => Effect::Reduce,
        "Array.prototype.push" | "Array.prototype.unshift" => Effect::Push,
        "Array.prototype.pop" | "Array.prototype.shift" | "Array.prototype.at" => Effect::TakeElement,
        "Array.prototype.slice"
        | "Array.prototype.concat"
        | "Array.prototype.flat"
        | "Array.prototype.splice"
        | "Array.prototype.toSpliced"
        | "Array.prototype.with"
        | "Array.prototype.toReversed" => Effect::CopyElements,
        "Array.prototype.reverse"
        | "Array.prototype.values"
        | "Array.prototype.copyWithin"
        | "Array.prototype.fill" => Effect::Receiver,
        "Promise.prototype.then" | "Promise.prototype.catch" | "Promise.prototype.finally" => Effect::Then,
        "Object.freeze"
        | "Object.seal"
        | "Object.preventExtensions"
        | "Promise.resolve"
        | "Promise.all"
        | "Object"
        | "structuredClone" => Effect::FirstArgument,
        "Object.assign" => Effect::AssignFields,
        "Object.create" => Effect::Create,
        "Object.defineProperty" | "Reflect.defineProperty" => Effect::DefineProperty,
        "Object.defineProperties" => Effect::DefineProperties,
        "Reflect.get" => Effect::GetField,
        "String.prototype.replace" | "String.prototype.replaceAll" => Effect::ReplaceText,
        "eval" | "Function" => Effect::RunText,
        "Object.setPrototypeOf" | "Reflect.setPrototypeOf" => Effect::Inherit,
        "inherits" | "util.inherits" | "node:util.inherits" => Effect::InheritPrototype,
        "Array.from" => Effect::FromIterable,
        "Object.values" => Effect::FieldValues,
        "setTimeout" | "setInterval" => Effect::Run(2),
        "setImmediate" | "queueMicrotask" | "process.nextTick" | "requestAnimationFrame" => Effect::Run(1),
        _ => return None,
    })
}

/// Whether a library function moves the receiver's elements to other indices.
pub fn moves_elements(name: &str) -> bool {
    matches!(
        name,
        "Array.prototype.copyWithin"
            | "Array.prototype.fill"
            | "Array.prototype.reverse"
            | "Array.prototype.shift"
            | "Array.prototype.sort"
            | "Array.prototype.splice"
            | "Array.prototype.unshift"
    )
}

/// The library type of what a library function returns, where that is fixed.
pub fn returns(name: &str) -> Option<&'static str> {
    let member = name.rsplit('.').next()?;
    let of = name.strip_suffix(member)?;
    Some(match (of, member) {
        ("String.prototype.", "split" | "match") | ("Object.", "keys" | "getOwnPropertyNames") => "Array.prototype",
        (
            "String.prototype.",
            "slice" | "substring" | "substr" | "trim" | "trimStart" | "trimEnd" | "replace" | "replaceAll"
            | "toLowerCase" | "toUpperCase" | "concat" | "padStart" | "padEnd" | "repeat" | "charAt" | "at"
            | "normalize" | "toString",
        )
        | ("Array.prototype.", "join")
        | ("JSON.", "stringify")
        | ("Number.prototype.", "toFixed" | "toString")
        | ("RegExp.prototype." | "Date.prototype.", "toString" | "toISOString") => "String.prototype",
        ("RegExp.prototype.", "exec") => "Array.prototype",
        _ => return None,
    })
}
