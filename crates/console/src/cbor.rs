//! The part of CBOR (RFC 8949) that passkeys use: whole numbers, strings, arrays, maps and simple values, all of definite
//! length, as CTAP2 writes them. Anything else is refused.

/// How deep values may be nested.
const MAX_DEPTH: usize = 8;

/// Most items of one array or map.
const MAX_ITEMS: u64 = 64;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// A whole number.
    Int(i64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A text.
    Text(String),
    /// An array.
    Array(Vec<Value>),
    /// A map, in its order.
    Map(Vec<(Value, Value)>),
    /// `false`, `true`, `null`.
    Simple(u8),
}

impl Value {
    /// The bytes, if it is that.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        if let Value::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// The whole number, if it is that.
    pub(crate) fn int(&self) -> Option<i64> {
        if let Value::Int(number) = self { Some(*number) } else { None }
    }

    /// What a map holds under a number.
    pub(crate) fn at(&self, key: i64) -> Option<&Value> {
        self.find(&Value::Int(key))
    }

    /// What a map holds under a text.
    pub(crate) fn named(&self, key: &str) -> Option<&Value> {
        let Value::Map(pairs) = self else { return None };
        pairs.iter().find(|(found, _)| matches!(found, Value::Text(text) if text == key)).map(|(_, value)| value)
    }

    fn find(&self, key: &Value) -> Option<&Value> {
        let Value::Map(pairs) = self else { return None };
        pairs.iter().find(|(found, _)| found == key).map(|(_, value)| value)
    }
}

/// Reads one value from the beginning of `bytes`; the value and what follows it.
pub(crate) fn read(bytes: &[u8]) -> Option<(Value, &[u8])> {
    let mut reader = Reader(bytes);
    let value = reader.value(0)?;
    Some((value, reader.0))
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// Major type and argument of the next item (RFC 8949, section 3).
    fn head(&mut self) -> Option<(u8, u64)> {
        let first = *self.take(1)?.first()?;
        let argument = match first & 31 {
            small @ 0..=23 => u64::from(small),
            size @ 24..=27 => {
                let bytes = self.take(1 << (size - 24))?;
                bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
            }
            _ => return None,
        };
        Some((first >> 5, argument))
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        let (major, argument) = self.head()?;
        Some(match major {
            0 => Value::Int(i64::try_from(argument).ok()?),
            1 => Value::Int(-1 - i64::try_from(argument).ok()?),
            2 => Value::Bytes(self.take(usize::try_from(argument).ok()?)?.to_vec()),
            3 => {
                let bytes = self.take(usize::try_from(argument).ok()?)?;
                Value::Text(String::from_utf8(bytes.to_vec()).ok()?)
            }
            4 if argument <= MAX_ITEMS => {
                Value::Array((0..argument).map(|_| self.value(depth + 1)).collect::<Option<_>>()?)
            }
            5 if argument <= MAX_ITEMS => {
                let pairs = (0..argument).map(|_| Some((self.value(depth + 1)?, self.value(depth + 1)?)));
                Value::Map(pairs.collect::<Option<_>>()?)
            }
            7 if (20..=22).contains(&argument) => Value::Simple(u8::try_from(argument).ok()?),
            _ => return None,
        })
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "ASCII")]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_the_standard_writes_them() {
        // RFC 8949, appendix A.
        for (hex, expected) in [
            ("00", Value::Int(0)),
            ("1818", Value::Int(24)),
            ("1903e8", Value::Int(1000)),
            ("20", Value::Int(-1)),
            ("3903e7", Value::Int(-1000)),
            ("4401020304", Value::Bytes(vec![1, 2, 3, 4])),
            ("62c3bc", Value::Text("ü".to_owned())),
            ("820102", Value::Array(vec![Value::Int(1), Value::Int(2)])),
            ("a10102", Value::Map(vec![(Value::Int(1), Value::Int(2))])),
            ("f5", Value::Simple(21)),
        ] {
            assert_eq!(read(&bytes(hex)), Some((expected, [].as_slice())), "{hex}");
        }
        assert_eq!(read(&bytes("0001")), Some((Value::Int(0), [1].as_slice())));
    }

    #[test]
    fn what_is_broken_or_endless_is_refused() {
        for hex in [
            "",
            "18",
            "44010203",
            "5f42010243030405ff",
            "9f",
            "bf",
            "fb3ff199999999999a",
            "62c328",
            "1bffffffffffffffff",
            "9b7fffffffffffffff",
        ] {
            assert_eq!(read(&bytes(hex)), None, "{hex}");
        }
        assert_eq!(read(&[0x81; 10_000]), None);
    }

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect()
    }
}
