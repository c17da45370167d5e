//! What of a function depends on the call that enters it: all that a copy for a call needs of its own.
//!
//! A node depends on the call if a parameter, an object made inside, or what another such node holds can reach it. The
//! others hold the same for all calls, so that copies share them with the function as it is written.

use std::ops::Range;
use std::rc::Rc;

use drift_facts::{Extent, FileFacts, Flow, ImplicitCallFact, NONE, Node, SiteFact};
use drift_text::LineSpan;

use super::Solver;
use super::model::{FunctionId, SiteId};
use super::place::Shift;

/// See the module. Numbers are those of the file, but for sites.
pub(super) struct Slice {
    pub(super) functions: Range<u32>,
    pub(super) classes: Range<u32>,
    pub(super) objects: Range<u32>,
    pub(super) variables: Own,
    pub(super) nodes: Own,
    pub(super) flows: Vec<u32>,
    pub(super) imports: Vec<u32>,
    pub(super) sites: Vec<u32>,
    pub(super) accesses: Vec<(u32, SiteId)>,
    pub(super) iterations: Vec<(u32, SiteId, SiteId)>,
    pub(super) implicit_calls: Vec<(u32, SiteId)>,
}

/// Which of the nodes that follow each other depend on the call.
pub(super) struct Own {
    all: Range<Node>,
    /// For each its number among those that do, from 1, or 0.
    numbers: Rc<[u32]>,
    count: u32,
}

impl Own {
    pub(super) fn of(all: &Range<Node>, is_own: &[bool]) -> Self {
        let mut count = 0;
        let numbers = is_own.iter().map(|&is_own| {
            count += u32::from(is_own);
            if is_own { count } else { 0 }
        });
        Self { all: all.clone(), numbers: numbers.collect(), count }
    }

    fn iter(&self) -> impl Iterator<Item = Node> {
        self.all.clone().zip(self.numbers.iter()).filter(|&(_, &number)| number > 0).map(|(node, _)| node)
    }
}

impl Slice {
    /// The nodes that depend on the call.
    pub(super) fn own(&self) -> impl Iterator<Item = Node> {
        self.variables.iter().chain(self.nodes.iter())
    }

    pub(super) fn count(&self) -> u32 {
        self.variables.count + self.nodes.count
    }

    /// Where a copy keeps its nodes, the first being `first`: variables, and the others.
    pub(super) fn shifts(&self, first: u32) -> [Shift; 2] {
        [(&self.variables, first), (&self.nodes, first + self.variables.count)]
            .map(|(own, to)| Shift::some(own.all.clone(), Rc::clone(&own.numbers), to))
    }
}

impl Solver<'_> {
    /// The slice of a function as it is written.
    pub(super) fn slice_function(&self, origin: FunctionId) -> Slice {
        let file = self.bases.partition_point(|base| base.function <= origin) - 1;
        let (facts, base) = (self.files[file].facts, &self.bases[file]);
        let functions = origin - base.function..self.copies.behind(origin) - base.function;
        let fact = &facts.functions[functions.start as usize];
        let inside = Inside { functions: functions.clone(), span: fact.span };
        let flows = &facts.flows[fact.extent.flows.start as usize..fact.extent.flows.end as usize];
        let classes = range(facts.classes.iter().enumerate(), |(index, class)| {
            // A constructor stands in its class, not the other way round.
            (functions.start < class.constructor && class.constructor < functions.end).then_some(index as u32)
        });
        let objects = range(flows, |flow| match *flow {
            Flow::Object { object, .. } | Flow::Array { object, .. } => Some(object),
            _ => None,
        });
        let sites = inside.of(facts.sites.iter().enumerate().map(|(index, fact)| (index, fact.span, fact.caller)));
        let calls = &self.implicit_calls[file];
        let calls = inside.of(calls.iter().enumerate().map(|(index, &(at, _))| {
            let fact = &facts.implicit_calls[at as usize];
            (index, fact.span, fact.caller)
        }));
        let mut own = Dependent::new(&fact.extent);
        own.add_first(facts, &functions, &classes);
        own.spread(flows, &sites.iter().map(|&at| &facts.sites[at]).collect::<Vec<_>>(), &{
            let calls = calls.iter().map(|&at| &facts.implicit_calls[self.implicit_calls[file][at].0 as usize]);
            calls.collect::<Vec<_>>()
        });
        let accesses = &self.accesses[file];
        let accesses = inside.of(accesses.iter().enumerate().map(|(index, &(at, _))| {
            let fact = &facts.accesses[at as usize];
            (index, fact.span, fact.caller)
        }));
        let iterations = &self.iterations[file];
        let iterations = inside.of(iterations.iter().enumerate().map(|(index, &(at, _, _))| {
            let fact = &facts.iterations[at as usize];
            (index, fact.span, fact.caller)
        }));
        let first_flow = fact.extent.flows.start;
        Slice {
            flows: (first_flow..).zip(flows).filter(|(_, flow)| own.needs(flow)).map(|(index, _)| index).collect(),
            imports: (0..).zip(&facts.imports).filter(|(_, fact)| own.has(fact.to)).map(|(index, _)| index).collect(),
            sites: sites.into_iter().filter(|&at| own.has_input(&facts.sites[at])).map(|at| at as u32).collect(),
            accesses: accesses
                .into_iter()
                .map(|at| self.accesses[file][at])
                .filter(|&(at, _)| {
                    let fact = &facts.accesses[at as usize];
                    own.has(fact.base) || own.has(fact.value) || own.has(fact.this)
                })
                .collect(),
            iterations: iterations
                .into_iter()
                .map(|at| self.iterations[file][at])
                .filter(|&(at, _, _)| own.has(facts.iterations[at as usize].from))
                .collect(),
            implicit_calls: calls
                .into_iter()
                .map(|at| self.implicit_calls[file][at])
                .filter(|&(at, _)| own.is_input(&facts.implicit_calls[at as usize]))
                .collect(),
            variables: Own::of(&own.variables, &own.are_variables),
            nodes: Own::of(&own.nodes, &own.are_nodes),
            functions,
            classes,
            objects,
        }
    }
}

