//! Witnesses: the requests and answers of tlog-witness.

use proptest::prelude::*;
use yata_ledger::witness::{AddCheckpoint, Answer, Response, Witness, WitnessError};
use yata_ledger::{Hash, Key, Note, NoteError, SignatureKind, VerifierKey, consistency};

use crate::support::{Log, ORIGIN, key};

const TIME_S: u64 = 1_700_000_000;

/// The log, the key and the requests with which filippo.io/torchwood (`cmd/litewitness`) and filippo.io/sunlight
/// (`internal/witness`) test their witnesses. Its leaves are made up, so that the hashes are short.
const SIGSUM: &str = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562";
const SIGSUM_KEY: [u8; 32] = [
    0xff, 0xdc, 0x2d, 0x4d, 0x98, 0xe4, 0x12, 0x4d, 0x3f, 0xea, 0xf7, 0x88, 0xc0, 0xc2, 0xf9, 0xab, 0xfd, 0x79, 0x60,
    0x83, 0xd1, 0xf0, 0x49, 0x54, 0x37, 0xf3, 0x02, 0xec, 0x79, 0xcf, 0x10, 0x0f,
];
const ONE: &str = "1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const ONE_SIGNED: &str = "UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=";
const THREE: &str = "3\nRcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=";
const THREE_SIGNED: &str =
    "UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=";
const FIVE: &str = "5\nQrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=";
const FIVE_SIGNED: &str =
    "UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=";
const ONE_TO_THREE: [&str; 2] =
    ["KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="];
const THREE_TO_FIVE: [&str; 4] = [
    "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "KgMAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "wgiIFdZfYNv6WU1OllBKsWnLYIS/DBMqt8Uh/S4OukE=",
    "KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
];

fn request(old: u64, proof: &[&str], origin: &str, tree: &str, signature: &str) -> String {
    let proof: String = proof.iter().map(|hash| format!("{hash}\n")).collect();
    format!("old {old}\n{proof}\n{origin}\n{tree}\n\n— {origin} {signature}\n")
}

/// A witness that remembers what it countersigned.
struct Memory {
    key: Key,
    origin: String,
    log_keys: Vec<VerifierKey>,
    last: (u64, Hash),
}

impl Memory {
    fn of(origin: &str, log_key: VerifierKey) -> Self {
        let key = Key::from_seed("witness.example/w1", &[9; 32]).unwrap();
        Memory { key, origin: origin.to_owned(), log_keys: vec![log_key], last: (0, Hash::empty()) }
    }

    fn answer(&mut self, body: &str) -> Response {
        let Memory { key, origin, log_keys, last } = self;
        let response = Witness { key, origin, log_keys, last: *last }.answer(body, TIME_S);
        assert_eq!(response.store.is_some(), response.status == 200);
        self.last = response.store.unwrap_or(self.last);
        response
    }
}

