//! Keys, notes and checkpoints: published ones, and every way to spoil them.

use proptest::prelude::*;
use yata_ledger::{
    Checkpoint, CheckpointError, Frontier, Hash, Key, MAX_NOTE_BYTES, MAX_SIGNATURES, Note, NoteError, SignatureKind,
    VerifierKey, leaf_hash,
};

use crate::support::{Log, ORIGIN, key};

/// The keys, the text and the signatures of golang.org/x/mod `sumdb/note/note_test.go`.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE: &str =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH_LINE: &str =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

/// The Go checksum database: the key built into the `go` command, and a checkpoint that it published in January 2026.
const SUMDB: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
const SUMDB_NOTE: &str = "go.sum database tree\n49189689\nftjbAOzaupaIvaPo/G+Dk63nxOZ2s1OPOKIaPtXs7S4=\n\n\
    — sum.golang.org Az3grlKZssqRoMNPpZfKt0TphbbcF+pzXqElURJKRNFKfaUAgqeI5k2AORH0QAhg/ebRwyIqD/OqP4oLtLnNumvOBAM=\n";

/// A checkpoint of a Certificate Transparency log, with a signature of another kind and four witnesses, of which one is
/// remora.n621.de (May 2026).
const CT_LOG: &str = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
const REMORA: &str = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
const COSIGNED_NOTE: &str = "\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
";

fn verifier(text: &str) -> VerifierKey {
    text.parse().unwrap()
}

fn names(note: &str, keys: &[VerifierKey]) -> Result<Vec<String>, NoteError> {
    let signed = Note::parse(note).unwrap().verify(keys)?;
    Ok(signed.into_iter().map(|signed| signed.name).collect())
}

#[test]
fn the_published_key_signs_the_published_note() {
    let key = Key::from_secret_text(PETER_SECRET).unwrap();
    assert_eq!(key.verifier().to_string(), PETER);
    assert_eq!(key.to_secret_text().as_str(), PETER_SECRET);
    let mut note = Note::new(TEXT).unwrap();
    note.add(key.sign(TEXT).unwrap()).unwrap();
    assert_eq!(note.to_string(), format!("{TEXT}\n{PETER_LINE}"));
    assert_eq!(Note::parse(&note.to_string()).unwrap(), note);
}

#[test]
fn unknown_signatures_are_ignored_and_wrong_ones_are_not() {
    let (peter, enoch) = (verifier(PETER), verifier(ENOCH));
    let both = format!("{TEXT}\n{PETER_LINE}{ENOCH_LINE}");
    assert_eq!(names(&both, std::slice::from_ref(&peter)).unwrap(), ["PeterNeumann"]);
    assert_eq!(names(&both, &[enoch.clone(), peter.clone()]).unwrap(), ["PeterNeumann", "EnochRoot"]);
    assert_eq!(names(&both, &[]), Err(NoteError::Unsigned));
    let changed = both.replace("If you think", "If you thought");
    let wrong = |name: &str| Err(NoteError::BadSignature { name: name.to_owned() });
    assert_eq!(names(&changed, std::slice::from_ref(&peter)), wrong("PeterNeumann"));
    // One right signature does not make up for a wrong one of a known key.
    let spoiled = format!("{TEXT}\n{PETER_LINE}{}", ENOCH_LINE.replace("rwz+eBzm", "rwz+eBzn"));
    assert_eq!(names(&spoiled, &[peter.clone(), enoch]), wrong("EnochRoot"));
    // The same id under another name is another key.
    let renamed = format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "CarmenSandiego"));
    assert_eq!(names(&renamed, &[peter]), Err(NoteError::Unsigned));
}

#[test]
fn a_spoiled_note_is_refused_with_its_line() {
    let malformed = |line, what| NoteError::Malformed { line, what };
    let cases = [
        (TEXT.to_owned(), malformed(2, "no empty line before the signatures")),
        (format!("{TEXT}\n"), malformed(4, "no signature")),
        (format!("{TEXT}\n{}", PETER_LINE.trim_end()), malformed(4, "no newline at the end")),
        (format!("\u{1}{TEXT}\n{PETER_LINE}"), malformed(1, "a control character")),
        (format!("{TEXT}\n{PETER_LINE}\tx\n"), malformed(5, "a control character")),
        (format!("{TEXT}\r\n{PETER_LINE}"), malformed(3, "a control character")),
        (format!("{TEXT}\n{PETER_LINE}Unexpected line.\n"), malformed(5, "not a signature line")),
        (format!("{TEXT}\n{}", PETER_LINE.replace('—', "-")), malformed(4, "not a signature line")),
        (format!("{TEXT}\n— Peter x08g\n— Neumann\n"), malformed(4, "a signature without key id")),
        (format!("{TEXT}\n— Peter\n"), malformed(4, "no signature after the name")),
        (format!("{TEXT}\n— a+b x08gow==\n"), malformed(4, "a name that no key can have")),
        (format!("{TEXT}\n—  x08gow==\n"), malformed(4, "a name that no key can have")),
        (format!("{TEXT}\n— a\u{3000}b x08gow==\n"), malformed(4, "a name that no key can have")),
        (format!("{TEXT}\n— a x08gow==\n"), malformed(4, "an empty signature")),
        (format!("{TEXT}\n— a x08go/Z\n"), malformed(4, "a signature that is not base64")),
        (format!("{TEXT}\n— a x08go/Z= \n"), malformed(4, "a signature that is not base64")),
        (format!("{TEXT}\n{}", PETER_LINE.repeat(MAX_SIGNATURES + 1)), NoteError::TooManySignatures),
        ("x".repeat(MAX_NOTE_BYTES + 1), NoteError::TooLarge),
        (String::new(), malformed(1, "no newline at the end")),
    ];
    for (note, error) in cases {
        assert_eq!(Note::parse(&note), Err(error), "{note:.60}");
    }
    assert!(Note::parse(&format!("{TEXT}\n{}", PETER_LINE.repeat(MAX_SIGNATURES))).is_ok());
    assert!(Note::new("no newline").is_err());
}

