//! What the call graph says, asked once for each call and function.

use std::rc::Rc;

use super::{Callers, Code, Search, Targets};

impl<C: Code> Search<'_, C> {
    pub(super) fn targets_of(&mut self, file: u32, call: u32) -> Result<Targets, C::Error> {
        if let Some(known) = self.targets.get(&(file, call)) {
            return Ok(Rc::clone(known));
        }
        let path = self.files[file as usize].path.clone();
        let span = self.files[file as usize].values.calls[call as usize].span;
        let mut found = Vec::new();
        for target in self.code.targets(&path, span)? {
            if let Some(file) = self.file(&target.path)? {
                found.push((file, self.files[file as usize].function_at(target.span), target.probability));
            }
        }
        let found = Rc::new(found);
        self.targets.insert((file, call), Rc::clone(&found));
        Ok(found)
    }

    /// Calls of a function, or those that make instances of a class.
    pub(super) fn callers_of(&mut self, file: u32, which: u32, is_class: bool) -> Result<Callers, C::Error> {
        let key = (file, if is_class { !which } else { which });
        if let Some(known) = self.callers.get(&key) {
            return Ok(Rc::clone(known));
        }
        let arranged = &self.files[file as usize];
        let (path, values) = (arranged.path.clone(), Rc::clone(&arranged.values));
        let span = if is_class {
            let own = values.functions.iter().find(|one| one.class == Some(which) && one.is_constructor);
            own.map_or(values.classes[which as usize].span, |constructor| constructor.span)
        } else {
            values.functions[which as usize].span
        };
        let mut found = Vec::new();
        for (path, span) in self.code.callers(&path, span)? {
            let Some(file) = self.file(&path)? else { continue };
            found.extend(self.files[file as usize].call_at(span).map(|call| (file, call)));
        }
        let found = Rc::new(found);
        self.callers.insert(key, Rc::clone(&found));
        Ok(found)
    }
}
