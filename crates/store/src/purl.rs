//! Whether a VEX statement's product is a component: a comparison of two package URLs.
//!
//! Source: package-url specification 1.0, "How to parse a purl string in its components".

use std::borrow::Cow;

/// A package URL in parts, decoded, with names as their type compares them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Purl {
    kind: String,
    /// Namespace and name, joined by `/`.
    name: String,
    version: Option<String>,
    qualifiers: Vec<(String, String)>,
    subpath: Option<String>,
}

impl Purl {
    /// The parts; `None` for what is no package URL. Tolerates an `@` in front of an npm scope.
    pub(crate) fn parse(text: &str) -> Option<Purl> {
        let scheme = text.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("pkg:"))?;
        let rest = text.strip_prefix(scheme)?;
        let (rest, subpath) = split_last(rest, '#');
        let (rest, query) = split_last(rest, '?');
        let (kind, path) = rest.trim_matches('/').split_once('/')?;
        let (path, last) = match path.rsplit_once('/') {
            Some((namespace, last)) => (Some(namespace), last),
            None => (None, path),
        };
        // At 0 it is the mark of a scope.
        let (last, version) = match last.rfind('@').filter(|at| *at > 0).and_then(|at| last.split_at_checked(at)) {
            Some((name, version)) => (name, version.strip_prefix('@')),
            None => (last, None),
        };
        let kind = kind.to_ascii_lowercase();
        let name = match path {
            Some(namespace) => format!("{}/{}", decode(namespace), decode(last)),
            None => decode(last).into_owned(),
        };
        if kind.is_empty() || last.is_empty() {
            return None;
        }
        let mut qualifiers: Vec<(String, String)> = query
            .into_iter()
            .flat_map(|query| query.split('&'))
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.to_ascii_lowercase(), decode(value).into_owned()))
            .collect();
        qualifiers.sort();
        Some(Purl {
            name: normal_name(&kind, name),
            kind,
            version: version.filter(|version| !version.is_empty()).map(|version| decode(version).into_owned()),
            qualifiers,
            subpath: subpath.map(|subpath| decode(subpath.trim_matches('/')).into_owned()),
        })
    }

    /// Whether this product of a statement covers `component`: the same package, and the version,
    /// qualifiers and subpath wherever the product states them.
    pub(crate) fn covers(&self, component: &Purl) -> bool {
        self.kind == component.kind
            && self.name == component.name
            && (self.version.is_none() || self.version == component.version)
            && self.qualifiers.iter().all(|qualifier| component.qualifiers.contains(qualifier))
            && (self.subpath.is_none() || self.subpath == component.subpath)
    }
}

fn split_last(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.rsplit_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// Names as their type compares them (purl specification, "Known purl types").
fn normal_name(kind: &str, name: String) -> String {
    match kind {
        "pypi" => name.to_lowercase().replace(['_', '.'], "-"),
        "bitbucket" | "github" | "composer" | "npm" | "golang" | "deb" | "apk" | "alpm" | "hex" | "nuget" | "rpm" => {
            name.to_lowercase()
        }
        _ => name,
    }
}

/// Percent-decoding; what is not a valid escape stays as it is.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = after.split_at_checked(2).filter(|_| byte == b'%').and_then(|(digits, after)| {
            let digits = std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
            Some((u8::from_str_radix(digits, 16).ok()?, after))
        });
        let (byte, after) = escaped.unwrap_or((byte, after));
        bytes.push(byte);
        rest = after;
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(product: &str, component: &str, expected: bool) {
        let (a, b) = (Purl::parse(product).unwrap(), Purl::parse(component).unwrap());
        assert_eq!(a.covers(&b), expected, "{product} covers {component}");
    }

    #[test]
    fn a_product_covers_the_same_package() {
        check("pkg:cargo/time@0.1.43", "pkg:cargo/time@0.1.43", true);
        check("pkg:cargo/time", "pkg:cargo/time@0.1.43", true);
        check("pkg:cargo/time@0.1.44", "pkg:cargo/time@0.1.43", false);
        check("pkg:cargo/time@0.1.43", "pkg:cargo/time", false);
        check("pkg:cargo/times", "pkg:cargo/time@0.1.43", false);
        check("pkg:npm/time", "pkg:cargo/time@0.1.43", false);
    }

    #[test]
    fn writing_does_not_matter() {
        check("pkg:npm/%40angular/core@1.0.0", "pkg:npm/@angular/core@1.0.0", true);
        check("pkg:npm/@angular/core", "pkg:npm/%40angular/core@1.0.0", true);
        check("PKG:PyPI/Zope_Interface@5", "pkg:pypi/zope-interface@5", true);
        check("pkg:deb/debian/curl@1%3A7.0", "pkg:deb/debian/curl@1:7.0?arch=amd64", true);
        check("pkg://cargo/time@1", "pkg:cargo/time@1", true);
        check("pkg:maven/org.A/b@1", "pkg:maven/org.a/b@1", false);
    }

    #[test]
    fn what_is_stated_must_be_the_same() {
        check("pkg:deb/debian/curl?arch=arm64", "pkg:deb/debian/curl@7?arch=amd64", false);
        check("pkg:deb/debian/curl?arch=amd64", "pkg:deb/debian/curl@7?arch=amd64&distro=debian-12", true);
        check("pkg:golang/a.b/c@v1#d", "pkg:golang/a.b/c@v1", false);
        check("pkg:golang/a.b/c@v1#d", "pkg:golang/a.b/c@v1#/d/", true);
    }

    #[test]
    fn what_is_no_purl_covers_nothing() {
        for text in ["", "pkg:", "pkg:cargo", "pkg:cargo/", "cargo/time", "日本語", "pkg:/x", "pk日本"] {
            assert_eq!(Purl::parse(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "(pkg:)?[a-z/@%?#&=.日本0-9A-F-]{0,60}") {
            if let Some(purl) = Purl::parse(&text) {
                proptest::prop_assert!(purl.covers(&purl));
            }
        }
    }
}
