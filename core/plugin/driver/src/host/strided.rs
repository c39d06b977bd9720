//! Copying between strided views: dense runs as one memcpy, the rest element by element.

use crate::driver::View;

/// Copies `sizes` elements from `src` to `dst`.
///
/// # Safety
/// All elements of both views lie in valid memory, the views have a stride for each size, and do not overlap.
pub unsafe fn copy_strided(element_bytes: usize, sizes: &[i64], dst: View<'_>, src: View<'_>) {
    if sizes.iter().any(|&size| size <= 0) {
        return;
    }
    // Inner dimensions that are dense on both sides are one run.
    let (mut run, mut rank) = (1_i64, sizes.len());
    while rank > 0 && dst.strides[rank - 1] == run && src.strides[rank - 1] == run {
        run *= sizes[rank - 1];
        rank -= 1;
    }
    let bytes = run as usize * element_bytes;
    let (outer, width) = (&sizes[..rank], element_bytes as i64);
    let (mut index, mut to, mut from) = (vec![0_i64; rank], dst.address as i64, src.address as i64);
    loop {
        // SAFETY: the addresses are of elements inside the views.
        unsafe { std::ptr::copy_nonoverlapping(from as *const u8, to as *mut u8, bytes) };
        let mut dimension = rank;
        loop {
            let Some(next) = dimension.checked_sub(1) else { return };
            dimension = next;
            index[dimension] += 1;
            to += dst.strides[dimension] * width;
            from += src.strides[dimension] * width;
            if index[dimension] < outer[dimension] {
                break;
            }
            to -= dst.strides[dimension] * width * outer[dimension];
            from -= src.strides[dimension] * width * outer[dimension];
            index[dimension] = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transfer(sizes: &[i64], dst: (&mut [i32], &[i64]), src: (&[i32], &[i64])) {
        let to = View { address: dst.0.as_mut_ptr() as u64, strides: dst.1 };
        let from = View { address: src.0.as_ptr() as u64, strides: src.1 };
        // SAFETY: the tests pass views inside their slices.
        unsafe { copy_strided(4, sizes, to, from) };
    }

    #[test]
    fn transposes() {
        let mut out = [0; 6];
        transfer(&[3, 2], (&mut out, &[2, 1]), (&[1, 2, 3, 4, 5, 6], &[1, 3]));
        assert_eq!(out, [1, 4, 2, 5, 3, 6]);
    }

    #[test]
    fn reverses_and_broadcasts() {
        let mut out = [0; 4];
        let data = [1, 2, 3, 4];
        transfer(&[4], (&mut out, &[1]), (&data, &[0]));
        assert_eq!(out, [1; 4]);
        let from = View { address: data[3..].as_ptr() as u64, strides: &[-1] };
        let to = View { address: out.as_mut_ptr() as u64, strides: &[1] };
        // SAFETY: both views have the four elements of an array.
        unsafe { copy_strided(4, &[4], to, from) };
        assert_eq!(out, [4, 3, 2, 1]);
    }

    #[test]
    fn slices_dense_rank_0_and_empty() {
        let mut out = [0; 6];
        transfer(&[2, 2], (&mut out, &[3, 1]), (&[1, 2, 3, 4], &[2, 1]));
        assert_eq!(out, [1, 2, 0, 3, 4, 0]);
        transfer(&[6], (&mut out, &[1]), (&[9, 8, 7, 6, 5, 4], &[1]));
        assert_eq!(out, [9, 8, 7, 6, 5, 4]);
        transfer(&[], (&mut out, &[]), (&[3], &[]));
        assert_eq!(out[0], 3);
        transfer(&[0, 4], (&mut out, &[1, 1]), (&[], &[1, 1]));
        assert_eq!(out[1], 8);
    }
}
