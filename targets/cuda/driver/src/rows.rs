//! Copies between strided views as lists of two-dimensional copies.

/// Equal pieces at equal distances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) dst: u64,
    pub(crate) src: u64,
    /// Bytes of a piece.
    pub(crate) width: u64,
    /// Pieces.
    pub(crate) height: u64,
    /// Bytes from one piece to the next.
    pub(crate) dst_pitch: u64,
    pub(crate) src_pitch: u64,
}

/// The copies that together copy `sizes` elements between two views, given by their addresses and strides in elements.
pub(crate) fn rows(
    element_bytes: u64,
    sizes: &[i64],
    (dst, dst_strides): (u64, &[i64]),
    (src, src_strides): (u64, &[i64]),
) -> Vec<Rows> {
    if sizes.iter().any(|&size| size <= 0) {
        return Vec::new();
    }
    let (mut run, mut rank) = (1_i64, sizes.len());
    while rank > 0 && dst_strides[rank - 1] == run && src_strides[rank - 1] == run {
        run *= sizes[rank - 1];
        rank -= 1;
    }
    let width = run as u64 * element_bytes;
    let bytes = |stride: i64| stride.saturating_mul(element_bytes as i64);
    // The innermost dimension that is left becomes the rows of one copy, where no row lies on another.
    let fits = |stride: i64| bytes(stride) >= width as i64;
    let paired = rank > 0 && fits(dst_strides[rank - 1]) && fits(src_strides[rank - 1]);
    let inner = if paired { rank - 1 } else { rank };
    let (height, dst_pitch, src_pitch) = if paired {
        (sizes[inner] as u64, bytes(dst_strides[inner]) as u64, bytes(src_strides[inner]) as u64)
    } else {
        (1, width, width)
    };
    let outer = &sizes[..inner];
    let mut index = vec![0_i64; inner];
    let at = |start: u64, strides: &[i64], index: &[i64]| {
        start.wrapping_add_signed(index.iter().zip(strides).map(|(index, stride)| index * bytes(*stride)).sum())
    };
    let mut copies = Vec::new();
    for _ in 0..outer.iter().product::<i64>() {
        let (dst, src) = (at(dst, dst_strides, &index), at(src, src_strides, &index));
        copies.push(Rows { dst, src, width, height, dst_pitch, src_pitch });
        for dimension in (0..inner).rev() {
            index[dimension] += 1;
            if index[dimension] < outer[dimension] {
                break;
            }
            index[dimension] = 0;
        }
    }
    copies
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Carries the copies out on bytes.
    fn carry_out(copies: &[Rows], dst: &mut [u8], src: &[u8]) {
        for copy in copies {
            for row in 0..copy.height {
                let (to, from) =
                    ((copy.dst + row * copy.dst_pitch) as usize, (copy.src + row * copy.src_pitch) as usize);
                let width = copy.width as usize;
                dst[to..to + width].copy_from_slice(&src[from..from + width]);
            }
        }
    }

    #[test]
    fn rows_and_transposes() {
        let src: Vec<u8> = (0..24).collect();
        let mut dst = vec![0; 24];
        let whole = rows(2, &[3, 4], (0, &[4, 1]), (0, &[4, 1]));
        assert_eq!(whole.len(), 1);
        carry_out(&whole, &mut dst, &src);
        assert_eq!(dst, src);
        let transposed = rows(2, &[4, 3], (0, &[3, 1]), (0, &[1, 4]));
        assert_eq!(transposed.len(), 4);
        carry_out(&transposed, &mut dst, &src);
        assert_eq!(dst[..8], [0, 1, 8, 9, 16, 17, 2, 3]);
        assert!(rows(2, &[0, 3], (0, &[3, 1]), (0, &[3, 1])).is_empty());
        assert_eq!(rows(4, &[], (8, &[]), (4, &[]))[0].width, 4);
        // A broadcast reads one element again and again: no rows, but copies of their own.
        assert_eq!(rows(1, &[3], (0, &[1]), (0, &[0])).len(), 3);
    }
}
