//! Decompression into a buffer of known size.

use zlib_rs::{Inflate, InflateFlush, Status};

use crate::problem::Fault;

/// The largest factor by which deflate can compress, and the bytes that any stream may add to it.
const RATIO_LIMIT: u64 = 1_040;

/// A reusable decompressor.
pub(crate) struct Inflater {
    state: Inflate,
}

impl Inflater {
    pub(crate) fn new() -> Self {
        Self { state: Inflate::new(true, 15) }
    }

    /// Decompresses the stream at the start of `input`, which must give exactly `size` bytes, and verifies its checksum.
    pub(crate) fn inflate(&mut self, input: &[u8], size: usize) -> Result<Vec<u8>, Fault> {
        plausible(input.len() as u64, size as u64)?;
        self.state.reset(true);
        // One byte more than announced, so that the stream can come to its end and a longer one is noticed.
        let mut output = vec![0; size + 1];
        let status = self.state.decompress(input, &mut output, InflateFlush::Finish);
        if status != Ok(Status::StreamEnd) || self.state.total_out() != size as u64 {
            return Err(Fault::Compression);
        }
        output.truncate(size);
        Ok(output)
    }

    /// The first bytes of the stream, at most `limit`; the rest is not decompressed or verified.
    pub(crate) fn head(&mut self, input: &[u8], limit: usize) -> Result<Vec<u8>, Fault> {
        self.state.reset(true);
        let mut output = vec![0; limit];
        self.state.decompress(input, &mut output, InflateFlush::NoFlush).map_err(|_| Fault::Compression)?;
        output.truncate(usize::try_from(self.state.total_out()).unwrap_or(limit));
        Ok(output)
    }
}

/// Refuses an announced size that so few compressed bytes cannot reach, before memory is reserved for it.
fn plausible(compressed: u64, size: u64) -> Result<(), Fault> {
    if size > compressed.saturating_mul(RATIO_LIMIT) { Err(Fault::Compression) } else { Ok(()) }
}
