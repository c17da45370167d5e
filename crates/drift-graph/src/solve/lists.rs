//! Many lists, nearly all of them short, in little memory.
//!
//! A solver has millions of lists with one entry or none, and some with thousands. A `Vec` for each takes 24 bytes before
//! it holds anything, and every one that grows leaves a hole behind. Here a list is 8 bytes: a single number stands in the
//! list itself, short lists in chunks that all share, and only long ones have memory of their own, with an index.

use std::hash::Hash;

use rustc_hash::FxHashSet;

/// Entries of a list that has memory of its own, at least.
const LONG: usize = 33;
/// Entries that short lists have room for.
const ROOMS: [u8; 14] = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 28, 32];
/// Entries that are asked for at once.
const CHUNK: usize = 1 << 14;

/// By number of entries, which of [`ROOMS`] holds them.
const ROOM_OF: [u8; LONG] = {
    let mut rooms = [0; LONG];
    let (mut room, mut count) = (0, 0);
    while count < LONG {
        if count > ROOMS[room] as usize {
            room += 1;
        }
        rooms[count] = room as u8;
        count += 1;
    }
    rooms
};

/// What lists hold.
pub(super) trait Entry: Copy + Default + Eq + Hash {
    /// The entry as what stands in a list of its own, where it fits there.
    fn alone(self) -> Option<u32>;
    /// The entry that [`Self::alone`] made this of.
    fn of(alone: &u32) -> Option<&Self>;
}

impl Entry for u32 {
    fn alone(self) -> Option<u32> {
        Some(self)
    }

    fn of(alone: &u32) -> Option<&Self> {
        Some(alone)
    }
}

/// A list, which only the [`Lists`] that it belongs to can read.
#[derive(Clone, Copy, Default)]
pub(super) struct List {
    len: u32,
    /// Its only entry, or where its entries stand.
    at: u32,
}

impl List {
    pub(super) fn len(self) -> usize {
        self.len as usize
    }
}

/// The entries of lists, each once in a list, in the order in which they came.
#[derive(Default)]
pub(super) struct Lists<T> {
    chunks: Vec<Box<[T]>>,
    /// How much of the last chunk is in use.
    used: usize,
    /// By room, places that are free again.
    free: [Vec<u32>; ROOMS.len()],
    long: Vec<Long<T>>,
    free_long: Vec<u32>,
}

#[derive(Default)]
struct Long<T> {
    entries: Vec<T>,
    index: FxHashSet<T>,
}

impl<T: Entry> Lists<T> {
    pub(super) fn get<'l>(&'l self, list: &'l List) -> &'l [T] {
        match list.len() {
            0 => &[],
            1 if let Some(entry) = T::of(&list.at) => std::slice::from_ref(entry),
            len if len < LONG => {
                let (chunk, start) = (list.at as usize / CHUNK, list.at as usize % CHUNK);
                &self.chunks[chunk][start..start + len]
            }
            _ => &self.long[list.at as usize].entries,
        }
    }

    pub(super) fn contains(&self, list: List, entry: T) -> bool {
        if list.len() < LONG {
            self.get(&list).contains(&entry)
        } else {
            self.long[list.at as usize].index.contains(&entry)
        }
    }

    /// Adds an entry behind the others; returns whether it was not there yet.
    pub(super) fn insert(&mut self, list: &mut List, entry: T) -> bool {
        if list.len() >= LONG {
            let Long { entries, index } = &mut self.long[list.at as usize];
            if !index.insert(entry) {
                return false;
            }
            entries.push(entry);
            list.len += 1;
            return true;
        }
        if self.get(list).contains(&entry) {
            return false;
        }
        self.push(list, entry);
        true
    }

