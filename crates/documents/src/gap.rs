//! What could not be looked into.

use crate::place::Place;

/// Something of a file that could not be looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where.
    pub place: Place,
    /// What and why.
    pub kind: GapKind,
}

/// Why something could not be looked into. [`GapKind::id`] and [`GapKind::argument`] are enough for a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GapKind {
    /// Containers are nested deeper than this many.
    TooDeep(u32),
    /// The file has more members than this; the rest was not looked into.
    TooManyMembers(u64),
    /// The member is larger than this many bytes; only its beginning was looked into.
    MemberTooLarge(u64),
    /// Everything decompressed from the file is more than this many bytes; the rest was not looked into.
    TotalTooLarge(u64),
    /// The member expands more than this many times, as a decompression bomb does; only its beginning was looked into.
    RatioTooHigh(u64),
    /// The texts put together from the file are more than this many bytes; the rest was not looked into.
    TooMuchText(u64),
    /// Elements or objects are nested deeper than this; what is inside was left out.
    NestedTooDeep(u32),
    /// A PDF has more objects, or draws in more steps, than this.
    TooManyObjects(u64),
    /// It is encrypted.
    Encrypted,
    /// It is broken or cut off; the words name the part of the format.
    Broken(&'static str),
    /// A format that is not looked into; the word is its usual name.
    Format(&'static str),
    /// The characters of a PDF font cannot be told: no map to Unicode. The word is the font's name.
    Font(String),
}

impl GapKind {
    /// The stable id of the kind, for message catalogues and machine formats.
    pub fn id(&self) -> &'static str {
        match self {
            Self::TooDeep(_) => "too-deep",
            Self::TooManyMembers(_) => "too-many-members",
            Self::MemberTooLarge(_) => "member-too-large",
            Self::TotalTooLarge(_) => "total-too-large",
            Self::RatioTooHigh(_) => "ratio-too-high",
            Self::TooMuchText(_) => "too-much-text",
            Self::NestedTooDeep(_) => "nested-too-deep",
            Self::TooManyObjects(_) => "too-many-objects",
            Self::Encrypted => "encrypted",
            Self::Broken(_) => "broken",
            Self::Format(_) => "format",
            Self::Font(_) => "font",
        }
    }

    /// The one argument of the message: the limit, the format's name; empty where there is none.
    pub fn argument(&self) -> String {
        match self {
            Self::TooDeep(limit) | Self::NestedTooDeep(limit) => limit.to_string(),
            Self::TooManyMembers(limit)
            | Self::MemberTooLarge(limit)
            | Self::TotalTooLarge(limit)
            | Self::RatioTooHigh(limit)
            | Self::TooMuchText(limit)
            | Self::TooManyObjects(limit) => limit.to_string(),
            Self::Encrypted => String::new(),
            Self::Broken(what) | Self::Format(what) => (*what).to_owned(),
            Self::Font(name) => name.clone(),
        }
    }
}

/// What came of one file, beside the pieces that were handed out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What could not be looked into, in the order in which it was met; no two are alike.
    pub gaps: Vec<Gap>,
    /// Gaps beyond [`crate::Limits::gaps`].
    pub gaps_left_out: u64,
    /// Pieces that were handed out.
    pub pieces: u64,
    /// Files and members that hold no text: images, executables, fonts.
    pub binary: u64,
}

impl Outcome {
    /// Whether all of the file was looked into.
    pub fn is_complete(&self) -> bool {
        self.gaps.is_empty()
    }
}
