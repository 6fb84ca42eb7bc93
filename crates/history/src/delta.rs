//! Differences between objects, as packs hold them (git documentation, gitformat-pack, "Deltified representation").

use crate::problem::Fault;

/// The sizes that a difference announces: of its base and of its result, in bytes.
pub(crate) fn sizes(delta: &[u8]) -> Result<(u64, u64, &[u8]), Fault> {
    let (base, rest) = varint(delta)?;
    let (result, rest) = varint(rest)?;
    Ok((base, result, rest))
}

/// What the difference makes of its base.
pub(crate) fn apply(base: &[u8], delta: &[u8], limit: u64) -> Result<Vec<u8>, Fault> {
    let (base_size, size, mut rest) = sizes(delta)?;
    if base_size != base.len() as u64 {
        return Err(Fault::Malformed);
    }
    if size > limit {
        return Err(Fault::TooLarge);
    }
    let size = usize::try_from(size).map_err(|_| Fault::TooLarge)?;
    let mut out = Vec::with_capacity(size);
    while let Some((&op, tail)) = rest.split_first() {
        let piece;
        if op & 0x80 != 0 {
            let (start, length, tail) = copy(op, tail)?;
            piece = start.checked_add(length).and_then(|end| base.get(start..end)).ok_or(Fault::Malformed)?;
            rest = tail;
        } else if op != 0 {
            (piece, rest) = tail.split_at_checked(usize::from(op)).ok_or(Fault::Truncated)?;
        } else {
            return Err(Fault::Malformed);
        }
        if piece.len() > size - out.len() {
            return Err(Fault::Malformed);
        }
        out.extend_from_slice(piece);
    }
    if out.len() == size { Ok(out) } else { Err(Fault::Truncated) }
}

/// The operands of a copy: start and length in the base, and what follows.
fn copy(op: u8, rest: &[u8]) -> Result<(usize, usize, &[u8]), Fault> {
    let mut rest = rest;
    let mut operands = 0_u64;
    for bit in 0..7 {
        if op & (1 << bit) != 0 {
            let (&byte, tail) = rest.split_first().ok_or(Fault::Truncated)?;
            operands |= u64::from(byte) << (8 * bit);
            rest = tail;
        }
    }
    let start = usize::try_from(operands & 0xffff_ffff).map_err(|_| Fault::Malformed)?;
    let length = usize::try_from(operands >> 32).map_err(|_| Fault::Malformed)?;
    Ok((start, if length == 0 { 0x1_0000 } else { length }, rest))
}

/// A number of seven bits a byte, the lowest first.
fn varint(bytes: &[u8]) -> Result<(u64, &[u8]), Fault> {
    let mut value = 0_u64;
    for (at, &byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Ok((value, bytes.get(at + 1..).unwrap_or_default()));
        }
    }
    Err(Fault::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_and_inserts() {
        let delta = [10, 9, 0x91, 2, 4, 2, b'x', b'y', 0x90, 3];
        assert_eq!(apply(b"0123456789", &delta, 100), Ok(b"2345xy012".to_vec()));
    }

    #[test]
    fn refuses_what_is_out_of_bounds() {
        let base = b"0123456789";
        assert_eq!(apply(base, &[10, 4, 0x91, 8, 4], 100), Err(Fault::Malformed), "copy past the base");
        assert_eq!(apply(base, &[10, 2, 4, 1, 2, 3, 4], 100), Err(Fault::Malformed), "more than announced");
        assert_eq!(apply(base, &[10, 5, 4, 1, 2, 3, 4], 100), Err(Fault::Truncated), "less than announced");
        assert_eq!(apply(base, &[9, 1, 1, 1], 100), Err(Fault::Malformed), "another base");
        assert_eq!(apply(base, &[10, 101, 1, 1], 100), Err(Fault::TooLarge));
        assert_eq!(apply(base, &[10, 1, 0], 100), Err(Fault::Malformed), "reserved operation");
        assert_eq!(apply(base, &[0xff; 12], 100), Err(Fault::Malformed), "endless number");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_an_answer(base: Vec<u8>, delta: Vec<u8>) {
            if let Ok(out) = apply(&base, &delta, 1 << 20) {
                assert!(out.len() <= 1 << 20);
            }
        }
    }
}
