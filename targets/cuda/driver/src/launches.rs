//! Kernel launches that were not handed to CUDA yet, as plain numbers: what tells one sequence of them from another.
//!
//! A launch is collected until something else is asked of the device; then all go to it, one by one or as a graph.

use std::rc::Rc;

/// Numbers of a launch before the last of its head: function, grid, workgroup. The last is the shared memory and how many
/// parameters follow.
const HEAD: usize = 4;

/// Launches in order.
#[derive(Debug, Default)]
pub(crate) struct Launches {
    words: Vec<u64>,
    names: Vec<Rc<str>>,
}

/// One launch, whose parameters stay where they are as long as the launches are not changed.
pub(crate) struct Launch<'a> {
    pub(crate) name: &'a Rc<str>,
    /// The address of CUDA's function.
    pub(crate) function: usize,
    pub(crate) grid: [u32; 3],
    pub(crate) workgroup: [u32; 3],
    /// Bytes of shared memory beyond what the kernel declares.
    pub(crate) shared: u32,
    /// One for each parameter: an address, or a constant in the low half.
    pub(crate) parameters: &'a [u64],
}

impl Launches {
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn push(
        &mut self,
        name: &Rc<str>,
        function: usize,
        (grid, workgroup, shared): ([u32; 3], [u32; 3], u32),
        parameters: impl Iterator<Item = u64>,
    ) {
        let pair = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
        let at = self.words.len();
        self.words.extend([function as u64, pair(grid[0], grid[1]), pair(grid[2], workgroup[0])]);
        self.words.extend([pair(workgroup[1], workgroup[2]), 0]);
        self.words.extend(parameters);
        self.words[at + HEAD] = pair((self.words.len() - at - HEAD - 1) as u32, shared);
        self.names.push(Rc::clone(name));
    }

    /// What two sequences that do the same have in common.
    pub(crate) fn key(&self) -> &[u64] {
        &self.words
    }

    pub(crate) fn clear(&mut self) {
        self.words.clear();
        self.names.clear();
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Launch<'_>> {
        let (low, high) = (|word: u64| word as u32, |word: u64| (word >> 32) as u32);
        let mut rest = self.words.as_slice();
        self.names.iter().map_while(move |name| {
            let [function, first, second, third, count, behind @ ..] = rest else { return None };
            let (parameters, next) = behind.split_at_checked(low(*count) as usize)?;
            rest = next;
            Some(Launch {
                name,
                function: *function as usize,
                grid: [low(*first), high(*first), low(*second)],
                workgroup: [high(*second), low(*third), high(*third)],
                shared: high(*count),
                parameters,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launches(grid: u32, constant: u64) -> Launches {
        let mut all = Launches::default();
        let (a, b): (Rc<str>, Rc<str>) = ("a".into(), "b".into());
        all.push(&a, 7, ([grid, 2, 3], [4, 5, 6], 4096), [0x1000, constant].into_iter());
        all.push(&b, 8, ([1; 3], [1; 3], 0), std::iter::empty());
        all
    }

    #[test]
    fn launches_come_out_as_they_went_in() {
        let mut all = launches(u32::MAX, 9);
        let seen: Vec<_> = all
            .iter()
            .map(|one| (one.name.to_string(), one.function, one.grid, one.workgroup, one.parameters))
            .collect();
        assert_eq!(seen[0], ("a".to_owned(), 7, [u32::MAX, 2, 3], [4, 5, 6], &[0x1000, 9][..]));
        assert_eq!(seen[1], ("b".to_owned(), 8, [1; 3], [1; 3], &[][..]));
        assert_eq!((all.len(), seen.len()), (2, 2));
        assert_eq!(all.iter().map(|one| one.shared).collect::<Vec<_>>(), [4096, 0]);
        all.clear();
        assert_eq!((all.len(), all.iter().count()), (0, 0));
    }

    #[test]
    fn what_differs_has_another_key() {
        assert_eq!(launches(1, 9).key(), launches(1, 9).key());
        assert_ne!(launches(1, 9).key(), launches(2, 9).key());
        assert_ne!(launches(1, 9).key(), launches(1, 8).key());
    }
}
