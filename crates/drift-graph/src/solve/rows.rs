//! Rows that take little memory: vectors that never move, and short lists that several rows share.

use std::ops::{Deref, Index, IndexMut};
use std::rc::Rc;

/// Rows per page.
const PAGE: usize = 1 << 13;

/// A vector that never moves its rows, and so never holds them twice.
pub(super) struct Paged<T>(Vec<Vec<T>>);

impl<T> Default for Paged<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Paged<T> {
    pub(super) fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * PAGE + last.len())
    }

    pub(super) fn push(&mut self, row: T) {
        match self.0.last_mut() {
            Some(last) if last.len() < PAGE => last.push(row),
            _ => {
                let mut page = Vec::with_capacity(PAGE);
                page.push(row);
                self.0.push(page);
            }
        }
    }
}

impl<T> Index<usize> for Paged<T> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        &self.0[at / PAGE][at % PAGE]
    }
}

impl<T> IndexMut<usize> for Paged<T> {
    fn index_mut(&mut self, at: usize) -> &mut T {
        &mut self.0[at / PAGE][at % PAGE]
    }
}

/// A list that does not change, of which copies are cheap.
#[derive(Debug)]
pub(super) struct Fixed<T>(Option<Rc<[T]>>);

impl<T> Default for Fixed<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Clone for Fixed<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Deref for Fixed<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl<T> From<Vec<T>> for Fixed<T> {
    fn from(list: Vec<T>) -> Self {
        Self((!list.is_empty()).then(|| list.into()))
    }
}

impl<T> FromIterator<T> for Fixed<T> {
    fn from_iter<I: IntoIterator<Item = T>>(list: I) -> Self {
        let mut list = list.into_iter().peekable();
        Self(list.peek().is_some().then(|| list.collect()))
    }
}
