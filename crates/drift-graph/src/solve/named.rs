//! Arguments that are given by name.

use drift_facts::NO_NAME;

use super::Solver;
use super::model::{Function, FunctionId, Node, SiteId, Use};

impl Solver<'_> {
    /// Arguments of a site reach the parameters of a function that can take them by name; what is not passed is
    /// undefined. `args` stand for those of the site.
    pub(super) fn pass_named(&mut self, site: SiteId, function: FunctionId, args: &[Node], extra: Node) {
        let Function { params, rest, param_names, named_params, named_rest, .. } =
            self.functions[function as usize].clone();
        let (spread, named_spread, named) = {
            let site = &self.sites[site as usize];
            (site.spread, site.named_spread, site.named.clone())
        };
        // A bound function has its receiver before what the site passes.
        let shifted = args.len().saturating_sub(self.sites[site as usize].args.len()) as u32;
        let maybe_missing = self.sites[site as usize].maybe_missing.checked_shl(shifted).unwrap_or(0);
        let is_named = |name: u32| named.iter().any(|&(given, _)| given == name);
        // What is passed by name is not missing.
        self.pass_positional((args, maybe_missing), [spread, extra], &params, rest);
        for (index, &to) in params.iter().enumerate().skip(args.len()) {
            if param_names.get(index).is_none_or(|&name| name == NO_NAME || !is_named(name)) {
                self.add(to, self.undefined);
            }
        }
        for &(name, to) in &*named_params {
            if !is_named(name) {
                self.add(to, self.undefined);
            }
        }
        for &(name, from) in &*named {
            let by_position = param_names.iter().position(|&known| known == name).map(|index| params[index]);
            let by_name = || named_params.iter().find(|&&(known, _)| known == name).map(|&(_, to)| to);
            match by_position.or_else(by_name) {
                Some(to) => self.edge(from, to),
                None if named_rest != 0 => {
                    let field = self.quoted(name);
                    self.use_of(named_rest, Use::Store { field, from });
                }
                None => {}
            }
        }
        if named_spread != 0 {
            let is_passed =
                |index: usize| index < args.len() && maybe_missing.checked_shr(index as u32).unwrap_or(0) & 1 == 0;
            let by_position = param_names.iter().copied().zip(params.iter().copied()).enumerate();
            let by_position = by_position.filter(|&(index, _)| !is_passed(index)).map(|(_, param)| param);
            let all: Vec<(u32, Node)> =
                by_position.chain(named_params.iter().copied()).filter(|&(name, _)| name != NO_NAME).collect();
            for (name, to) in all {
                if !is_named(name) {
                    let field = self.quoted(name);
                    self.use_of(named_spread, Use::Load { to, field });
                }
            }
            if named_rest != 0 {
                self.use_of(named_rest, Use::CopyFields { to: named_spread });
            }
        }
    }

    fn pass_positional(
        &mut self,
        (args, maybe_missing): (&[Node], u32),
        spreads: [Node; 2],
        params: &[Node],
        rest: Node,
    ) {
        // Those not passed are seen to by the caller.
        let given = args.len().min(params.len());
        self.pass(&args[..given], maybe_missing, [0, 0], &params[..given], 0);
        for (index, &from) in args.iter().enumerate().skip(params.len()) {
            if rest != 0 && from != 0 {
                let field = self.name(&(index - params.len()).to_string());
                self.use_of(rest, Use::Store { field, from });
            }
        }
        for spread in spreads.into_iter().filter(|&spread| spread != 0) {
            for &to in params.iter().skip(args.len()) {
                self.edge(spread, to);
            }
            if rest != 0 {
                self.use_of(rest, Use::StoreAny { from: spread, key: 0 });
            }
        }
    }

    /// The key under which a dictionary keeps what is given by a name.
    pub(super) fn quoted(&mut self, name: u32) -> u32 {
        let text = format!("'{}'", self.names[name as usize]);
        self.name(&text)
    }
}
