//! Whether a VEX statement's product is a component: a comparison of two package URLs.

use yata_formats::purl::Purl;

/// Whether this product of a statement covers `component`: the same package, and the version,
/// qualifiers and subpath wherever the product states them.
pub(crate) fn covers(product: &Purl, component: &Purl) -> bool {
    let stated = |product: &Option<String>, component: &Option<String>| product.is_none() || product == component;
    product.kind == component.kind
        && same_name(product, component)
        && stated(&product.version, &component.version)
        && product.qualifiers.iter().all(|(key, value)| component.qualifier(key) == Some(value))
        && stated(&product.subpath, &component.subpath)
}

/// Some write these types' names in lower case, as the purl specification asks, others as the registry has them.
fn same_name(a: &Purl, b: &Purl) -> bool {
    let (one, other) = (a.full_name(), b.full_name());
    match a.kind.as_str() {
        "golang" | "npm" | "nuget" | "rpm" => one.eq_ignore_ascii_case(&other),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    fn check(product: &str, component: &str, expected: bool) {
        let (a, b) = (Purl::from_str(product).unwrap(), Purl::from_str(component).unwrap());
        assert_eq!(covers(&a, &b), expected, "{product} covers {component}");
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
        check("pkg:golang/github.com/burntsushi/toml", "pkg:golang/github.com/BurntSushi/toml@v1.3.2", true);
        check("pkg:maven/org.A/b@1", "pkg:maven/org.a/b@1", false);
    }

    #[test]
    fn what_is_stated_must_be_the_same() {
        check("pkg:deb/debian/curl?arch=arm64", "pkg:deb/debian/curl@7?arch=amd64", false);
        check("pkg:deb/debian/curl?arch=amd64", "pkg:deb/debian/curl@7?arch=amd64&distro=debian-12", true);
        check("pkg:golang/a.b/c@v1#d", "pkg:golang/a.b/c@v1", false);
        check("pkg:golang/a.b/c@v1#d", "pkg:golang/a.b/c@v1#/d/", true);
    }
}
