use yata_documents::Limits;

use crate::support::{check, check_gaps, gzip, read, tar, tar_header, zip};

#[test]
fn members_of_a_zip_are_pieces() {
    let bytes = zip(&[("a.txt", b"alpha"), ("d/b.txt", "秘密".as_bytes()), ("c.png", b"\x89PNG\r\n\x1A\n\0\0")]);
    check("x.zip", &bytes, &["x.zip!/a.txt: alpha", "x.zip!/d/b.txt: 秘密"]);
    assert_eq!(read("x.zip", &bytes).1.binary, 1);
}

#[test]
fn archives_in_archives() {
    let inner = zip(&[("a.txt", b"alpha")]);
    let middle = gzip(&tar(&[("d/inner.zip", b'0', &inner), ("b.txt", b'0', b"beta")]));
    let outer = zip(&[("m.tgz", &middle), ("log.gz", &gzip(b"gamma"))]);
    let expected =
        ["o.zip!/m.tgz!/d/inner.zip!/a.txt: alpha", "o.zip!/m.tgz!/b.txt: beta", "o.zip!/log.gz!/log: gamma"];
    check("o.zip", &outer, &expected);
}

#[test]
fn long_names_of_tar() {
    let long = format!("{}/a.txt", "d".repeat(150));
    let pax = format!("{} path={long}\n", long.len() + 10);
    let bytes = tar(&[
        ("x", b'x', pax.as_bytes()),
        ("short", b'0', b"alpha"),
        ("L", b'L', format!("{long}\0").as_bytes()),
        ("short", b'0', b"beta"),
        ("dir/", b'5', b""),
        ("plain", b'0', b"gamma"),
    ]);
    let expected = [format!("t.tar!/{long}: alpha"), format!("t.tar!/{long}: beta"), "t.tar!/plain: gamma".to_owned()];
    check("t.tar", &bytes, &expected.each_ref().map(String::as_str));
}

#[test]
fn too_deep_is_said() {
    let mut bytes = zip(&[("a.txt", b"alpha")]);
    for _ in 0..4 {
        bytes = zip(&[("z.zip", &bytes)]);
    }
    let limits = Limits { depth: 3, ..Limits::default() };
    check_gaps("z", &bytes, &limits, &[], &["z!/z.zip!/z.zip!/z.zip!/z.zip: too-deep 3"]);
    check("z", &bytes, &["z!/z.zip!/z.zip!/z.zip!/z.zip!/a.txt: alpha"]);
}

#[test]
fn limits_are_said_and_what_comes_before_is_handed_out() {
    let bytes = zip(&[("a", b"alpha"), ("b", b"beta"), ("c", b"gamma")]);
    let members = Limits { members: 2, ..Limits::default() };
    check_gaps("z", &bytes, &members, &["z!/a: alpha", "z!/b: beta"], &["z: too-many-members 2"]);
    let member = Limits { member_bytes: 4, ..Limits::default() };
    let expected = ["z!/a: member-too-large 4", "z!/c: member-too-large 4"];
    check_gaps("z", &bytes, &member, &["z!/a: alph", "z!/b: beta", "z!/c: gamm"], &expected);
    let total = Limits { total_bytes: 7, ..Limits::default() };
    let expected = ["z!/b: total-too-large 7", "z: total-too-large 7"];
    check_gaps("z", &bytes, &total, &["z!/a: alpha", "z!/b: be"], &expected);
}

#[test]
fn a_bomb_stops_at_its_ratio() {
    let bytes = zip(&[("bomb", &vec![b'a'; 20 << 20]), ("after", b"beta")]);
    let (lines, outcome) = read("z", &bytes);
    assert_eq!(crate::support::gaps(&outcome), ["z!/bomb: ratio-too-high 300"]);
    assert!(lines[0].len() < 8 << 20, "{}", lines[0].len());
    assert_eq!(lines[1], "z!/after: beta");
}

