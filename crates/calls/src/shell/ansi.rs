//! Escapes of `$'…'`, `printf` and `echo -e`.

/// Decodes up to the closing quote (`quoted`) or the end. Gives the text and the bytes that were read, the quote included.
pub(crate) fn decode(text: &str, quoted: bool) -> (String, usize) {
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    let mut chars = text.char_indices().peekable();
    let mut read = text.len();
    while let Some((at, c)) = chars.next() {
        if quoted && c == '\'' {
            read = at + 1;
            break;
        }
        if c != '\\' {
            push(&mut bytes, c);
            continue;
        }
        let Some((_, escape)) = chars.next() else {
            bytes.push(b'\\');
            break;
        };
        // `\x{…}`
        let braced = quoted && escape == 'x' && chars.next_if(|(_, c)| *c == '{').is_some();
        let mut closing = false;
        let mut number = |first: u32, base: u32, most: usize| -> u32 {
            let mut value = first;
            for _ in 0..most {
                let Some(digit) = chars.peek().and_then(|(_, c)| c.to_digit(base)) else { break };
                value = value.saturating_mul(base).saturating_add(digit);
                chars.next();
            }
            value
        };
        match escape {
            'a' => bytes.push(7),
            'b' => bytes.push(8),
            'e' | 'E' => bytes.push(27),
            'f' => bytes.push(12),
            'n' => bytes.push(b'\n'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            'v' => bytes.push(11),
            '\\' | '\'' | '"' | '?' => push(&mut bytes, escape),
            'x' if quoted && braced => {
                let value = number(0, 16, 8);
                bytes.push(u8::try_from(value & 0xff).unwrap_or(b'?'));
                closing = true;
            }
            'x' => bytes.push(u8::try_from(number(0, 16, 2)).unwrap_or(b'?')),
            'u' => push(&mut bytes, char::from_u32(number(0, 16, 4)).unwrap_or('?')),
            'U' => push(&mut bytes, char::from_u32(number(0, 16, 8)).unwrap_or('?')),
            'c' => {
                if let Some((_, control)) = chars.next() {
                    push(&mut bytes, char::from_u32(u32::from(control) & 0x1f).unwrap_or('?'));
                }
            }
            '0'..='7' => {
                let first = escape.to_digit(8).unwrap_or(0);
                let most = if first == 0 && !quoted { 3 } else { 2 };
                bytes.push(u8::try_from(number(first, 8, most) & 0xff).unwrap_or(b'?'));
            }
            other => {
                bytes.push(b'\\');
                push(&mut bytes, other);
            }
        }
        if closing {
            chars.next_if(|(_, c)| *c == '}');
        }
    }
    // The shell's texts end at a NUL.
    if quoted && let Some(end) = bytes.iter().position(|byte| *byte == 0) {
        bytes.truncate(end);
    }
    (String::from_utf8_lossy(&bytes).into_owned(), read)
}

fn push(bytes: &mut Vec<u8>, c: char) {
    let mut buffer = [0; 4];
    bytes.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
}
