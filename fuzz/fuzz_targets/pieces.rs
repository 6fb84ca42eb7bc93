//! Archives, office documents, PDF: within the limits, and every place can be written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_documents::{Limits, kind, pieces};

const NAMES: [&str; 6] = ["a", "a.pdf", "a.zip", "a.docx", "a.tar", "a.gz"];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    kind(name, bytes);
    let limits = Limits {
        depth: 4,
        members: 100,
        member_bytes: 1 << 20,
        total_bytes: 4 << 20,
        text_bytes: 1 << 20,
        piece_bytes: 4096,
        pdf_steps: 100_000,
        ..Limits::default()
    };
    let mut count = 0;
    let outcome = pieces(name, bytes, &limits, &mut |piece| {
        count += 1;
        let place = piece.place_at(piece.text.len() / 2).to_string();
        assert!(place.starts_with(name));
        piece.original(piece.text.len());
    });
    assert_eq!(outcome.pieces, count);
});