#[test]
fn encrypted_members_are_said() {
    let mut bytes = zip(&[("a.txt", b"alpha"), ("b.txt", b"beta")]);
    // The flag of the second member, in its own header and in the directory.
    for magic in [b"PK\x03\x04".as_slice(), b"PK\x01\x02"] {
        let at: Vec<usize> = (0..bytes.len() - 4).filter(|at| &bytes[*at..*at + 4] == magic).collect();
        bytes[at[1] + if magic[2] == 3 { 6 } else { 8 }] |= 1;
    }
    check_gaps("z", &bytes, &Limits::default(), &["z!/a.txt: alpha"], &["z!/b.txt: encrypted"]);
}

#[test]
fn a_zip_without_its_directory_is_read_member_by_member() {
    let mut bytes = zip(&[("a.txt", b"alpha"), ("b.txt", "乙".as_bytes())]);
    let directory = (0..bytes.len() - 4).find(|at| &bytes[*at..*at + 4] == b"PK\x01\x02").unwrap();
    bytes.truncate(directory);
    check_gaps("z", &bytes, &Limits::default(), &["z!/a.txt: alpha", "z!/b.txt: 乙"], &["z: broken zip"]);
}

#[test]
fn cut_off_and_lying_files_give_what_they_have() {
    let text = (0u32..2000).map(|number| format!("line {}\n", number.wrapping_mul(2_654_435_761))).collect::<String>();
    let bytes = gzip(text.as_bytes());
    let (lines, outcome) = read("a.gz", &bytes[..bytes.len() / 2]);
    assert!(lines[0].starts_with("a.gz!/a: line 0\nline 2654435761\n"), "{:?}", lines[0].get(..40));
    assert_eq!(crate::support::gaps(&outcome), ["a.gz!/a: broken compressed data"]);

    let mut huge = tar_header("a", b'0', "77777777777");
    huge.extend_from_slice(b"alpha");
    check_gaps("t", &huge, &Limits::default(), &["t!/a: alpha"], &["t: broken tar"]);
}

#[test]
fn formats_that_are_not_read_are_said() {
    let limits = Limits::default();
    for (bytes, format) in [
        (b"BZh91AY&SY....".as_slice(), "bzip2"),
        (b"\xFD7zXZ\0\0", "xz"),
        (b"\x28\xB5\x2F\xFD....", "zstd"),
        (b"7z\xBC\xAF\x27\x1C", "7z"),
        (b"Rar!\x1A\x07\x01\0", "rar"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "OLE document"),
    ] {
        check_gaps("f", bytes, &limits, &[], &[&format!("f: format {format}")]);
    }
}

#[test]
fn names_in_shift_jis_are_read() {
    let mut bytes = zip(&[("ABCDEF.txt", b"alpha")]);
    let name = b"\x8E\xD0\x8A\x4F\x94\xE9.txt";
    let at: Vec<usize> = (0..bytes.len() - 10).filter(|at| &bytes[*at..*at + 10] == b"ABCDEF.txt").collect();
    for at in at {
        bytes[at..at + 10].copy_from_slice(name);
    }
    check("z", &bytes, &["z!/社外秘.txt: alpha"]);
}

#[test]
fn places_point_into_the_member() {
    let text = "\u{FEFF}これは秘密です".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let bytes = zip(&[("a.txt", &text)]);
    let mut at = None;
    yata_documents::pieces("z", &bytes, &Limits::default(), &mut |piece| {
        at = piece.original(piece.text.find("秘密").unwrap());
    });
    assert_eq!(at, Some(8));
}

#[test]
fn long_texts_come_in_windows_with_their_own_places() {
    let line = "お客様の番号は秘密です。\r\n";
    let text = line.repeat(500);
    let bytes = encoding_rs::SHIFT_JIS.encode(&text).0.into_owned();
    let limits = Limits { piece_bytes: 1000, ..Limits::default() };
    let (mut all, mut count) = (String::new(), 0);
    yata_documents::pieces("a.txt", &bytes, &limits, &mut |piece| {
        let before = encoding_rs::SHIFT_JIS.encode(&all).0.len() as u64;
        assert_eq!(piece.original(0), Some(before));
        all.push_str(piece.text);
        count += 1;
    });
    assert_eq!((all == text, count > 5), (true, true));
}
