//! The languages, and which one a locale asks for.

use std::fmt;
use std::str::FromStr;

/// A language of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

/// A language that the catalogue does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no texts in the language `{0}`: expected `en` or `ja`")]
pub struct UnknownLang(String);

impl Lang {
    /// Both languages.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Ja];

    /// Its ISO 639-1 code.
    pub fn as_str(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Ja => "ja",
        }
    }

    /// The language to use under a locale (`LC_ALL`, `LC_MESSAGES`, `LANG`): Japanese where it asks for Japanese,
    /// else English.
    pub fn from_locale(locale: &str) -> Self {
        locale.parse().unwrap_or_default()
    }
}

impl FromStr for Lang {
    type Err = UnknownLang;

    /// Reads `ja`, `ja_JP.UTF-8`, `ja-JP`, `en_GB@euro`, `C.UTF-8`, `POSIX`.
    ///
    /// Source: POSIX.1-2024, 8.2 "Internationalization Variables" (`language[_territory][.codeset][@modifier]`);
    /// BCP 47 for the form with hyphens.
    fn from_str(locale: &str) -> Result<Self, Self::Err> {
        let language = locale.trim().split(['_', '-', '.', '@']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "ja" | "jpn" => Ok(Lang::Ja),
            "en" | "eng" | "c" | "posix" => Ok(Lang::En),
            _ => Err(UnknownLang(locale.to_owned())),
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(locale: &str, expected: Option<Lang>) {
        assert_eq!(locale.parse().ok(), expected, "{locale}");
    }

    #[test]
    fn a_locale_names_its_language() {
        check("ja_JP.UTF-8", Some(Lang::Ja));
        check("ja-JP", Some(Lang::Ja));
        check("ja", Some(Lang::Ja));
        check("JA", Some(Lang::Ja));
        check("en_US.UTF-8", Some(Lang::En));
        check("en_GB@euro", Some(Lang::En));
        check("C", Some(Lang::En));
        check("C.UTF-8", Some(Lang::En));
        check("POSIX", Some(Lang::En));
        check("fr_FR.UTF-8", None);
        check("jam", None);
        check("", None);
        assert_eq!(Lang::from_locale("fr_FR.UTF-8"), Lang::En);
    }
}