#[test]
fn an_empty_line_in_the_text_belongs_to_the_text() {
    let text = "Ognuno sta solo\n\ned è subito sera.\n";
    let note = Note::parse(&format!("{text}\n{PETER_LINE}")).unwrap();
    assert_eq!(note.text(), text);
    let note = Note::parse(&format!("a\n\n\n{PETER_LINE}")).unwrap();
    assert_eq!(note.text(), "a\n\n");
}

#[test]
fn a_spoiled_key_is_refused() {
    let chars: Vec<char> = PETER.chars().collect();
    for from in 0..chars.len() {
        for to in from + 1..=chars.len() {
            let part: String = chars[from..to].iter().collect();
            assert_eq!(part.parse::<VerifierKey>().is_ok(), part == PETER, "{part}");
        }
    }
    let secret: Vec<u8> = PETER_SECRET.bytes().collect();
    for at in 0..secret.len() {
        let mut changed = secret.clone();
        changed[at] += 1;
        assert!(Key::from_secret_text(str::from_utf8(&changed).unwrap()).is_err(), "{at}");
        assert!(Key::from_secret_text(&PETER_SECRET[..at]).is_err(), "{at}");
        assert!(Key::from_secret_text(&PETER_SECRET[at + 1..]).is_err(), "{at}");
    }
    // From the same file: a key of another length, a key of an unknown kind, both with the id that fits.
    for text in [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "",
        "++",
    ] {
        assert!(text.parse::<VerifierKey>().is_err(), "{text}");
    }
    for name in ["", "a b", "a+b", "a\nb", "a\u{2003}b", &"x".repeat(256)] {
        assert!(Key::from_seed(name, &[7; 32]).is_err(), "{name}");
    }
}

/// transparency-dev/formats, `note/note_cosigv1_test.go`: keys with a plus in their base64 and of the other kind.
#[test]
fn keys_of_both_kinds_are_written_as_they_were_read() {
    for text in [PETER, ENOCH, SUMDB, CT_LOG, REMORA, "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6"] {
        assert_eq!(verifier(text).to_string(), text);
    }
    assert_eq!(verifier(REMORA).kind(), SignatureKind::Cosignature);
    assert_eq!(verifier(SUMDB).id_text(), "033de0ae");
}

#[test]
fn the_checkpoint_of_the_go_checksum_database_holds() {
    let keys = [verifier(SUMDB)];
    let opened = Checkpoint::open(SUMDB_NOTE, "go.sum database tree", &keys).unwrap();
    assert_eq!(opened.checkpoint.size, 49_189_689);
    assert_eq!(opened.checkpoint.root.to_base64(), "ftjbAOzaupaIvaPo/G+Dk63nxOZ2s1OPOKIaPtXs7S4=");
    assert_eq!(opened.signed[0].name, "sum.golang.org");
    assert_eq!(Note::parse(SUMDB_NOTE).unwrap().to_string(), SUMDB_NOTE);
    let changed = SUMDB_NOTE.replace("49189689", "49189688");
    let error = Checkpoint::open(&changed, "go.sum database tree", &keys).unwrap_err();
    assert_eq!(error.to_string(), "the signature of `sum.golang.org` is wrong");
    let error = Checkpoint::open(SUMDB_NOTE, ORIGIN, &keys).unwrap_err();
    assert!(matches!(error, CheckpointError::Origin { found, .. } if found == "go.sum database tree"));
}

