//! What facts promise: every number means something, nothing comes twice, and their size is bounded by the text's.

use std::fmt::Debug;
use std::hash::Hash;

use drift_engine::analyse;
use drift_facts::{CalleeShape, Detail, DetailFact, ExportFact, Extent, FileFacts, Flow, ImportKind, NO_NAME};
use drift_store::StoredFacts;
use drift_syntax::Language;
use drift_text::LineSpan;
use rustc_hash::FxHashSet;

use super::Failure;
use super::position::Positions;
use crate::case::parts;

/// Facts that a byte of text may give rise to; 1.5 were seen.
const PARTS_PER_BYTE: usize = 8;
/// What may come beside that, whatever the text.
const PARTS_AT_LEAST: usize = 64;
/// Bytes of names per byte of text, for a qualified name spells out some of the names around it; 30 were seen.
const NAME_BYTES_PER_BYTE: usize = 128;

/// What holds between a text and its facts.
pub fn check_text(path: &str, text: &str, stored: &StoredFacts) -> Result<(), Failure> {
    let fail = |property, detail: String| Err(Failure::new(property, format!("{path}: {detail}")));
    if StoredFacts::decode(&stored.encode()).as_ref() != Some(stored) {
        return fail("facts-survive-being-stored", "what comes back differs".to_owned());
    }
    let language = Language::of_path(path).expect("it was read as a language");
    if analyse(language, text, None) != *stored {
        return fail("same-facts-each-time", "the second reading differs".to_owned());
    }
    let Some(facts) = &stored.facts else {
        return match stored.notes.as_slice() {
            [note] if note.starts_with("nested-too-deeply") => Ok(()),
            notes => fail("refused-with-a-reason", format!("{notes:?}")),
        };
    };
    let positions = Positions::of(text);
    if positions.line_count() != facts.line_count as usize {
        return fail("lines-are-counted", format!("{} and {}", positions.line_count(), facts.line_count));
    }
    if let Some(span) = spans(facts).find(|span| !positions.hold(*span)) {
        return fail("positions-lie-in-the-text", format!("{span:?}"));
    }
    let (parts, limit) = (parts(facts), PARTS_PER_BYTE * text.len() + PARTS_AT_LEAST);
    if parts > limit {
        return fail("work-is-bounded-by-the-text", format!("{parts} facts of {} bytes", text.len()));
    }
    let named = facts.functions.iter().map(|function| function.name.len()).sum::<usize>()
        + facts.names.iter().map(String::len).sum::<usize>();
    if named > NAME_BYTES_PER_BYTE * (text.len() + PARTS_AT_LEAST) {
        return fail("work-is-bounded-by-the-text", format!("{named} bytes of names of {} bytes", text.len()));
    }
    Ok(())
}

fn spans(facts: &FileFacts) -> impl Iterator<Item = LineSpan> {
    let functions = facts.functions.iter().map(|function| function.span);
    let sites = facts.sites.iter().map(|site| site.span);
    let accesses = facts.accesses.iter().map(|access| access.span);
    functions.chain(sites).chain(accesses).chain(facts.iterations.iter().map(|iteration| iteration.span))
}

/// What holds for facts as such.
pub fn check_facts(path: &str, facts: &FileFacts) -> Result<(), Failure> {
    let fail = |property, detail: String| Err(Failure::new(property, format!("{path}: {detail}")));
    let unique = [
        first_twice(facts.functions.iter().map(|function| &function.name)),
        first_twice(facts.functions.iter().map(|function| (function.span, function.kind))),
        first_twice(facts.sites.iter().map(|site| (site.span, site.kind))),
        first_twice(facts.accesses.iter().map(|access| access.span)),
    ];
    if let Some(twice) = unique.into_iter().flatten().next() {
        return fail("nothing-comes-twice", twice);
    }
    if !facts.sites.is_sorted_by_key(|site| (site.span, site.kind))
        || !facts.accesses.is_sorted_by_key(|access| access.span)
        || !facts.iterations.is_sorted_by_key(|iteration| iteration.span)
    {
        return fail("sorted-by-position", String::new());
    }
    match Limits::of(facts).first_outside(facts) {
        Some(what) => fail("every-number-means-something", what),
        None => Ok(()),
    }
}

