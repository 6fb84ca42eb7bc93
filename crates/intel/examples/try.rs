use std::time::Instant;
fn main() {
    let t = Instant::now();
    let idx = std::path::PathBuf::from("/tmp/idx/index.redb");
    let r = yata_intel::import(
        &idx,
        std::path::Path::new(&std::env::args().nth(1).unwrap()),
        "2026-11-21T00:00:00Z".parse().unwrap(),
        &|_| {},
        &std::sync::atomic::AtomicBool::new(false),
    )
    .unwrap();
    println!("{:?}", t.elapsed());
    for s in &r.sources {
        println!(
            "{} rec {} chg {} rem {} unr {} {:?} {:?}",
            s.name,
            s.records,
            s.changed,
            s.removed,
            s.unreadable,
            s.unreadable_names.len(),
            s.refused
        );
    }
    println!("{:?}", r.passed_over);
    for _ in 0..3 {
        let t = Instant::now();
        let i = yata_intel::Index::open(&idx).unwrap();
        println!("open {:?}", t.elapsed());
        let k = i.known("CVE-2016-10931").unwrap().unwrap();
        println!("{:?} {:?}", t.elapsed(), k.group.ids);
        for s in i.sources("2026-08-23".parse().unwrap(), &Default::default()).all() {
            println!("{} {:?} {:?}", s.name, s.state, s.date);
        }
    }
}