#[test]
fn the_published_requests_get_the_published_answers() {
    let key = VerifierKey::new(SIGSUM, SignatureKind::Ed25519, SIGSUM_KEY).unwrap();
    let mut witness = Memory::of(SIGSUM, key);
    let other = SIGSUM.replace("562", "563");
    let spoiled = THREE_SIGNED.replace("6go=", "6gx=").replace("6gx=", "6gw=");
    let mut wrong = ONE_TO_THREE;
    wrong[1] = "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAA=";
    let five_from_one = [
        ONE_TO_THREE[0],
        "+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=",
        "KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ];
    let cases = [
        ("first", request(0, &[], SIGSUM, ONE, ONE_SIGNED), 200, None),
        ("invalid signature", request(1, &ONE_TO_THREE, SIGSUM, THREE, &spoiled), 403, Some("")),
        ("unknown log", request(1, &ONE_TO_THREE, &other, THREE, THREE_SIGNED), 404, Some("")),
        ("missing proof", request(1, &[], SIGSUM, THREE, THREE_SIGNED), 422, Some("")),
        ("wrong proof", request(1, &wrong, SIGSUM, THREE, THREE_SIGNED), 422, Some("")),
        ("grow to 3", request(1, &ONE_TO_THREE, SIGSUM, THREE, THREE_SIGNED), 200, None),
        ("old size", request(1, &five_from_one, SIGSUM, FIVE, FIVE_SIGNED), 409, Some("3\n")),
        ("grow to 5", request(3, &THREE_TO_FIVE, SIGSUM, FIVE, FIVE_SIGNED), 200, None),
        ("old size 0", request(0, &[], SIGSUM, FIVE, FIVE_SIGNED), 409, Some("5\n")),
        ("the same again", request(5, &[], SIGSUM, FIVE, FIVE_SIGNED), 200, None),
        ("shorter", request(5, &[], SIGSUM, THREE, THREE_SIGNED), 400, Some("")),
        ("no note", format!("old 5\n\n{SIGSUM}\n{FIVE}\n"), 400, Some("")),
        ("nothing", String::new(), 400, Some("")),
    ];
    for (name, body, status, answer) in cases {
        let response = witness.answer(&body);
        assert_eq!(response.status, status, "{name}: {response:?}");
        if let Some(answer) = answer {
            assert_eq!(response.body, answer, "{name}");
        }
    }
    assert_eq!(witness.last.0, 5);
}

fn grown(log: &Log, old: u64, note: &str) -> AddCheckpoint {
    let size = log.frontier.size();
    let proof = consistency(log, old, size).unwrap();
    AddCheckpoint { old_size: old, proof, checkpoint: Note::parse(note).unwrap() }
}

#[test]
fn a_log_gets_its_checkpoint_countersigned() {
    let log_key = key(1);
    let mut witness = Memory::of(ORIGIN, log_key.verifier());
    let mut log = Log::default();
    let mut old = 0;
    for size in [0, 3, 3, 300] {
        (log.frontier.size()..size).for_each(|index| log.push(format!("entry {index}").as_bytes()));
        let note = log.sign(&log_key);
        let request = grown(&log, old, &note);
        let body = request.to_string();
        assert_eq!(body.parse::<AddCheckpoint>().unwrap(), request);
        let response = witness.answer(&body);
        let keys = [witness.key.cosignature_verifier()];
        let answer = Answer::read(response.status, response.body.as_bytes(), &request.checkpoint, &keys).unwrap();
        let Answer::Cosigned { checkpoint, signed } = answer else { panic!("{answer:?}") };
        assert_eq!(signed[0].time_s, Some(TIME_S));
        let all = [log_key.verifier(), keys[0].clone()];
        assert_eq!(checkpoint.verify(&all).unwrap().len(), 2);
        assert!(checkpoint.to_string().starts_with(&note));
        old = size;
    }
}

#[test]
fn a_witness_does_not_countersign_another_past() {
    let log_key = key(1);
    let mut witness = Memory::of(ORIGIN, log_key.verifier());
    let mut log = Log::of(5);
    let note = log.sign(&log_key);
    assert_eq!(witness.answer(&grown(&log, 0, &note).to_string()).status, 200);
    let mut rebuilt = Log::default();
    (0..9).for_each(|index| rebuilt.push(format!("other {index}").as_bytes()));
    let note = rebuilt.sign(&log_key);
    let response = witness.answer(&grown(&rebuilt, 5, &note).to_string());
    assert_eq!(response.status, 422);
    let request = Note::parse(&note).unwrap();
    assert_eq!(Answer::read(422, b"", &request, &[]), Ok(Answer::Inconsistent));
    // Of the same size with another root: 409 with that very size.
    let mut fork = Log::default();
    (0..5).for_each(|index| fork.push(format!("other {index}").as_bytes()));
    let note = fork.sign(&log_key);
    let response = witness.answer(&grown(&fork, 5, &note).to_string());
    assert_eq!((response.status, response.body.as_str()), (409, "5\n"));
}

#[test]
fn only_known_cosignatures_of_this_checkpoint_count() {
    let (log_key, stranger) = (key(1), Key::from_seed("stranger.example", &[8; 32]).unwrap());
    let witness = Key::from_seed("witness.example/w1", &[9; 32]).unwrap();
    let keys = [witness.cosignature_verifier()];
    let mut log = Log::of(5);
    let note = Note::parse(&log.sign(&log_key)).unwrap();
    let read = |body: &str| Answer::read(200, body.as_bytes(), &note, &keys);
    let line = |key: &Key| key.cosign(note.text(), TIME_S).unwrap().to_string();
    let both = format!("{}{}", line(&stranger), line(&witness));
    assert!(matches!(read(&both), Ok(Answer::Cosigned { signed, .. }) if signed.len() == 1));
    assert_eq!(read(&line(&stranger)), Err(WitnessError::UnknownWitness));
    // A plain signature of the witness's key says nothing about when, and is another kind.
    assert_eq!(read(&witness.sign(note.text()).unwrap().to_string()), Err(WitnessError::UnknownWitness));
    let other = witness.cosign("another text\n", TIME_S).unwrap().to_string();
    let wrong = NoteError::BadSignature { name: "witness.example/w1".to_owned() };
    assert_eq!(read(&other), Err(WitnessError::Note(wrong)));
    assert!(matches!(read(""), Err(WitnessError::Note(NoteError::Malformed { line: 1, .. }))));
    assert!(matches!(
        read(&format!("{}x\n", line(&witness))),
        Err(WitnessError::Note(NoteError::Malformed { line: 2, .. }))
    ));
    assert!(witness.cosign(note.text(), u64::MAX).is_err());
}

#[test]
fn other_answers_say_what_to_do() {
    let note = Note::parse(&Log::of(5).sign(&key(1))).unwrap();
    let read = |status, body: &[u8]| Answer::read(status, body, &note, &[]);
    assert_eq!(read(409, b"3\n"), Ok(Answer::Known { size: 3 }));
    for body in [b"".as_slice(), b"3", b"03\n", b"x\n", b"3\n\n", b"99999999999999999999999\n", &[0xff; 100]] {
        assert!(read(409, body).is_err(), "{body:?}");
    }
    assert_eq!(read(404, b"x"), Ok(Answer::UnknownLog));
    assert_eq!(read(403, b"x"), Ok(Answer::UnknownKey));
    assert_eq!(read(500, b"x"), Ok(Answer::Status(500)));
    assert_eq!(read(200, &vec![b'x'; 300_000]), Err(WitnessError::TooLarge));
    assert!(matches!(read(200, &[0xff]), Err(WitnessError::Malformed { .. })));
}

#[test]
fn a_spoiled_request_is_refused_with_its_line() {
    let mut log = Log::of(5);
    let note = log.sign(&key(1));
    let text = grown(&log, 3, &note).to_string();
    for (from, to, line) in [("old 3", "old 03", 1), ("old 3", "new 3", 1), ("old 3\n", "old 3\nAAAA\n", 2)] {
        let error = text.replacen(from, to, 1).parse::<AddCheckpoint>().unwrap_err();
        assert!(matches!(error, WitnessError::Malformed { line: at, .. } if at == line), "{to}: {error}");
    }
    let hash = text.lines().nth(1).unwrap();
    let many = text.replacen(hash, &[hash; 64].join("\n"), 1);
    assert!(matches!(many.parse::<AddCheckpoint>(), Err(WitnessError::Malformed { line: 65, .. })));
}

proptest! {
    #[test]
    fn any_text_is_a_request_or_an_error(text in "old [0-9]{0,3}\n([A-Z=]{0,44}\n){0,3}\n(\\PC|\n){0,80}", status: u16) {
        if let Ok(request) = text.parse::<AddCheckpoint>() {
            prop_assert_eq!(request.to_string(), text.as_str());
        }
        let note = Note::new("x\n").unwrap();
        let _ = Answer::read(status, text.as_bytes(), &note, &[key(1).cosignature_verifier()]);
    }
}
