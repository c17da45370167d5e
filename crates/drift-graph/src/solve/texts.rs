//! What methods of texts yield of texts that are known. A text comes of them that is used as a name: `"on_" + kind.lower()`.

use super::model::{Node, Object, ObjectId, Site, SiteId};
use super::{MAX_JOINED_BYTES, Solver};

impl Solver<'_> {
    /// The text that a key stands for, if all of it is known.
    fn whole_text(&self, object: ObjectId) -> Option<&str> {
        let Object::Key(name) = self.objects[object as usize] else { return None };
        if self.is_pattern(object) {
            return None;
        }
        self.names[name as usize].strip_prefix('\'').and_then(|text| text.strip_suffix('\''))
    }

    /// `to` holds this text, or a text of which nothing is known.
    fn yield_text(&mut self, text: Option<String>, to: Node) {
        let object = match text {
            Some(text) if text.len() <= MAX_JOINED_BYTES => {
                let name = self.name(&format!("'{text}'"));
                self.object(Object::Key(name))
            }
            _ => self.external("builtins.str"),
        };
        self.add(to, object);
    }

    /// `text.lower()`, `text.upper()`
    pub(super) fn change_case(&mut self, text: ObjectId, is_upper: bool, to: Node) {
        let changed =
            self.whole_text(text).map(|text| if is_upper { text.to_uppercase() } else { text.to_lowercase() });
        self.yield_text(changed, to);
    }

    /// `text.replace(part, by)`, of all that the three hold: whichever comes last, each is told of the others.
    pub(super) fn replace_text(&mut self, site: SiteId) {
        let Site { this, result, ref args, .. } = self.sites[site as usize];
        let [part, by] = [0, 1].map(|at| args.get(at).copied().unwrap_or(0));
        let held = |node: Node| -> Vec<Option<&str>> {
            let objects = self.graph.sent(node).iter();
            if node == 0 { vec![None] } else { objects.map(|&object| self.whole_text(object)).collect() }
        };
        let (texts, parts, others) = (held(this), held(part), held(by));
        let mut changed: Vec<Option<String>> = Vec::new();
        for text in &texts {
            for part in &parts {
                for by in &others {
                    changed.push(match (text, part, by) {
                        (Some(text), Some(part), Some(by)) if !part.is_empty() => Some(text.replace(part, by)),
                        _ => None,
                    });
                }
            }
        }
        for text in changed {
            self.yield_text(text, result);
        }
    }
}
