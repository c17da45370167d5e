//! Facts that no front end made, and yet could have: every number in them means something.

use drift_engine::analyse;
use drift_facts::{
    AccessFact, AccessKind, CalleeShape, ClassFact, Detail, DetailFact, ExportFact, Extent, FileFacts, Flow,
    FunctionFact, FunctionKind, ImportFact, ImportKind, IterationFact, MemberFact, MemberKind, RECEIVER, SiteFact,
    SiteKind, TypeFact,
};
use drift_syntax::Language;
use drift_text::LineSpan;

use crate::case::{Case, Content, Input};
use crate::dice::Dice;
use crate::generate;

/// Names that mean something to the solver, among those of a project.
const NAMES: &[&str] = &[
    "a",
    "b",
    "c",
    "d",
    "[]",
    "0",
    "1",
    "default",
    "*",
    "exports",
    "prototype",
    "__proto__",
    "constructor",
    "next",
    "value",
    "done",
    "then",
    "@@iterator",
    "@@asyncIterator",
    "@@symbol:a",
    "[get]a",
    "[set]a",
    "[get]b",
    "[key]",
    "map",
    "forEach",
    "push",
    "call",
    "apply",
    "bind",
    "get",
    "set",
    "Object",
    "Reflect",
    "Function",
    "Array",
    "Map",
    "Set",
    "Promise",
    "Symbol",
    "Proxy",
    "Object.prototype",
    "Array.prototype",
    "Map.prototype",
    "Promise.prototype",
    "Function.prototype",
    "Object.assign",
    "Object.create",
    "Object.defineProperty",
    "Reflect.apply",
    "globalThis",
    "",
    "addEventListener",
    "setTimeout",
    "all",
    "from",
    "entries",
    "values",
    "keys",
    "create",
    "assign",
    "construct",
];
const PATHS: &[&str] = &["a.ts", "b.js", "c/d.ts", "c/index.ts", "e.cjs"];
const SPECIFIERS: &[&str] = &[
    "./a.ts", "./b.js", "./c/d.ts", "./c", "./e.cjs", "./a", "../a.ts", "b", "react", "node:fs", "", ".", "#x", "/a.ts",
];
const MANIFESTS: &[(&str, &str)] = &[
    (
        "package.json",
        r##"{"name":"b","main":"./b.js","exports":{".":"./b.js","./c":"./c/index.ts"},"imports":{"#x":"./a.ts"}}"##,
    ),
    ("package.json", r#"{"name":"b","exports":{"./*":"./*"},"workspaces":["c"]}"#),
    ("tsconfig.json", r#"{"compilerOptions":{"baseUrl":".","paths":{"react":["./a.ts"],"*":["./c/*"]}}}"#),
    ("tsconfig.json", r#"{"extends":"./tsconfig.json"}"#),
    ("package.json", r#"{"exports":{".":{"import":null,"default":["./a","./b.js"]}},"browser":{"./a.ts":false}}"#),
    ("package.json", "{"),
];

/// One to five files of random facts.
pub fn random(dice: &mut Dice) -> Case {
    let mut files: Vec<Input> = Vec::new();
    for path in PATHS {
        if files.is_empty() || dice.one_in(2) {
            let facts = Content::Facts(Box::new(file(dice)));
            files.push(Input { path: (*path).to_owned(), content: facts });
        }
    }
    if dice.one_in(4) {
        let (path, text) = *dice.pick(MANIFESTS);
        files.push(Input::text(path, text.to_owned()));
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Case { files, renamed: Vec::new() }
}

/// The facts of a program, with some flows and sites changed.
pub fn mutated(dice: &mut Dice, seeds: &[Vec<Input>]) -> Case {
    let base =
        if seeds.is_empty() || dice.one_in(2) { generate::program(dice).files } else { dice.pick(seeds).clone() };
    let mut files = Vec::with_capacity(base.len());
    for input in base {
        let (Content::Text(text), Some(language)) = (&input.content, Language::of_path(&input.path)) else {
            files.push(input);
            continue;
        };
        let mut facts = analyse(language, text, None).facts.unwrap_or_default();
        if facts.names.is_empty() {
            facts.names.push("a".to_owned());
        }
        for _ in 0..dice.below(12) {
            change(dice, &mut facts);
        }
        files.push(Input { path: input.path, content: Content::Facts(Box::new(facts)) });
    }
    Case { files, renamed: Vec::new() }
}

fn change(dice: &mut Dice, facts: &mut FileFacts) {
    let sizes = Sizes::of(facts);
    let (flow, site) = (dice.below(facts.flows.len()), dice.below(facts.sites.len()));
    match dice.below(7) {
        0 if !facts.flows.is_empty() => {
            facts.flows.swap_remove(flow);
            for function in &mut facts.functions {
                let flows = &mut function.extent.flows;
                flows.end = flows.end.min(facts.flows.len() as u32);
            }
        }
        1 if !facts.flows.is_empty() => {
            let other = dice.below(facts.flows.len());
            facts.flows.swap(flow, other);
        }
        2 if !facts.sites.is_empty() => facts.sites[site].callee = sizes.node(dice),
        3 if !facts.sites.is_empty() => {
            let node = sizes.node(dice);
            facts.sites[site].args.push(node);
        }
        4 if !facts.functions.is_empty() => {
            let function = dice.below(facts.functions.len());
            facts.functions[function].returns = sizes.node(dice);
        }
        _ => facts.flows.push(sizes.flow(dice)),
    }
}

/// How many there are of everything that facts refer to.
struct Sizes {
    nodes: u32,
    names: u32,
    functions: u32,
    classes: u32,
    types: u32,
    objects: u32,
}

fn file(dice: &mut Dice) -> FileFacts {
    let scale = 1 << dice.below(5);
    let mut count = |most: u32| dice.index(most * scale + 1);
    let sizes = Sizes {
        nodes: 2 + count(8),
        names: (NAMES.len() + SPECIFIERS.len()) as u32,
        functions: count(2),
        classes: count(1),
        types: count(1),
        objects: count(2),
    };
    let (flows, sites, accesses, iterations) = (count(16), count(4), count(1), count(1));
    let (imports, exports) = (count(1), count(1));
    // Every class has a constructor.
    let sizes = Sizes { functions: sizes.functions.max(u32::from(sizes.classes > 0)), ..sizes };
    let mut facts = FileFacts {
        line_count: 10_000,
        names: NAMES.iter().chain(SPECIFIERS).map(|name| (*name).to_owned()).collect(),
        node_count: sizes.nodes,
        object_count: sizes.objects,
        is_module: dice.below(4) > 0,
        is_typed: dice.one_in(2),
        ..FileFacts::default()
    };
    if dice.one_in(4) {
        (facts.module_object, facts.exports_object) = (sizes.node(dice), sizes.node(dice));
    }
    facts.functions = (0..sizes.functions).map(|at| sizes.function(dice, at)).collect();
    facts.classes = (0..sizes.classes).map(|_| sizes.class(dice)).collect();
    facts.types = (0..sizes.types).map(|_| sizes.declared(dice)).collect();
    facts.flows = (0..flows).map(|_| sizes.flow(dice)).collect();
    facts.details = (0..flows / 2).map(|_| sizes.detail(dice)).collect();
    for function in &mut facts.functions {
        function.extent = sizes.extent(dice, facts.flows.len() as u32);
    }
    facts.signature_count = facts.flows.iter().filter(|flow| matches!(flow, Flow::Signature { .. })).count() as u32;
    facts.sites = (0..sites).map(|at| sizes.site(dice, 1_000 + at)).collect();
    facts.accesses = (0..accesses).map(|at| sizes.access(dice, 3_000 + at)).collect();
    facts.iterations = (0..iterations).map(|at| sizes.iteration(dice, 5_000 + at)).collect();
    facts.imports = (0..imports).map(|_| sizes.import(dice)).collect();
    facts.exports = (0..exports).map(|_| sizes.export(dice)).collect();
    if !facts.is_module {
        facts.globals = (0..dice.below(4)).map(|_| (sizes.name(dice), 1 + dice.index(sizes.nodes - 1))).collect();
    }
    facts
}

fn line(line: u32) -> LineSpan {
    LineSpan { line, column: 1, end_line: line, end_column: 9 }
}

impl Sizes {
    fn of(facts: &FileFacts) -> Self {
        Self {
            nodes: facts.node_count,
            names: facts.names.len() as u32,
            functions: facts.functions.len() as u32,
            classes: facts.classes.len() as u32,
            types: facts.types.len() as u32,
            objects: facts.object_count,
        }
    }

    /// A node, at times none.
    fn node(&self, dice: &mut Dice) -> u32 {
        dice.index(self.nodes.max(1))
    }

    fn nodes(&self, dice: &mut Dice, most: usize) -> Vec<u32> {
        (0..dice.below(most + 1)).map(|_| self.node(dice)).collect()
    }

    fn name(&self, dice: &mut Dice) -> u32 {
        dice.index(self.names)
    }

    fn specifier(&self, dice: &mut Dice) -> u32 {
        if dice.one_in(8) { self.name(dice) } else { NAMES.len() as u32 + dice.index(SPECIFIERS.len() as u32) }
    }

    fn around(&self, dice: &mut Dice) -> Option<u32> {
        (self.functions > 0 && dice.one_in(2)).then(|| dice.index(self.functions))
    }

    fn function(&self, dice: &mut Dice, at: u32) -> FunctionFact {
        let kinds = [
            FunctionKind::Function,
            FunctionKind::Arrow,
            FunctionKind::Method,
            FunctionKind::Constructor,
            FunctionKind::Getter,
            FunctionKind::Setter,
            FunctionKind::ImplicitConstructor,
            FunctionKind::StaticBlock,
        ];
        FunctionFact {
            name: format!("{}.f{at}", dice.pick(&["a", "b", "<computed>", "C.m"])),
            kind: *dice.pick(&kinds),
            span: line(1 + at),
            parent: (at > 0 && dice.one_in(2)).then(|| dice.index(at)),
            params: self.nodes(dice, 4),
            rest: if dice.one_in(4) { self.node(dice) } else { 0 },
            this: self.node(dice),
            returns: self.node(dice),
            binds_this: dice.one_in(2),
            binding: drift_facts::Binding::default(),
            is_member: false,
            param_names: Vec::new(),
            named_params: Vec::new(),
            named_rest: 0,
            says: dice.one_in(4).then(|| (if dice.one_in(3) { RECEIVER } else { dice.index(3) }, self.node(dice))),
            extent: Extent::default(),
        }
    }

    /// Half of the functions have one; where it lies does not matter to what must hold.
    fn extent(&self, dice: &mut Dice, flows: u32) -> Extent {
        let mut part = |of: u32| {
            let (one, other) = (dice.index(of + 1), dice.index(of + 1));
            one.min(other)..one.max(other)
        };
        let extent = Extent { flows: part(flows), variables: part(self.nodes), nodes: part(self.nodes) };
        if dice.one_in(2) { Extent::default() } else { extent }
    }

    fn class(&self, dice: &mut Dice) -> ClassFact {
        let kinds = [MemberKind::Method, MemberKind::Method, MemberKind::Getter, MemberKind::Setter];
        let member = |dice: &mut Dice| MemberFact {
            name: self.name(dice),
            is_static: dice.one_in(3),
            kind: *dice.pick(&kinds),
            function: dice.index(self.functions),
        };
        ClassFact {
            constructor: dice.index(self.functions),
            implicit_constructor: dice.one_in(2),
            extends: if dice.one_in(2) { self.node(dice) } else { 0 },
            shared: None,
            implements: self.nodes(dice, 2),
            instance: self.node(dice),
            statics: self.node(dice),
            members: (0..dice.below(5)).map(|_| member(dice)).collect(),
            declared: (0..dice.below(2)).map(|_| self.name(dice)).collect(),
        }
    }

    fn declared(&self, dice: &mut Dice) -> TypeFact {
        TypeFact {
            instance: self.node(dice),
            extends: self.nodes(dice, 2),
            members: (0..dice.below(4)).map(|_| (self.name(dice), self.node(dice))).collect(),
            required: (0..dice.below(2)).map(|_| self.name(dice)).collect(),
            library: dice.one_in(4).then(|| self.name(dice)),
        }
    }

    fn site(&self, dice: &mut Dice, at: u32) -> SiteFact {
        let kinds = [
            SiteKind::Call,
            SiteKind::Call,
            SiteKind::New,
            SiteKind::OptionalCall,
            SiteKind::TaggedTemplate,
            SiteKind::SuperCall,
            SiteKind::DynamicImport,
            SiteKind::Require,
            SiteKind::Jsx,
            SiteKind::Decorator,
        ];
        let name = self.name(dice);
        let shapes = [
            CalleeShape::Name(name),
            CalleeShape::Parameter(name),
            CalleeShape::Imported(name),
            CalleeShape::Member(name),
            CalleeShape::Member(name),
            CalleeShape::Member(name),
            CalleeShape::Computed,
            CalleeShape::Super,
            CalleeShape::Eval,
            CalleeShape::Value,
        ];
        SiteFact {
            kind: *dice.pick(&kinds),
            span: line(at),
            caller: self.around(dice),
            callee: self.node(dice),
            shape: *dice.pick(&shapes),
            this: self.node(dice),
            on_receiver: dice.one_in(2),
            args: self.nodes(dice, 4),
            named: Vec::new(),
            named_spread: 0,
            spread: if dice.one_in(4) { self.node(dice) } else { 0 },
            maybe_missing: if dice.one_in(4) { dice.index(16) } else { 0 },
            result: self.node(dice),
        }
    }

    fn access(&self, dice: &mut Dice, at: u32) -> AccessFact {
        AccessFact {
            span: line(at),
            caller: self.around(dice),
            base: self.node(dice),
            this: self.node(dice),
            field: self.name(dice),
            kind: *dice.pick(&[AccessKind::Read, AccessKind::Write, AccessKind::ReadWrite]),
            value: self.node(dice),
        }
    }

    fn iteration(&self, dice: &mut Dice, at: u32) -> IterationFact {
        IterationFact { span: line(at), caller: self.around(dice), from: self.node(dice) }
    }

    fn import(&self, dice: &mut Dice) -> ImportFact {
        let name = self.name(dice);
        let kinds = [ImportKind::Named(name), ImportKind::Named(name), ImportKind::Namespace, ImportKind::Require];
        ImportFact { to: self.node(dice), specifier: self.specifier(dice), kind: *dice.pick(&kinds) }
    }

    fn export(&self, dice: &mut Dice) -> ExportFact {
        let (name, specifier) = (self.name(dice), self.specifier(dice));
        match dice.below(5) {
            0 | 1 => ExportFact::Local { name, from: self.node(dice) },
            2 => ExportFact::Forward { name, specifier, imported: self.name(dice) },
            3 => ExportFact::ForwardNamespace { name, specifier },
            _ => ExportFact::All { specifier },
        }
    }

    fn detail(&self, dice: &mut Dice) -> DetailFact {
        let details = [
            Detail::Is,
            Detail::MayBe,
            Detail::Returns,
            Detail::Type,
            Detail::Accepts,
            Detail::Parameter,
            Detail::Argument,
            Detail::Base,
            Detail::Applied,
            Detail::Like,
            Detail::Super,
        ];
        let (of, node) = (self.node(dice), self.node(dice));
        match *dice.pick(&details) {
            Detail::Type if self.types == 0 => DetailFact { of, detail: Detail::Is, index: 0, node },
            Detail::Type => DetailFact { of, detail: Detail::Type, index: dice.index(self.types), node: 0 },
            detail => DetailFact { of, detail, index: dice.index(3), node },
        }
    }

    fn flow(&self, dice: &mut Dice) -> Flow {
        let (to, from, base, name) = (self.node(dice), self.node(dice), self.node(dice), self.name(dice));
        match dice.below(39) {
            0 | 1 if self.functions > 0 => Flow::Function { to, function: dice.index(self.functions) },
            2 | 3 if self.classes > 0 => Flow::Class { to, class: dice.index(self.classes) },
            4 if self.objects > 0 => Flow::Object { to, object: dice.index(self.objects) },
            5 if self.objects > 0 => Flow::Array { to, object: dice.index(self.objects) },
            6 if self.types > 0 => Flow::Type { to, declared: dice.index(self.types) },
            7 => Flow::External { to, name },
            8 => Flow::Signature { to, returns: from },
            9 | 10 => Flow::Load { to, base, field: name },
            11 | 12 => Flow::Store { base, field: name, from },
            13 => Flow::LoadAny { to, base, key: self.node(dice) },
            14 => Flow::StoreAny { base, from, key: self.node(dice) },
            15 => Flow::LoadAny { to, base, key: 0 },
            16 => Flow::StoreAny { base, from, key: 0 },
            17 => Flow::Key { to, name },
            18 => Flow::CopyFields { to, from },
            19 | 20 => Flow::Global { to, name },
            21 => Flow::StoreGlobal { name, from },
            22 => Flow::Typed { to, declared: from, alone: dice.one_in(2) },
            23 => Flow::FieldLike { base, field: name, like: from },
            24 => Flow::Unknown { to },
            25 => Flow::Iterate { to, from },
            26 => Flow::IterateAt { to, from, index: dice.index(20) },
            27 => Flow::Undefined { to },
            28 => Flow::Default { to, from, default: base },
            29 => Flow::Await { to, from },
            30 => Flow::Hinted { to, declared: from },
            31 => Flow::Otherwise { to, from },
            32 => Flow::Narrowed { to, from, declared: base, is: dice.one_in(2) },
            34 => Flow::Where { to, from, test: base, missing: dice.one_in(2) },
            35 => Flow::Decorated { to, from, given: base },
            33 => Flow::Join { to, first: from, second: base },
            36 => {
                let argument = if dice.one_in(3) { RECEIVER } else { dice.index(3) };
                Flow::Guarded { to, from, call: base, argument, is: dice.one_in(2) }
            }
            _ => Flow::Assign { to, from },
        }
    }
}
