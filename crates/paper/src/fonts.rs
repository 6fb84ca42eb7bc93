//! The fonts of the system.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use typst::foundations::Bytes;
use typst::layout::Abs;
use typst::text::{Font, FontBook, FontInfo, FontInstance, FontStyle, FontVariant, FontVariations, FontWeight};
use typst::utils::LazyHash;

use crate::PaperError;

/// More faces than any desktop has.
const FACES_MAX: usize = 5_000;

/// A font file larger than this is left alone.
const FONT_BYTES_MAX: u64 = 128 << 20;

/// Families for running text that cover Japanese, the best first. Their Latin letters go with the Japanese ones, so both
/// languages are set in one family and look the same.
const JAPANESE: [&str; 17] = [
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "Source Han Sans JP",
    "Source Han Sans",
    "IBM Plex Sans JP",
    "BIZ UDPGothic",
    "Hiragino Sans",
    "Hiragino Kaku Gothic ProN",
    "Yu Gothic",
    "Meiryo",
    "IPAexGothic",
    "IPAPGothic",
    "VL PGothic",
    "TakaoPGothic",
    "Droid Sans Fallback",
    "MS PGothic",
    "Noto Serif CJK JP",
];

/// Families for running text where none covers Japanese, the best first.
const LATIN: [&str; 7] =
    ["Noto Sans", "Source Sans 3", "Open Sans", "Liberation Sans", "Arial", "Helvetica", "DejaVu Sans"];

/// A font that has all of these can set Japanese: both syllabaries, punctuation, and characters made in Japan.
const JAPANESE_SAMPLE: &str = "あんアン、。「」ー々漢字働込峠";

/// The installed fonts: what each covers is known, the letters are read when a document needs them, once.
pub struct Fonts {
    faces: Vec<Face>,
    book: LazyHash<FontBook>,
    /// The family of running text.
    main: String,
    japanese: bool,
}

struct Face {
    path: PathBuf,
    index: u32,
    font: OnceLock<Option<Font>>,
}

impl Fonts {
    /// Finds the fonts of the system. Takes some milliseconds for each face that is installed: find them once and keep
    /// them.
    ///
    /// # Errors
    /// [`PaperError::NoFonts`] if there is none. That none covers Japanese is an error only for a document with Japanese
    /// in it.
    pub fn system() -> Result<Self, PaperError> {
        let mut found = fontdb::Database::new();
        found.load_system_fonts();
        Self::among(&found)
    }

    /// Takes the fonts of one folder and those below it, and no others.
    ///
    /// # Errors
    /// [`PaperError::NoFonts`] if there is none.
    pub fn folder(folder: &Path) -> Result<Self, PaperError> {
        let mut found = fontdb::Database::new();
        found.load_fonts_dir(folder);
        Self::among(&found)
    }

    /// The family that the texts are set in.
    pub fn family(&self) -> &str {
        &self.main
    }

    /// The family that covers Japanese, if one does.
    pub fn japanese(&self) -> Option<&str> {
        self.japanese.then_some(self.main.as_str())
    }

    fn among(found: &fontdb::Database) -> Result<Self, PaperError> {
        let mut all: Vec<(PathBuf, u32, FontInfo)> = found
            .faces()
            .take(FACES_MAX)
            .filter(|face| face.style == fontdb::Style::Normal && face.stretch == fontdb::Stretch::Normal)
            .filter_map(|face| {
                let fontdb::Source::File(path) = &face.source else { return None };
                let info = found.with_face_data(face.id, FontInfo::new).flatten()?;
                (info.variant.style == FontStyle::Normal).then(|| (path.clone(), face.index, info))
            })
            .collect();
        all.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let infos: Vec<&FontInfo> = all.iter().map(|(_, _, info)| info).collect();
        let (main, japanese) = choose(&infos).ok_or(PaperError::NoFonts)?;
        let mut book = FontBook::new();
        let mut faces = Vec::new();
        for (path, index, info) in all {
            book.push(info);
            faces.push(Face { path, index, font: OnceLock::new() });
        }
        Ok(Self { faces, book: LazyHash::new(book), main, japanese })
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    /// The font at this place of the book, read when first asked for.
    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        let face = self.faces.get(index)?;
        let read = || {
            let size = fs::metadata(&face.path).ok()?.len();
            let bytes = if size <= FONT_BYTES_MAX { fs::read(&face.path).ok()? } else { return None };
            Font::new(Bytes::new(bytes), face.index)
        };
        face.font.get_or_init(read).clone()
    }

    /// The face of the family of running text in this weight.
    pub(crate) fn running(&self, weight: FontWeight) -> Option<FontInstance> {
        let variant = FontVariant { weight, ..FontVariant::default() };
        let font = self.font(self.book.select(&self.main.to_lowercase(), variant)?)?;
        Some(font.instantiate(variant, Abs::pt(10.0), &FontVariations::default()))
    }

    /// The face that the typesetter takes for a character that the given one does not have.
    pub(crate) fn instead_of(&self, face: &FontInstance, weight: FontWeight, character: char) -> Option<FontInstance> {
        let variant = FontVariant { weight, ..FontVariant::default() };
        let like = Some(face.font().info());
        let font = self.font(self.book.select_fallback(like, variant, character.encode_utf8(&mut [0; 4]))?)?;
        Some(font.instantiate(variant, Abs::pt(10.0), &FontVariations::default()))
    }
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fonts")
            .field("faces", &self.faces.len())
            .field("family", &self.main)
            .field("japanese", &self.japanese)
            .finish()
    }
}

/// The family of running text, and whether it covers Japanese.
fn choose(infos: &[&FontInfo]) -> Option<(String, bool)> {
    let is_japanese =
        |info: &FontInfo| JAPANESE_SAMPLE.chars().all(|character| info.coverage.contains(u32::from(character)));
    let named = |names: &[&str], must: &dyn Fn(&FontInfo) -> bool| {
        let has = |name: &&str| infos.iter().any(|info| info.family == *name && must(info));
        names.iter().copied().find(has).map(str::to_owned)
    };
    let any =
        |must: &dyn Fn(&FontInfo) -> bool| infos.iter().filter(|info| must(info)).map(|info| info.family.clone()).min();
    let japanese = named(&JAPANESE, &is_japanese).or_else(|| any(&is_japanese));
    match japanese {
        Some(family) => Some((family, true)),
        None => Some((named(&LATIN, &|_| true).or_else(|| any(&|_| true))?, false)),
    }
}
