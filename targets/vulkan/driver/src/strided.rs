//! Copies between strided views as lists of contiguous pieces.

use ash::vk;

/// Pieces (offsets and bytes) that together copy `sizes` elements between two views, given by where they begin in
/// their buffers and by their strides in elements. Inner dimensions that are dense on both sides are one piece.
///
/// None: a piece would begin before its buffer.
pub(crate) fn pieces(
    element_bytes: u64,
    sizes: &[i64],
    (dst, dst_strides): (u64, &[i64]),
    (src, src_strides): (u64, &[i64]),
) -> Option<Vec<vk::BufferCopy>> {
    if sizes.iter().any(|&size| size <= 0) {
        return Some(Vec::new());
    }
    let (mut run, mut rank) = (1_i64, sizes.len());
    while rank > 0 && dst_strides[rank - 1] == run && src_strides[rank - 1] == run {
        run *= sizes[rank - 1];
        rank -= 1;
    }
    let outer = &sizes[..rank];
    let count: i64 = outer.iter().product();
    let mut index = vec![0_i64; rank];
    let at = |start: u64, strides: &[i64], index: &[i64]| {
        let elements: i64 = index.iter().zip(strides).map(|(index, stride)| index * stride).sum();
        start.checked_add_signed(elements * element_bytes as i64)
    };
    let mut pieces = Vec::with_capacity(usize::try_from(count).ok()?);
    for _ in 0..count {
        pieces.push(vk::BufferCopy {
            src_offset: at(src, src_strides, &index)?,
            dst_offset: at(dst, dst_strides, &index)?,
            size: run as u64 * element_bytes,
        });
        for dimension in (0..rank).rev() {
            index[dimension] += 1;
            if index[dimension] < outer[dimension] {
                break;
            }
            index[dimension] = 0;
        }
    }
    Some(pieces)
}

/// Bytes from the first to behind the last element of a view whose strides are not negative.
pub(crate) fn extent(element_bytes: u64, sizes: &[i64], strides: &[i64]) -> u64 {
    if sizes.iter().any(|&size| size <= 0) {
        return 0;
    }
    let last: i64 = sizes.iter().zip(strides).map(|(size, stride)| (size - 1) * stride).sum();
    (last.max(0) as u64 + 1) * element_bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offsets(pieces: Option<Vec<vk::BufferCopy>>) -> Vec<(u64, u64, u64)> {
        let pieces = pieces.expect("inside");
        pieces.iter().map(|piece| (piece.src_offset, piece.dst_offset, piece.size)).collect()
    }

    #[test]
    fn dense_rows_are_one_piece_each() {
        let rows = pieces(4, &[2, 3], (0, &[3, 1]), (8, &[10, 1]));
        assert_eq!(offsets(rows), [(8, 0, 12), (48, 12, 12)]);
        assert_eq!(offsets(pieces(4, &[2, 3], (0, &[3, 1]), (8, &[3, 1]))), [(8, 0, 24)]);
        assert_eq!(offsets(pieces(4, &[], (4, &[]), (8, &[]))), [(8, 4, 4)]);
    }

    #[test]
    fn transposed_and_empty() {
        assert_eq!(
            offsets(pieces(1, &[2, 2], (0, &[2, 1]), (0, &[1, 2]))),
            [(0, 0, 1), (2, 1, 1), (1, 2, 1), (3, 3, 1)]
        );
        assert!(offsets(pieces(1, &[2, 0], (0, &[2, 1]), (0, &[1, 2]))).is_empty());
        assert!(pieces(4, &[2, 2], (0, &[2, 1]), (0, &[-9, 1])).is_none());
    }

    #[test]
    fn extents() {
        assert_eq!(extent(4, &[2, 3], &[10, 1]), 52);
        assert_eq!(extent(4, &[], &[]), 4);
        assert_eq!(extent(4, &[0], &[1]), 0);
    }
}