    fn push(&mut self, list: &mut List, entry: T) {
        let len = list.len();
        if len == 0
            && let Some(alone) = entry.alone()
        {
            *list = List { len: 1, at: alone };
            return;
        }
        if len + 1 == LONG {
            let mut entries = Vec::with_capacity(2 * LONG);
            entries.extend_from_slice(self.get(list));
            entries.push(entry);
            self.release(*list);
            let long = Long { index: entries.iter().copied().collect(), entries };
            let at = if let Some(at) = self.free_long.pop() {
                self.long[at as usize] = long;
                at
            } else {
                self.long.push(long);
                self.long.len() as u32 - 1
            };
            *list = List { len: LONG as u32, at };
            return;
        }
        let stands_alone = len == 1 && T::of(&list.at).is_some();
        if len == 0 || stands_alone || ROOM_OF[len] != ROOM_OF[len + 1] {
            self.place(list, len + 1);
        }
        let at = list.at as usize + len;
        self.chunks[at / CHUNK][at % CHUNK] = entry;
        list.len += 1;
    }

    /// Gives the entries of a short list a place where `count` find room.
    fn place(&mut self, list: &mut List, count: usize) {
        let mut entries = [T::default(); LONG];
        let held = list.len();
        entries[..held].copy_from_slice(self.get(list));
        self.release(*list);
        let room = ROOM_OF[count] as usize;
        let at = self.free[room].pop().unwrap_or_else(|| {
            let size = ROOMS[room] as usize;
            if self.chunks.is_empty() || self.used + size > CHUNK {
                self.chunks.push(vec![T::default(); CHUNK].into_boxed_slice());
                self.used = 0;
            }
            self.used += size;
            ((self.chunks.len() - 1) * CHUNK + self.used - size) as u32
        });
        let (chunk, start) = (at as usize / CHUNK, at as usize % CHUNK);
        self.chunks[chunk][start..start + held].copy_from_slice(&entries[..held]);
        list.at = at;
    }

    /// The place of these entries is free for others.
    fn release(&mut self, list: List) {
        match list.len() {
            0 => {}
            1 if T::of(&list.at).is_some() => {}
            len if len < LONG => self.free[ROOM_OF[len] as usize].push(list.at),
            _ => {
                self.long[list.at as usize] = Long::default();
                self.free_long.push(list.at);
            }
        }
    }

    /// Nothing will be added any more.
    pub(super) fn come_to_rest(&mut self) {
        for long in &mut self.long {
            long.index = FxHashSet::default();
        }
    }

    /// Keeps the first entries only.
    pub(super) fn truncate(&mut self, list: &mut List, count: usize) {
        if count >= list.len() {
            return;
        }
        let kept: Vec<T> = self.get(list)[..count].to_vec();
        self.release(*list);
        *list = List::default();
        for entry in kept {
            self.insert(list, entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_hold_what_came_once_and_in_order() {
        let mut lists: Lists<u32> = Lists::default();
        let mut all = vec![List::default(); 70];
        for entry in 0..70 {
            for (count, list) in all.iter_mut().enumerate() {
                if (entry as usize) < count {
                    assert!(lists.insert(list, entry * 3));
                }
                assert_eq!(lists.contains(*list, entry * 3), (entry as usize) < count);
                assert!(entry == 0 || count == 0 || !lists.insert(list, 0));
            }
        }
        for (count, list) in all.iter_mut().enumerate() {
            let entries: Vec<u32> = (0..count as u32).map(|entry| entry * 3).collect();
            assert_eq!(lists.get(list), entries);
            for kept in [60, 30] {
                lists.truncate(list, kept);
                assert_eq!(lists.get(list), &entries[..count.min(kept)]);
            }
        }
    }

    #[test]
    fn places_that_are_free_are_used_again() {
        let mut lists: Lists<u32> = Lists::default();
        for round in 0..1_000 {
            let mut list = List::default();
            for entry in 0..100 {
                lists.insert(&mut list, entry + round);
            }
            lists.truncate(&mut list, 0);
        }
        assert_eq!((lists.chunks.len(), lists.long.len()), (1, 1));
    }
}