/// What stands within a function.
struct Inside {
    functions: Range<u32>,
    span: LineSpan,
}

impl Inside {
    /// The places of those that a function of this one makes; all are in the order of their position.
    fn of(&self, all: impl Iterator<Item = (usize, LineSpan, Option<u32>)>) -> Vec<usize> {
        let (start, end) = ((self.span.line, self.span.column), (self.span.end_line, self.span.end_column));
        all.skip_while(|(_, at, _)| (at.line, at.column) < start)
            .take_while(|(_, at, _)| (at.line, at.column) < end)
            .filter(|(_, _, caller)| caller.is_some_and(|caller| self.functions.contains(&caller)))
            .map(|(index, _, _)| index)
            .collect()
    }
}

/// The nodes that are found to depend on the call.
pub(super) struct Dependent {
    pub(super) variables: Range<Node>,
    pub(super) nodes: Range<Node>,
    pub(super) are_variables: Vec<bool>,
    pub(super) are_nodes: Vec<bool>,
}

impl Dependent {
    pub(super) fn new(extent: &Extent) -> Self {
        let (variables, nodes) = (extent.variables.clone(), extent.nodes.clone());
        let [are_variables, are_nodes] = [variables.len(), nodes.len()].map(|count| vec![false; count]);
        Self { variables, nodes, are_variables, are_nodes }
    }

    fn place(&mut self, node: Node) -> Option<&mut bool> {
        if self.nodes.contains(&node) {
            return self.are_nodes.get_mut((node - self.nodes.start) as usize);
        }
        if !self.variables.contains(&node) {
            return None;
        }
        self.are_variables.get_mut((node - self.variables.start) as usize)
    }

    pub(super) fn has(&self, node: Node) -> bool {
        if self.nodes.contains(&node) {
            return self.are_nodes[(node - self.nodes.start) as usize];
        }
        self.variables.contains(&node) && self.are_variables[(node - self.variables.start) as usize]
    }

    fn is_inside(&self, node: Node) -> bool {
        self.nodes.contains(&node) || self.variables.contains(&node)
    }

    /// Returns whether that is new.
    pub(super) fn add(&mut self, node: Node) -> bool {
        self.place(node).is_some_and(|known| !std::mem::replace(known, true))
    }

    /// What each call passes and gets, and what functions and classes inside have of their own.
    pub(super) fn add_first(&mut self, facts: &FileFacts, functions: &Range<u32>, classes: &Range<u32>) {
        for function in &facts.functions[functions.start as usize..functions.end as usize] {
            let named = function.named_params.iter().map(|&(_, node)| node);
            let others = [function.rest, function.this, function.returns, function.named_rest];
            for node in function.params.iter().copied().chain(named).chain(others) {
                self.add(node);
            }
        }
        for class in &facts.classes[classes.start as usize..classes.end as usize] {
            self.add(class.instance);
            self.add(class.statics);
        }
    }

