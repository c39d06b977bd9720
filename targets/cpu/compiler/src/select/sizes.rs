//! Arithmetic of tile sizes.

use crate::schedule::Tiles;

/// A tile size for a loop and whether the loop's last iteration is a shorter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tile {
    /// The size.
    pub(super) size: i64,
    /// Whether the loop's length is no multiple of it, or unknown.
    pub(super) ragged: bool,
}

/// The first of `wanted` that divides the loop's length; a shorter loop whole; else the first, ragged.
pub(super) fn pick(trips: Option<i64>, wanted: &[i64]) -> Tile {
    let first = wanted.first().copied().unwrap_or(1);
    match trips {
        None => Tile { size: first, ragged: first > 1 },
        Some(trips) if trips <= first => Tile { size: trips.max(1), ragged: false },
        Some(trips) => match wanted.iter().find(|size| trips % **size == 0) {
            Some(size) => Tile { size: *size, ragged: false },
            None => Tile { size: first, ragged: true },
        },
    }
}

/// The largest divisor of `trips` that is not above `limit`.
pub(super) fn divisor(trips: i64, limit: i64) -> i64 {
    (1..=limit.min(trips).max(1)).rev().find(|size| trips % size == 0).unwrap_or(1)
}

/// A size of parts near `limit`: the largest multiple of `unit` that splits the loop evenly when it is no less than half
/// of `limit`, else one that leaves a last part of nearly the same size.
pub(super) fn multiple(trips: Option<i64>, unit: i64, limit: i64) -> i64 {
    let limit = (limit / unit).max(1) * unit;
    let Some(trips) = trips else { return limit };
    let mut even = (1..=limit / unit).rev().map(|count| count * unit).take_while(|size| size * 2 >= limit);
    even.find(|size| trips % size == 0).unwrap_or_else(|| {
        let parts = ((trips + limit / 2) / limit).max(1);
        ((trips + parts - 1) / parts + unit - 1) / unit * unit
    })
}

/// The numbers of the loops that register tiling makes which are to be peeled, innermost first.
///
/// `order` lists the tiled op's loops outermost first, `sizes` is by loop; a size of 0 makes no loop.
pub(super) fn peeled(order: &[i64], sizes: &[i64], ragged: &[bool]) -> Vec<i64> {
    let made = order.iter().filter(|axis| sizes[**axis as usize] != 0);
    let mut list: Vec<i64> =
        made.enumerate().filter(|(_, axis)| ragged[**axis as usize]).map(|(index, _)| index as i64).collect();
    list.reverse();
    list
}

/// Adds a workgroup level unless one workgroup covers everything.
pub(super) fn with_grid(tiles: Tiles, sizes: Vec<i64>, trips: &[Option<i64>]) -> Tiles {
    let covers = |(size, trips): (&i64, &Option<i64>)| *size == 0 || trips.is_some_and(|trips| trips <= *size);
    if sizes.iter().zip(trips).all(covers) { tiles } else { tiles.with("workgroup", sizes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_divisors_before_ragged_tiles() {
        assert_eq!(pick(Some(48), &[32, 48, 16]), Tile { size: 48, ragged: false });
        assert_eq!(pick(Some(500), &[32, 48, 16]), Tile { size: 32, ragged: true });
        assert_eq!(pick(Some(7), &[32]), Tile { size: 7, ragged: false });
        assert_eq!(pick(None, &[32]), Tile { size: 32, ragged: true });
    }

    #[test]
    fn parts_split_evenly_where_they_can() {
        assert_eq!(multiple(Some(1024), 8, 256), 256);
        assert_eq!(multiple(Some(1000), 8, 256), 200);
        assert_eq!(multiple(Some(777), 8, 256), 264);
        assert_eq!(multiple(None, 48, 256), 240);
    }

    #[test]
    fn peels_innermost_first_and_counts_made_loops_only() {
        assert_eq!(peeled(&[0, 2, 1], &[0, 8, 32], &[false, true, true]), [1, 0]);
    }
}