fn first_twice<T: Debug + Hash + Eq>(of: impl Iterator<Item = T>) -> Option<String> {
    let mut seen = FxHashSet::default();
    for one in of {
        let text = format!("{one:?}");
        if !seen.insert(one) {
            return Some(text);
        }
    }
    None
}

struct Limits {
    nodes: u32,
    names: u32,
    functions: u32,
    classes: u32,
    types: u32,
    objects: u32,
}

impl Limits {
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

    fn first_outside(&self, facts: &FileFacts) -> Option<String> {
        let nodes = |of: &[u32]| of.iter().all(|&node| node == 0 || node < self.nodes);
        let name = |name: u32| name < self.names;
        let function = |function: Option<u32>| function.is_none_or(|function| function < self.functions);
        let say = |what: &dyn Debug| Some(format!("{what:?}"));
        for (index, one) in facts.functions.iter().enumerate() {
            let fixed = nodes(&[one.rest, one.this, one.returns]) && nodes(&one.params);
            let Extent { flows, variables, nodes: others } = &one.extent;
            let inside = flows.end as usize <= facts.flows.len() && variables.end.max(others.end) <= self.nodes;
            let is_named = |of: &u32| *of == NO_NAME || name(*of);
            let named = one.param_names.iter().all(is_named)
                && one.named_params.iter().all(|&(of, node)| name(of) && nodes(&[node]))
                && nodes(&[one.named_rest])
                && one.says.is_none_or(|(_, node)| nodes(&[node]));
            if !fixed || !named || !inside || !function(one.parent) || one.parent == Some(index as u32) {
                return say(one);
            }
        }
        for one in &facts.classes {
            let members = one.members.iter().all(|member| name(member.name) && member.function < self.functions);
            let fixed = nodes(&[one.extends, one.instance, one.statics]) && nodes(&one.implements);
            let declared = one.declared.iter().all(|&declared| name(declared));
            if !fixed || !members || !declared || one.constructor >= self.functions {
                return say(one);
            }
        }
        for shared in facts.classes.iter().filter_map(|class| class.shared.as_ref()) {
            let named = [&shared.attributes, &shared.fields, &shared.descriptors];
            let fixed = nodes(&shared.bases) && nodes(&[shared.metaclass]);
            if !fixed || !named.into_iter().flatten().all(|&of| name(of)) {
                return say(shared);
            }
        }
        for one in &facts.types {
            let members = one.members.iter().all(|&(member, node)| name(member) && nodes(&[node]));
            let required = one.required.iter().all(|&required| name(required));
            if !members || !required || !nodes(&[one.instance]) || !nodes(&one.extends) || !one.library.is_none_or(name)
            {
                return say(one);
            }
        }
        for one in &facts.sites {
            let shape = match one.shape {
                CalleeShape::Name(of)
                | CalleeShape::Parameter(of)
                | CalleeShape::Imported(of)
                | CalleeShape::Member(of) => name(of),
                CalleeShape::Computed | CalleeShape::Super | CalleeShape::Eval | CalleeShape::Value => true,
            };
            let fixed = nodes(&[one.callee, one.this, one.spread, one.result, one.named_spread])
                && nodes(&one.args)
                && one.named.iter().all(|&(of, node)| name(of) && nodes(&[node]));
            if !shape || !fixed || !function(one.caller) {
                return say(one);
            }
        }
        for one in &facts.accesses {
            if !nodes(&[one.base, one.this, one.value]) || !name(one.field) || !function(one.caller) {
                return say(one);
            }
        }
        for one in &facts.iterations {
            if !nodes(&[one.from]) || !function(one.caller) {
                return say(one);
            }
        }
        for one in &facts.implicit_calls {
            let named = one.method == NO_NAME || name(one.method);
            if !named || !nodes(&[one.base, one.result]) || !nodes(&one.args) || !function(one.caller) {
                return say(one);
            }
        }
        for one in &facts.imports {
            let kind = match one.kind {
                ImportKind::Named(of) | ImportKind::Star(of) => name(of),
                ImportKind::Namespace | ImportKind::Require => true,
            };
            if !kind || !name(one.specifier) || !nodes(&[one.to]) {
                return say(one);
            }
        }
        for one in &facts.exports {
            let inside = match *one {
                ExportFact::Local { name: of, from } => name(of) && nodes(&[from]),
                ExportFact::Forward { name: of, specifier, imported } => name(of) && name(specifier) && name(imported),
                ExportFact::ForwardNamespace { name: of, specifier } => name(of) && name(specifier),
                ExportFact::All { specifier } => name(specifier),
            };
            if !inside {
                return say(one);
            }
        }
        if let Some(one) = facts.globals.iter().find(|&&(of, node)| !name(of) || !nodes(&[node])) {
            return say(one);
        }
        if !nodes(&[facts.module_object, facts.exports_object]) {
            return Some("the objects of CommonJS".to_owned());
        }
        let is_inside =
            |one: &DetailFact| nodes(&[one.of, one.node]) && (one.detail != Detail::Type || one.index < self.types);
        if let Some(one) = facts.details.iter().find(|one| !is_inside(one)) {
            return say(one);
        }
        facts.flows.iter().find(|flow| !self.holds_flow(flow)).and_then(|flow| say(flow))
    }