    fn spread(&mut self, flows: &[Flow], sites: &[&SiteFact], calls: &[&ImplicitCallFact]) {
        let mut is_done = false;
        while !is_done {
            is_done = true;
            for flow in flows {
                let (to, inputs, is_first) = parts(flow);
                if to != NONE && (is_first || inputs.iter().any(|&node| self.has(node))) && self.add(to) {
                    is_done = false;
                }
            }
            for site in sites {
                if self.has_input(site) && self.add(site.result) {
                    is_done = false;
                }
            }
            for call in calls {
                if self.is_input(call) && self.add(call.result) {
                    is_done = false;
                }
            }
        }
    }

    fn has_input(&self, site: &SiteFact) -> bool {
        let named = site.named.iter().map(|&(_, node)| node);
        let others = [site.callee, site.this, site.named_spread, site.spread];
        site.args.iter().copied().chain(named).chain(others).any(|node| self.has(node))
    }

    fn is_input(&self, call: &ImplicitCallFact) -> bool {
        self.has(call.base) || call.args.iter().any(|&node| self.has(node))
    }

    /// Whether a copy needs a flow of its own.
    fn needs(&self, flow: &Flow) -> bool {
        let (to, inputs, _) = parts(flow);
        if to != NONE && self.is_inside(to) { self.has(to) } else { inputs.iter().any(|&node| self.has(node)) }
    }
}

/// What a flow adds to, what it reads, and whether what it adds is told apart by call in any case.
pub(super) fn parts(flow: &Flow) -> (Node, [Node; 3], bool) {
    let from = |to: Node, from: Node| (to, [from, NONE, NONE], false);
    match *flow {
        Flow::Function { to, .. } | Flow::Class { to, .. } | Flow::Object { to, .. } | Flow::Array { to, .. } => {
            (to, [NONE; 3], true)
        }
        Flow::Hinted { to, declared } => (to, [declared, NONE, NONE], true),
        Flow::Otherwise { to, from } => (to, [from, NONE, NONE], true),
        Flow::External { to, .. }
        | Flow::Type { to, .. }
        | Flow::Key { to, .. }
        | Flow::Global { to, .. }
        | Flow::Unknown { to }
        | Flow::Undefined { to } => (to, [NONE; 3], false),
        Flow::Assign { to, from: of }
        | Flow::Iterate { to, from: of }
        | Flow::IterateAt { to, from: of, .. }
        | Flow::Await { to, from: of }
        | Flow::Guarded { to, from: of, .. }
        | Flow::Super { to, from: of, .. }
        | Flow::Entered { to, from: of }
        | Flow::Slice { to, from: of, .. } => from(to, of),
        Flow::Signature { to, returns } => from(to, returns),
        Flow::Load { to, base, .. } => from(to, base),
        Flow::Typed { to, declared, .. } => from(to, declared),
        Flow::LoadAny { to, base, key } => (to, [base, key, NONE], false),
        Flow::Narrowed { to, from, declared, .. } => (to, [from, declared, NONE], false),
        Flow::Join { to, first, second } => (to, [first, second, NONE], false),
        Flow::Default { to, from, default } => (to, [from, default, NONE], false),
        Flow::Where { to, from, test, .. } => (to, [from, test, NONE], false),
        Flow::Decorated { to, from, given } => (to, [from, given, NONE], false),
        Flow::Store { base, from, .. } => (NONE, [base, from, NONE], false),
        Flow::StoreAny { base, from, key } => (NONE, [base, from, key], false),
        Flow::CopyFields { to, from } => (NONE, [to, from, NONE], false),
        Flow::FieldLike { base, like, .. } => (NONE, [base, like, NONE], false),
        Flow::StoreGlobal { from, .. } => (NONE, [from, NONE, NONE], false),
    }
}

/// The numbers that follow each other, from the first to the last that is found.
pub(super) fn range<T>(all: impl IntoIterator<Item = T>, of: impl Fn(T) -> Option<u32>) -> Range<u32> {
    let mut found = 0..0;
    for number in all.into_iter().filter_map(of) {
        if found.is_empty() {
            found = number..number + 1;
        } else {
            found = found.start.min(number)..found.end.max(number + 1);
        }
    }
    found
}
