//! `cargo bench -p yata-calls`: microseconds a call of the corpus, by percentiles, beside the parsing of its JSON.

#![expect(clippy::disallowed_methods, reason = "a bench reads files and the clock")]
#![expect(clippy::print_stdout, reason = "what it measures is its output")]
#![expect(clippy::unwrap_used, reason = "a bench may stop")]

use std::hint::black_box;
use std::time::Instant;

use serde_json::Value;
use yata_calls::{Call, Place, understand};

const ROUNDS: usize = 20;

fn percentile(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list of thousands"
    )]
    let place = ((times.len() as f64 - 1.0) * share) as usize;
    times.get(place).copied().unwrap_or(0.0)
}

fn main() {
    let place = Place::new("/home/mio", "/home/mio/src/shop", "/home/mio/src/shop");
    for file in ["benign.jsonl", "harmful.jsonl"] {
        let path = format!("{}/../../corpus/commands/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let (mut told, mut parsed) = (Vec::new(), Vec::new());
        for line in text.lines() {
            let (mut best, mut floor) = (f64::MAX, f64::MAX);
            for _ in 0..ROUNDS {
                let start = Instant::now();
                let value: Value = serde_json::from_str(line).unwrap();
                floor = floor.min(start.elapsed().as_secs_f64() * 1e6);
                let tool = value.get("tool").and_then(Value::as_str).unwrap_or("");
                let input = value.get("input").unwrap_or(&Value::Null);
                let start = Instant::now();
                black_box(understand(&Call { tool, input }, &place));
                best = best.min(start.elapsed().as_secs_f64() * 1e6);
            }
            told.push(best);
            parsed.push(floor);
        }
        let line = |times: &mut [f64]| {
            [0.5, 0.9, 0.99, 1.0].map(|share| format!("{:.1}", percentile(times, share))).join(" / ")
        };
        println!(
            "{file}: {} calls, µs p50 / p90 / p99 / max: understood {}, JSON parsed {}",
            told.len(),
            line(&mut told),
            line(&mut parsed)
        );
    }
}
