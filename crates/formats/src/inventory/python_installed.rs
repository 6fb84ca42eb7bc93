//! Installed Python packages: `*.dist-info/METADATA` and `*.egg-info/PKG-INFO`.
//!
//! Source: Python core metadata specifications; "Recording installed projects".

use yata_model::{Ecosystem, Family, Package};

use super::deb822::paragraphs;
use super::found::{Found, Seen};
use super::text::without_bom;
use super::{Format, Input, Parsed};
use crate::purl::purl_of;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "installed Python package",
    file_names: "*.dist-info/METADATA",
    matches: |path| {
        let mut parts = path.rsplit('/');
        let (file, folder) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        (file == "METADATA" && folder.ends_with(".dist-info"))
            || (file == "PKG-INFO" && folder.ends_with(".egg-info"))
            || (file.ends_with(".egg-info") && folder.ends_with("-packages"))
    },
    recognises: |bytes| bytes.starts_with(b"Metadata-Version: "),
    companions: &[],
    parse,
};

fn parse(input: &Input<'_>) -> Parsed {
    let mut found = Found::new(input);
    // The header is the first paragraph; what follows is the description.
    let header = paragraphs(without_bom(input.bytes)).next();
    let field = |name: &str| header.as_ref().and_then(|header| header.get(name).ok().flatten()).unwrap_or_default();
    let (name, version) = (field("Name"), field("Version"));
    if name.is_empty() || version.is_empty() {
        let missing = if name.is_empty() { "Name" } else { "Version" };
        let why = format!("it has no readable `{missing}:` field");
        return super::found::not_the_format(input, FORMAT.name, why);
    }
    let package = Package::new(Ecosystem::plain(Family::PyPi), name);
    found.add(Seen::new(purl_of(&package, Some(version)), package, Some(version.to_owned())));
    found.finish()
}

#[cfg(test)]
mod tests {
    use super::super::found::testing::check;
    use super::*;

    #[test]
    fn name_and_version_of_the_header() {
        let path = "lib/python3.11/site-packages/Jinja2-3.1.2.dist-info/METADATA";
        assert!((FORMAT.matches)(path));
        check(
            &FORMAT,
            path,
            "Metadata-Version: 2.1\nName: Jinja2\nVersion: 3.1.2\nSummary: x\n  y\n\nName: not this\n",
            &["pkg:pypi/jinja2@3.1.2 | Runtime | "],
        );
        check(
            &FORMAT,
            path,
            "Metadata-Version: 2.1\nName: x\n",
            &["! Unparsable problem-not-the-format format=installed Python package why=it has no readable \
               `Version:` field"],
        );
    }
}
