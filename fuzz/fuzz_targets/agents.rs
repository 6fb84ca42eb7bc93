//! Files of agents: any bytes at any place are read, judged and pinned; edits give a file whose places hold.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_agents::pins::{lock, lock_text, pin_changes, pins};
use yata_agents::{File, Machine, apply, audit_model, model, places};

fuzz_target!(|data: &[u8]| {
    let Some((&[first, second], bytes)) = data.split_first_chunk() else { return };
    let all = places();
    let at = usize::from(u16::from_be_bytes([first, second])) % all.len();
    let path = all[at].pattern.replace("**", "a/b").replace('*', "x");
    let project = if path.starts_with(['~', '/']) || path.contains(":/") { String::new() } else { "/home/dev/shop".into() };
    let file = File { path, project, bytes: bytes.to_vec(), tracked: Some(true), ..File::default() };
    let machine = Machine { home: "/home/dev".into(), files: vec![file], ..Machine::default() };
    let model = model(&machine);
    for one in audit_model(&machine, &model) {
        assert!(one.span.start <= one.span.end && one.span.end <= bytes.len(), "{}", one.check.id);
        let _ = apply(bytes, &one.edits);
    }
    let now = pins(&machine, &model, &|_| None);
    let again = lock(&lock_text(&now)).expect("what was just written");
    assert!(pin_changes(&again, &now).is_empty());
    let _ = lock(&String::from_utf8_lossy(bytes));
});
