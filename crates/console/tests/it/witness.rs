//! The witness of the ledger: one on loopback that checks what it is shown, and some that do not do as they should.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;
use yata_console::{Clock, Console, Sealer, Settings, Witness, WitnessFailed, Witnessed};
use yata_ledger::witness::{Witness as Rules, WitnessError};
use yata_ledger::{Checkpoint, Hash, Key, Note, NoteError, VerifierKey};
use yata_store::{Act, Actor, Countersigned, Durability, LedgerReport, Options, Store};

use crate::support::BEGINNING;

const ORIGIN: &str = "yata.example/ledger";
const TIME_S: u64 = 1_795_000_000;

/// Longer than any test takes.
const PATIENCE: Duration = Duration::from_secs(60);

fn log_key() -> Key {
    Key::from_seed(ORIGIN, &[7; 32]).unwrap()
}

fn witness_key() -> Key {
    Key::from_seed("witness.example/w", &[8; 32]).unwrap()
}

fn now() -> Timestamp {
    BEGINNING.parse().unwrap()
}

async fn open(folder: &TempDir) -> Store {
    let options = Options { durability: Durability::ProcessEnd, ..Options::default() };
    Store::open_with(&folder.path().join("yata.db"), &options).await.unwrap()
}

/// A ledger in a database of its own.
struct Ledger {
    store: Store,
    sealer: Sealer,
    folder: TempDir,
}

impl Ledger {
    async fn with(entries: usize) -> Ledger {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder).await;
        let sealer = Sealer::new(log_key(), Vec::new(), folder.path().join("kept"));
        let ledger = Ledger { store, sealer, folder };
        ledger.grow(entries).await;
        ledger
    }

    async fn grow(&self, entries: usize) {
        for n in 0..entries {
            let act = Act::new("finding.accepted", &Actor::local("sato")).on("finding", format!("fi_{n}"), "");
            self.store.note_act(&act, now()).await.unwrap();
        }
        self.sealer.seal(&self.store, now()).await.unwrap();
    }

    async fn verify(&self) -> LedgerReport {
        let trust = self.sealer.trust().unwrap().with_witness(witness_key().cosignature_verifier());
        self.store.verify_ledger(&trust, &mut |_, _| ()).await.unwrap()
    }

    /// Somebody who writes to the database replaces a character of each cosignature by another.
    async fn forge_cosignatures(&mut self) {
        self.store.clone().close().await;
        let path = self.folder.path().join("yata.db");
        let mut bytes = std::fs::read(&path).unwrap();
        let name = format!("{} ", witness_key().name());
        let places = bytes.windows(name.len()).enumerate().filter(|(_, there)| *there == name.as_bytes());
        // After the id of the key and the time.
        let places: Vec<usize> = places.map(|(at, _)| at + name.len() + 60).collect();
        assert!(!places.is_empty());
        for at in places {
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        }
        std::fs::write(&path, bytes).unwrap();
        self.store = open(&self.folder).await;
    }

    async fn size_and_root(&self) -> (u64, Hash) {
        let head = self.store.ledger_head().await.unwrap().unwrap();
        let checkpoint = Checkpoint::parse(Note::parse(&head.checkpoint).unwrap().text()).unwrap();
        (checkpoint.size, checkpoint.root)
    }
}

/// What a witness was asked, body by body.
type Asked = Arc<Mutex<Vec<String>>>;