    fn holds_flow(&self, flow: &Flow) -> bool {
        let nodes = |of: &[u32]| of.iter().all(|&node| node == 0 || node < self.nodes);
        let name = |name: u32| name < self.names;
        match *flow {
            Flow::Assign { to, from }
            | Flow::CopyFields { to, from }
            | Flow::Iterate { to, from }
            | Flow::IterateAt { to, from, .. }
            | Flow::Entered { to, from }
            | Flow::Otherwise { to, from }
            | Flow::Slice { to, from, .. }
            | Flow::Await { to, from } => nodes(&[to, from]),
            Flow::Guarded { to, from, call, .. } => nodes(&[to, from, call]),
            Flow::Super { to, from, class } => nodes(&[to, from]) && class < self.classes,
            Flow::Function { to, function } => nodes(&[to]) && function < self.functions,
            Flow::Class { to, class } => nodes(&[to]) && class < self.classes,
            Flow::Object { to, object } | Flow::Array { to, object } => nodes(&[to]) && object < self.objects,
            Flow::External { to, name: of } | Flow::Key { to, name: of } | Flow::Global { to, name: of } => {
                nodes(&[to]) && name(of)
            }
            Flow::Type { to, declared } => nodes(&[to]) && declared < self.types,
            Flow::Signature { to, returns } => nodes(&[to, returns]),
            Flow::Load { to, base, field } => nodes(&[to, base]) && name(field),
            Flow::Store { base, field, from } => nodes(&[base, from]) && name(field),
            Flow::LoadAny { to, base, key } => nodes(&[to, base, key]),
            Flow::StoreAny { base, from, key } => nodes(&[base, from, key]),
            Flow::StoreGlobal { name: of, from } => name(of) && nodes(&[from]),
            Flow::Typed { to, declared, .. } | Flow::Hinted { to, declared } => nodes(&[to, declared]),
            Flow::Join { to, first, second } => nodes(&[to, first, second]),
            Flow::Narrowed { to, from, declared, .. } => nodes(&[to, from, declared]),
            Flow::Where { to, from, test, .. } => nodes(&[to, from, test]),
            Flow::Decorated { to, from, given } => nodes(&[to, from, given]),
            Flow::FieldLike { base, field, like } => nodes(&[base, like]) && name(field),
            Flow::Unknown { to } | Flow::Undefined { to } => nodes(&[to]),
            Flow::Default { to, from, default } => nodes(&[to, from, default]),
        }
    }
}
