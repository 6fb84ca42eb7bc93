//! The typesetter, and all that it can see.

use std::collections::HashMap;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::prepare::{Prepared, drawing_file};
use crate::{Fonts, PaperError};

/// The look of the report. It reads the values and knows no text.
const TEMPLATE: &str = include_str!("report.typ");

/// Messages of the typesetter that an error repeats.
const MESSAGES_MAX: usize = 3;

/// Sets prepared values and hands back the bytes of the PDF.
pub(crate) fn set(prepared: &Prepared, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let desk = Desk::new(prepared, fonts)?;
    let document = typst::compile::<PagedDocument>(&desk).output;
    let bytes = document.map_err(|errors| refused(&errors)).and_then(|document| export(&document));
    // What the typesetter remembers of this document is of no use for the next.
    typst::comemo::evict(0);
    bytes
}

fn export(document: &PagedDocument) -> Result<Vec<u8>, PaperError> {
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| PaperError::Typesetter(error.message().to_string()))?;
    let options = PdfOptions {
        standards,
        timestamp: None,
        creator: Smart::Custom(Some("Yata".to_owned())),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|errors| refused(&errors))
}

fn refused(errors: &[SourceDiagnostic]) -> PaperError {
    let messages: Vec<&str> = errors.iter().take(MESSAGES_MAX).map(|error| error.message.as_str()).collect();
    PaperError::Typesetter(messages.join("; "))
}

/// Everything there is: the template, the values, the drawings and the fonts. No other file can be opened, no package
/// loaded, and there is no today.
struct Desk<'a> {
    library: LazyHash<Library>,
    template: Source,
    files: HashMap<FileId, Bytes>,
    fonts: &'a Fonts,
}

impl<'a> Desk<'a> {
    fn new(prepared: &Prepared, fonts: &'a Fonts) -> Result<Self, PaperError> {
        let mut files = HashMap::new();
        files.insert(file("values.json")?, Bytes::new(prepared.values.clone()));
        for (place, drawing) in prepared.drawings.iter().enumerate() {
            files.insert(file(&drawing_file(place))?, Bytes::from_string(drawing.clone()));
        }
        let template = Source::new(file("report.typ")?, TEMPLATE.to_owned());
        Ok(Self { library: LazyHash::new(Library::default()), template, files, fonts })
    }
}

/// The number of a file. The typesetter never forgets one, so there are few names.
fn file(name: &str) -> Result<FileId, PaperError> {
    let path = VirtualPath::new(name).map_err(|_| PaperError::Typesetter(format!("`{name}` is no path")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