/// A server that answers with status and body, or, where there is none, never.
fn serve(mut answer: impl FnMut(&str) -> Option<(u16, String)> + Send + 'static) -> (String, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/w", listener.local_addr().unwrap());
    let asked = Asked::default();
    let heard = Arc::clone(&asked);
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for mut stream in listener.incoming().map_while(Result::ok) {
            let Some(body) = request(&stream) else { continue };
            heard.lock().unwrap().push(body.clone());
            let Some((status, body)) = answer(&body) else {
                held.push(stream);
                continue;
            };
            let length = body.len();
            let head = format!("HTTP/1.1 {status} -\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    (url, asked)
}

/// The body of a request; `None` for one that is no submission to a witness.
fn request(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line).ok()?;
    let is_submission = line.starts_with("POST /w/add-checkpoint HTTP/1.1");
    while line.trim() != "" {
        line.clear();
        reader.read_line(&mut line).ok()?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    is_submission.then(|| String::from_utf8(body).ok()).flatten()
}

/// A witness that does as it should: it checks the signature of the log and that the log grew from `last`.
fn honest(key: Key, last: (u64, Hash)) -> (String, Asked, Arc<Mutex<(u64, Hash)>>) {
    let last = Arc::new(Mutex::new(last));
    let memory = Arc::clone(&last);
    let log_keys = [log_key().verifier()];
    let (url, asked) = serve(move |body| {
        let mut last = memory.lock().unwrap();
        let rules = Rules { key: &key, origin: ORIGIN, log_keys: &log_keys, last: *last };
        let response = rules.answer(body, TIME_S);
        *last = response.store.unwrap_or(*last);
        Some((response.status, response.body))
    });
    (url, asked, last)
}

fn known(url: &str) -> Witness {
    Witness::with_timeout(url, witness_key().cosignature_verifier(), PATIENCE).unwrap()
}

/// The first line of each request: the size from which the log is said to have grown.
fn old_sizes(asked: &Asked) -> Vec<String> {
    asked.lock().unwrap().iter().filter_map(|body| body.lines().next().map(str::to_owned)).collect()
}

#[tokio::test]
async fn each_new_checkpoint_is_countersigned_and_a_verification_demands_it() {
    let ledger = Ledger::with(300).await;
    let (url, asked, last) = honest(witness_key(), (0, Hash::empty()));
    let witness = known(&url);
    let before = ledger.verify().await;
    assert!(before.is_unchanged() && !before.holds(), "nobody countersigned yet: {before:?}");
    assert_eq!(before.witness, Countersigned::Never);
    assert_eq!(witness.show(&ledger.store).await.unwrap(), Witnessed::Size(300));
    let report = ledger.verify().await;
    assert!(report.holds(), "{report:?}");
    assert_eq!(report.witness, Countersigned::Until { size: 300, time_s: TIME_S });
    let there = ledger.size_and_root().await;
    assert_eq!(*last.lock().unwrap(), there);
    // Nothing new, nothing asked.
    assert_eq!(witness.show(&ledger.store).await.unwrap(), Witnessed::Size(300));
    assert_eq!(old_sizes(&asked), ["old 0"]);
    ledger.grow(250).await;
    assert_eq!(ledger.verify().await.witness, Countersigned::Until { size: 300, time_s: TIME_S });
    assert_eq!(witness.show(&ledger.store).await.unwrap(), Witnessed::Size(550));
    assert_eq!(ledger.verify().await.witness, Countersigned::Until { size: 550, time_s: TIME_S });
    assert_eq!(old_sizes(&asked), ["old 0", "old 300"]);
    let there = ledger.size_and_root().await;
    assert_eq!(*last.lock().unwrap(), there);
    // The log goes on from the countersigned checkpoint, which is also what is published.
    ledger.grow(1).await;
    assert!(ledger.verify().await.holds());
}

#[tokio::test]
async fn a_forged_cosignature_is_none_and_gives_its_place_to_a_real_one() {
    let mut ledger = Ledger::with(5).await;
    let (url, asked, _) = honest(witness_key(), (0, Hash::empty()));
    assert_eq!(known(&url).show(&ledger.store).await.unwrap(), Witnessed::Size(5));
    ledger.forge_cosignatures().await;
    assert_eq!(ledger.verify().await.witness, Countersigned::Never);
    // Whoever forged it also keeps the witness from being asked: that is told.
    let (silent, _) = serve(|_| Some((500, String::new())));
    let error = known(&silent).show(&ledger.store).await.unwrap_err();
    assert!(matches!(error, WitnessFailed::Status(500)), "{error:?}");
    assert_eq!(known(&url).show(&ledger.store).await.unwrap(), Witnessed::Size(5));
    assert_eq!(old_sizes(&asked), ["old 0", "old 0", "old 5"]);
    let report = ledger.verify().await;
    assert!(report.holds(), "{report:?}");
    assert_eq!(report.witness, Countersigned::Until { size: 5, time_s: TIME_S });
    // One that holds is not asked for again.
    assert_eq!(known(&url).show(&ledger.store).await.unwrap(), Witnessed::Size(5));
    assert_eq!(old_sizes(&asked).len(), 3);
}

#[tokio::test]
async fn a_witness_that_knows_another_size_is_shown_the_proof_from_there() {
    let ledger = Ledger::with(5).await;
    let (url, asked, _) = honest(witness_key(), ledger.size_and_root().await);
    ledger.grow(6).await;
    assert_eq!(known(&url).show(&ledger.store).await.unwrap(), Witnessed::Size(11));
    assert_eq!(old_sizes(&asked), ["old 0", "old 5"]);
    assert!(ledger.verify().await.holds());
}

#[tokio::test]
async fn a_log_that_was_put_back_or_rewritten_is_told() {
    let ledger = Ledger::with(5).await;
    let (size, root) = ledger.size_and_root().await;
    // It saw more of this log than there is; the next time it is asked from the beginning.
    let (url, asked, last) = honest(witness_key(), (size + 4, root));
    let witness = known(&url);
    let error = witness.show(&ledger.store).await.unwrap_err();
    assert!(matches!(error, WitnessFailed::Ahead { seen: 9, size: 5 }), "{error:?}");
    *last.lock().unwrap() = (0, Hash::empty());
    assert_eq!(witness.show(&ledger.store).await.unwrap(), Witnessed::Size(5));
    assert_eq!(old_sizes(&asked), ["old 0", "old 0"]);
    // It saw other entries: the proof does not hold.
    ledger.grow(4).await;
    let other = Ledger::with(6).await.size_and_root().await.1;
    let (url, ..) = honest(witness_key(), (6, other));
    let error = known(&url).show(&ledger.store).await.unwrap_err();
    assert!(matches!(error, WitnessFailed::Rewritten { seen: 6 }), "{error:?}");
    // Another log of this very size.
    let (url, ..) = honest(witness_key(), (9, other));
    let error = known(&url).show(&ledger.store).await.unwrap_err();
    assert!(matches!(error, WitnessFailed::Rewritten { seen: 9 }), "{error:?}");
    assert_eq!(ledger.verify().await.witness, Countersigned::Until { size: 5, time_s: TIME_S });
}

#[tokio::test]
async fn only_the_key_that_is_known_countersigns() {
    let ledger = Ledger::with(5).await;
    let other = Key::from_seed(witness_key().name(), &[9; 32]).unwrap();
    let (url, ..) = honest(other, (0, Hash::empty()));
    let error = known(&url).show(&ledger.store).await.unwrap_err();
    assert!(matches!(error, WitnessFailed::Answer(WitnessError::UnknownWitness)), "{error:?}");
    // The right key over another checkpoint.
    let (url, _) = serve(|_| Some((200, witness_key().cosign("other\n1\n", TIME_S).unwrap().to_string())));
    let error = known(&url).show(&ledger.store).await.unwrap_err();
    assert!(matches!(error, WitnessFailed::Answer(WitnessError::Note(NoteError::BadSignature { .. }))), "{error:?}");
    assert_eq!(ledger.verify().await.witness, Countersigned::Never);
    let of_log = Witness::new(&url, log_key().verifier()).unwrap_err();
    assert!(matches!(of_log, WitnessFailed::NotOfAWitness { .. }), "{of_log:?}");
}

#[tokio::test]
async fn what_a_witness_refuses_has_a_reason() {
    let ledger = Ledger::with(5).await;
    let check: [(u16, &str, fn(&WitnessFailed) -> bool); 6] = [
        (404, "", |failed| matches!(failed, WitnessFailed::UnknownLog)),
        (403, "", |failed| matches!(failed, WitnessFailed::UnknownKey)),
        (500, "", |failed| matches!(failed, WitnessFailed::Status(500))),
        (302, "", |failed| matches!(failed, WitnessFailed::Status(302))),
        (409, "many\n", |failed| matches!(failed, WitnessFailed::Answer(WitnessError::Malformed { .. }))),
        (200, "hello\n", |failed| matches!(failed, WitnessFailed::Answer(WitnessError::Note(_)))),
    ];
    for (status, body, expected) in check {
        let (url, _) = serve(move |_| Some((status, body.to_owned())));
        let failed = known(&url).show(&ledger.store).await.unwrap_err();
        assert!(expected(&failed), "{status}: {failed:?}");
    }
    let (url, _) = serve(|_| Some((200, "x".repeat(1 << 20))));
    let failed = known(&url).show(&ledger.store).await.unwrap_err();
    assert!(matches!(failed, WitnessFailed::Unreachable(_)), "{failed:?}");
    // Sizes that go up and down have an end, too.
    let mut sizes = [3, 1, 4, 2].into_iter().cycle();
    let (url, asked) = serve(move |_| sizes.next().map(|size| (409, format!("{size}\n"))));
    assert_eq!(known(&url).show(&ledger.store).await.unwrap(), Witnessed::Nothing);
    assert_eq!(old_sizes(&asked), ["old 0", "old 3", "old 1"]);
}

#[tokio::test]
async fn a_witness_that_hangs_stops_nothing() {
    let ledger = Ledger::with(1).await;
    let (url, asked) = serve(|_| None);
    let key: VerifierKey = witness_key().cosignature_verifier();
    let hasty = Witness::with_timeout(&url, key, Duration::from_millis(100)).unwrap();
    let error = hasty.show(&ledger.store).await.unwrap_err();
    assert!(matches!(error, WitnessFailed::Unreachable(_)), "{error:?}");
    // The service goes on while it waits for an answer.
    let sealer = Sealer::new(log_key(), Vec::new(), ledger.folder.path().join("kept"));
    let settings = Settings {
        ledger: Some(Arc::new(sealer.with_witness(Some(Arc::new(known(&url)))))),
        ..Settings::new("http://127.0.0.1:7330", [42; 32])
    };
    let console = Console::new(ledger.store.clone(), settings, Clock::new(now));
    let work = tokio::spawn(yata_console::work(console));
    while asked.lock().unwrap().len() < 2 {
        ledger.store.ping().await.unwrap();
        tokio::task::yield_now().await;
    }
    let act = Act::new("finding.accepted", &Actor::local("sato")).on("finding", "fi_late", "");
    ledger.store.note_act(&act, now()).await.unwrap();
    while ledger.store.ledger_head().await.unwrap().unwrap().size < 2 {
        tokio::task::yield_now().await;
    }
    work.abort();
    assert_eq!(ledger.verify().await.witness, Countersigned::Never);
}
