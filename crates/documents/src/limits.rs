//! How much one file may cost.

/// How much one file may cost. Whatever reaches a limit is a [`crate::Gap`]; what was read before is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Containers inside containers, the outermost file not counted.
    pub depth: u32,
    /// Members of all the archives in a file together.
    pub members: u64,
    /// Bytes of one member after decompression.
    pub member_bytes: u64,
    /// Bytes of everything that is decompressed from one file.
    pub total_bytes: u64,
    /// How many bytes one compressed byte may become. Not asked of the first [`Limits::RATIO_FREE_BYTES`].
    pub ratio: u64,
    /// Bytes of text that are put together from one file: office documents and PDF may repeat a text by reference.
    pub text_bytes: u64,
    /// Bytes of one piece of text that is not a window into the file itself. Longer ones come in several pieces.
    pub piece_bytes: usize,
    /// Arrays and dictionaries inside each other in PDF, and forms that draw forms.
    pub nesting: u32,
    /// Objects of one PDF.
    pub pdf_objects: u64,
    /// Steps of drawing in one PDF: operators of pages and of the forms that they call.
    pub pdf_steps: u64,
    /// Problems that are kept one by one; the others are counted.
    pub gaps: usize,
}

impl Limits {
    /// What any member may expand to, whatever its size before: short texts of one letter compress a thousandfold.
    pub const RATIO_FREE_BYTES: u64 = 1 << 20;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 6,
            members: 100_000,
            member_bytes: 64 << 20,
            total_bytes: 1 << 30,
            ratio: 300,
            text_bytes: 256 << 20,
            piece_bytes: 4 << 20,
            nesting: 128,
            pdf_objects: 500_000,
            pdf_steps: 20_000_000,
            gaps: 1_000,
        }
    }
}
