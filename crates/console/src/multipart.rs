//! Forms with files (`multipart/form-data`, RFC 7578), read whole: the limit of the route bounds them.

use axum::body::Bytes;
use http::{HeaderMap, header};

/// Most fields of a form.
const MAX_FIELDS: usize = 20;

/// The fields by name in their order; `None` where it is no such form.
pub(crate) fn fields(headers: &HeaderMap, body: &Bytes) -> Option<Vec<(String, Bytes)>> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let parameters = kind.strip_prefix("multipart/form-data")?;
    let boundary = parameters.split(';').find_map(|one| one.trim().strip_prefix("boundary="))?.trim_matches('"');
    if boundary.is_empty() || boundary.len() > 70 {
        return None;
    }
    let first = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(first.as_bytes())?;
    let mut found = Vec::new();
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let (head, content) = split(part, b"\r\n\r\n")?;
        let (content, after) = split(content, between.as_bytes())?;
        let head = std::str::from_utf8(head).ok()?;
        let name = head.split("\r\n").find_map(name_of)?;
        if found.len() >= MAX_FIELDS {
            return None;
        }
        found.push((name, body.slice_ref(content)));
        rest = after;
    }
    rest.starts_with(b"--").then_some(found)
}

fn name_of(line: &str) -> Option<String> {
    let (header, value) = line.split_once(':')?;
    let is_disposition = header.trim().eq_ignore_ascii_case("content-disposition");
    let name = value.split(';').find_map(|one| one.trim().strip_prefix("name="))?;
    is_disposition.then(|| name.trim_matches('"').to_owned())
}

/// What stands before and after the first `mark`.
fn split<'a>(text: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let (first, tail) = mark.split_first()?;
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.iter().position(|byte| byte == first)?;
        if text.get(at + 1..)?.starts_with(tail) {
            return Some((text.get(..at)?, text.get(at + mark.len()..)?));
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &str, body: &'static str) -> Option<Vec<(String, Bytes)>> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, kind.parse().expect("a header"));
        fields(&headers, &Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn fields_come_back_as_they_were_sent() {
        let body = "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n2\r\n--X\r\nContent-Type: text/csv\r\n\
                    content-disposition: form-data; name=\"file\"; filename=\"x; name=y\"\r\n\r\n\r\n--X--\r\n";
        let found = read("multipart/form-data; boundary=X", body).expect("fields");
        assert_eq!(found, [("a".to_owned(), Bytes::from("1\r\n2")), ("file".to_owned(), Bytes::new())]);
        let quoted = read("multipart/form-data; charset=utf-8; boundary=\"X\"", body);
        assert_eq!(quoted, Some(found));
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for (kind, body) in [
            ("text/plain", "--X--"),
            ("multipart/form-data", "--X--"),
            ("multipart/form-data; boundary=", "----"),
            ("multipart/form-data; boundary=X", ""),
            ("multipart/form-data; boundary=X", "--X"),
            ("multipart/form-data; boundary=X", "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1"),
            ("multipart/form-data; boundary=X", "--X\r\n\r\n\r\n1\r\n--X--"),
        ] {
            assert_eq!(read(kind, body), None, "{kind} {body}");
        }
    }
}