#[test]
fn a_published_cosignature_holds() {
    let origin = "arche2025h1.staging.ct.transparency.dev";
    let opened = Checkpoint::open(COSIGNED_NOTE, origin, &[verifier(CT_LOG), verifier(REMORA)]).unwrap();
    assert_eq!(opened.checkpoint.size, 1_432_088_532);
    let [log, witness] = opened.signed.as_slice() else { panic!("{opened:?}") };
    assert_eq!((log.kind, log.time_s), (SignatureKind::Ed25519, None));
    assert_eq!((witness.kind, witness.time_s), (SignatureKind::Cosignature, Some(0x6a12_2120)));
    assert_eq!(Note::parse(COSIGNED_NOTE).unwrap().to_string(), COSIGNED_NOTE);
    // A witness alone does not make a checkpoint of the log.
    assert_eq!(Checkpoint::open(COSIGNED_NOTE, origin, &[verifier(REMORA)]), Err(CheckpointError::NotByLog));
    // The time is signed too.
    let changed = COSIGNED_NOTE.replace("2net5wAAAABqEiEg", "2net5wAAAABqEiEh");
    let error = Checkpoint::open(&changed, origin, &[verifier(CT_LOG), verifier(REMORA)]).unwrap_err();
    assert_eq!(error, CheckpointError::Note(NoteError::BadSignature { name: "remora.n621.de".to_owned() }));
}

#[test]
fn a_checkpoint_is_read_strictly() {
    let root = leaf_hash(b"a").to_base64();
    let cases = [
        (String::new(), 0),
        ("x".to_owned(), 1),
        ("\n".to_owned(), 1),
        (format!("\n1\n{root}\n"), 1),
        (format!("{}\n1\n{root}\n", "x".repeat(256)), 1),
        ("x\n".to_owned(), 2),
        (format!("x\n01\n{root}\n"), 2),
        (format!("x\n+1\n{root}\n"), 2),
        (format!("x\n-1\n{root}\n"), 2),
        (format!("x\n18446744073709551615\n{root}\n"), 2),
        (format!("x\n１\n{root}\n"), 2),
        ("x\n1\n".to_owned(), 3),
        ("x\n1\nAAAA\n".to_owned(), 3),
        (format!("x\n1\n{}\n", root.trim_end_matches('=')), 3),
        (format!("x\n0\n{root}\n"), 3),
        (format!("x\n1\n{root}\n\n"), 4),
        (format!("x\n1\n{root}\next\n\n"), 5),
    ];
    for (text, line) in cases {
        let error = Checkpoint::parse(&text).unwrap_err();
        assert!(matches!(error, CheckpointError::Malformed { line: at, .. } if at == line), "{text:?}: {error}");
    }
    let text = format!("x\n1\n{root}\nextension\n");
    assert_eq!(Checkpoint::parse(&text).unwrap().text(), text);
    let empty = format!("x\n0\n{}\n", Hash::empty().to_base64());
    assert_eq!(Checkpoint::parse(&empty).unwrap(), Checkpoint::of("x", &Frontier::new()));
}

#[test]
fn what_cannot_stand_on_a_line_is_not_signed() {
    for origin in ["", "a\nb", "a\n9", "a\u{1}"] {
        assert!(Checkpoint::of(origin, &Frontier::new()).sign(&key(1)).is_err(), "{origin:?}");
    }
}

#[test]
fn the_secret_is_not_in_the_public_texts() {
    let key = key(7);
    let secret = key.to_secret_text();
    let secret = secret.rsplit_once('+').unwrap().1;
    let note = Log::of(3).sign(&key);
    assert!(!note.contains(secret) && !key.verifier().to_string().contains(secret));
    let again = Key::from_secret_text(&key.to_secret_text()).unwrap();
    assert_eq!(again.verifier(), key.verifier());
}

proptest! {
    #[test]
    fn any_text_is_a_note_or_an_error(text in "(\\PC|\n){0,200}") {
        if let Ok(note) = Note::parse(&text) {
            prop_assert_eq!(note.to_string(), text.as_str());
        }
        let _ = Checkpoint::parse(&text);
        let _ = text.parse::<VerifierKey>();
        let _ = Key::from_secret_text(&text);
    }

    #[test]
    fn a_signed_note_survives_its_text(lines in prop::collection::vec("\\PC{0,30}", 1..6), seed: [u8; 32]) {
        let key = Key::from_seed("a", &seed).unwrap();
        let text = format!("{}\n", lines.join("\n"));
        let mut note = Note::new(&text).unwrap();
        note.add(key.sign(&text).unwrap()).unwrap();
        note.add(key.cosign(&text, 1_700_000_000).unwrap()).unwrap();
        let again = Note::parse(&note.to_string()).unwrap();
        prop_assert_eq!(&again, &note);
        let signed = again.verify(&[key.verifier(), key.cosignature_verifier()]).unwrap();
        prop_assert_eq!(signed.iter().map(|signed| signed.time_s).collect::<Vec<_>>(), [None, Some(1_700_000_000)]);
    }

    #[test]
    fn a_flipped_bit_spoils_a_signature(at in 0_usize..64, bit in 0_u8..8) {
        let key = key(3);
        let mut signature = key.sign(TEXT).unwrap();
        prop_assert!(key.verifier().check(TEXT, &signature.bytes).is_some());
        signature.bytes[at] ^= 1 << bit;
        prop_assert!(key.verifier().check(TEXT, &signature.bytes).is_none());
    }
}
