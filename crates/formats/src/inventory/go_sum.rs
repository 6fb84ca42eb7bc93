//! `go.sum`: checksums of modules.
//!
//! Source: Go Modules Reference, "go.sum files".
//!
//! `go.mod` is the authority: where it lies beside and names every module (from Go 1.17 on), this file adds
//! nothing. Otherwise each module whose content is listed is a component; it may be an older one than the build
//! uses, because Go never removes lines on its own.

use super::found::{Found, not_the_format};
use super::go_mod;
use super::text::{line_number, text, without_bom};
use super::{Format, Input, Parsed, file_name};

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "go.sum",
    file_names: "go.sum",
    matches: |path| file_name(path) == "go.sum",
    recognises: super::never,
    companions: &["go.mod"],
    parse,
};

fn parse(input: &Input<'_>) -> Parsed {
    let companion = input.companion("go.mod").and_then(|bytes| std::str::from_utf8(without_bom(bytes)).ok());
    let go_mod = companion.map(go_mod::read).unwrap_or_default();
    if go_mod.names_everything() {
        return Parsed::default();
    }
    let text = match text(input) {
        Ok(text) => text,
        Err(problem) => return Parsed { problems: vec![problem], ..Parsed::default() },
    };
    let required = go_mod.required();
    let mut found = Found::new(input);
    let mut understood = false;
    let mut bad = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = line_number(index);
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [] => {}
            [path, version, hash] if version.starts_with('v') && hash.contains(':') => {
                understood = true;
                // A line of the go.mod file alone: the module was looked at, not used.
                if version.ends_with("/go.mod") || required.contains(path) {
                    continue;
                }
                let mut seen = go_mod::module(path, version);
                seen.line = Some(number);
                found.add(seen);
            }
            _ => bad.push((number, line)),
        }
    }
    if !understood && !bad.is_empty() {
        return not_the_format(input, FORMAT.name, "none of its lines is `module version checksum`");
    }
    for (number, line) in bad {
        found.bad_entry(line, "the line is not `module version checksum`", Some(number));
    }
    found.finish()
}

#[cfg(test)]
mod tests {
    use super::super::found::testing::{check, compare};
    use super::*;

    const SUM: &str = "a.b/c v1.1.0 h1:x=\na.b/c v1.1.0/go.mod h1:y=\nd.e/f v1.0.0/go.mod h1:z=\n";

    #[test]
    fn alone_it_names_what_was_downloaded() {
        check(&FORMAT, "go.sum", SUM, &["pkg:golang/a.b/c@v1.1.0 | Runtime line 1 | "]);
        check(
            &FORMAT,
            "go.sum",
            "a.b/c v1.1.0 h1:x=\nnonsense\n",
            &[
                "pkg:golang/a.b/c@v1.1.0 | Runtime line 1 | ",
                "! BadEntry line 2 problem-bad-entry entry=nonsense why=the line is not `module version checksum`",
            ],
        );
    }

    #[test]
    fn beside_a_new_go_mod_it_adds_nothing() {
        let parse = |go_mod: &str| {
            let companions = [("go.mod", go_mod.as_bytes())];
            (FORMAT.parse)(&Input { companions: &companions, ..Input::new("go.sum", SUM.as_bytes()) })
        };
        compare(&parse("module m\ngo 1.17\n"), &[]);
        compare(&parse("module m\ngo 1.16\n"), &["pkg:golang/a.b/c@v1.1.0 | Runtime line 1 | "]);
        compare(&parse("module m\ngo 1.16\nrequire a.b/c v1.1.0\n"), &[]);
    }
}
