//! Wall time, processor time and peak memory of programs, in turns.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// GNU time, which tells the peak memory of one program.
const GNU_TIME: &str = "/usr/bin/time";

/// A program with its arguments.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    path: PathBuf,
    args: Vec<OsString>,
    /// Exit codes that mean that it did its work.
    exit_codes: Vec<i32>,
}

/// What several runs of a program took.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    wall: Vec<Duration>,
    /// User and system time of all its threads, the mean of a row of runs: the system counts in steps of 10 ms.
    cpu: Duration,
    /// The peak of its resident memory in KiB, where [`GNU_TIME`] is there to tell.
    pub(crate) peak_kib: Option<u64>,
}

/// What one run of a program took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) wall: Duration,
    /// User and system time of all its threads; the system counts in steps of 10 ms.
    pub(crate) cpu: Duration,
    /// The peak of its resident memory in KiB, where [`GNU_TIME`] is there to tell.
    pub(crate) peak_kib: Option<u64>,
}

impl Program {
    pub(crate) fn new(path: &Path) -> Self {
        Program { path: path.to_owned(), args: Vec::new(), exit_codes: vec![0, 1] }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    pub(crate) fn args<'a>(mut self, args: impl IntoIterator<Item = &'a str>) -> Self {
        self.args.extend(args.into_iter().map(OsString::from));
        self
    }

    /// Takes 2 as an answer too: Yata's "something could not be checked".
    pub(crate) fn or_incomplete(mut self) -> Self {
        self.exit_codes.push(2);
        self
    }

    /// Takes a further exit code as an answer.
    pub(crate) fn or_exit_code(mut self, code: i32) -> Self {
        self.exit_codes.push(code);
        self
    }

    /// Its standard output.
    pub(crate) fn output(&self) -> anyhow::Result<Vec<u8>> {
        let mut command = self.command();
        let output = command.output().with_context(|| format!("cannot start `{}`", self.path.display()))?;
        self.check(output.status, &output.stderr)?;
        Ok(output.stdout)
    }

    /// Runs it once and tells the wall time.
    pub(crate) fn run(&self) -> anyhow::Result<Duration> {
        let mut command = self.command();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = command.status().with_context(|| format!("cannot start `{}`", self.path.display()))?;
        let wall = start.elapsed();
        self.check(status, b"")?;
        Ok(wall)
    }

    /// Runs it once and tells everything about that one run, for programs that take seconds.
    pub(crate) fn once(&self) -> anyhow::Result<Run> {
        let gnu_time = Path::new(GNU_TIME).exists();
        let mut command = if gnu_time { Command::new(GNU_TIME) } else { self.command() };
        if gnu_time {
            command.args(["-q", "-f", "%M"]).arg(&self.path).args(&self.args).stdin(Stdio::null());
        }
        command.stdout(Stdio::null());
        let (before, start) = (children_cpu(), Instant::now());
        let output = command.output().with_context(|| format!("cannot start `{}`", self.path.display()))?;
        let (wall, cpu) = (start.elapsed(), children_cpu().saturating_sub(before));
        self.check(output.status, &output.stderr)?;
        let last = String::from_utf8_lossy(&output.stderr).lines().last().map(str::to_owned);
        let peak_kib = last.filter(|_| gnu_time).and_then(|line| line.trim().parse().ok());
        Ok(Run { wall, cpu, peak_kib })
    }

    fn peak_kib(&self) -> anyhow::Result<Option<u64>> {
        if !Path::new(GNU_TIME).exists() {
            return Ok(None);
        }
        let mut command = Command::new(GNU_TIME);
        command.args(["-q", "-f", "%M"]).arg(&self.path).args(&self.args).stdout(Stdio::null());
        let output = command.output().with_context(|| format!("cannot start `{GNU_TIME}`"))?;
        let text = String::from_utf8_lossy(&output.stderr);
        Ok(text.lines().last().and_then(|line| line.trim().parse().ok()))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.args).stdin(Stdio::null());
        command
    }

    fn check(&self, status: std::process::ExitStatus, stderr: &[u8]) -> anyhow::Result<()> {
        match status.code() {
            Some(code) if self.exit_codes.contains(&code) => Ok(()),
            _ => bail!("`{:?}` ended with {status}: {}", self.command(), String::from_utf8_lossy(stderr).trim()),
        }
    }
}

/// Measures programs in turns, so that a change of the machine's load meets them all; each runs once before, so that
/// files are in memory.
pub(crate) fn in_turns(programs: &[&Program], rounds: usize) -> anyhow::Result<Vec<Figures>> {
    let mut figures = vec![Figures::default(); programs.len()];
    for (program, figures) in programs.iter().zip(&mut figures) {
        figures.peak_kib = program.peak_kib()?;
    }
    for _ in 0..rounds {
        for (program, figures) in programs.iter().zip(&mut figures) {
            figures.wall.push(program.run()?);
        }
    }
    for (program, figures) in programs.iter().zip(&mut figures) {
        figures.cpu = in_a_row(rounds, || program.run())?.cpu;
    }
    Ok(figures)
}

/// Measures what runs a program, several times in a row.
pub(crate) fn in_a_row(times: usize, mut run: impl FnMut() -> anyhow::Result<Duration>) -> anyhow::Result<Figures> {
    let before = children_cpu();
    let wall = (0..times).map(|_| run()).collect::<anyhow::Result<Vec<Duration>>>()?;
    let runs = u32::try_from(times.max(1)).unwrap_or(u32::MAX);
    Ok(Figures { wall, cpu: children_cpu().saturating_sub(before) / runs, peak_kib: None })
}

impl Figures {
    pub(crate) fn wall(&self) -> Duration {
        median(&self.wall)
    }

    /// One line of a table.
    pub(crate) fn line(&self, name: &str) -> String {
        let least = self.wall.iter().min().copied().unwrap_or_default();
        let peak = self.peak_kib.map_or_else(|| "unknown".to_owned(), |kib| super::mebibytes(kib * 1024));
        format!(
            "  {name:<44} wall {:>9} (least {:>9})  cpu {:>9}  peak {peak:>10}",
            milliseconds(self.wall()),
            milliseconds(least),
            milliseconds(self.cpu),
        )
    }
}

/// How many times the second the first is.
pub(crate) fn ratio(a: f64, b: f64) -> String {
    if b > 0.0 { format!("{:.1}×", a / b) } else { "unknown".to_owned() }
}

/// The ratios of one program to another.
pub(crate) fn compare(a: &Figures, b: &Figures) -> String {
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let peak = match (a.peak_kib, b.peak_kib) {
        (Some(a), Some(b)) => ratio(a as f64, b as f64),
        _ => format!("unknown (needs {GNU_TIME})"),
    };
    let wall = ratio(a.wall().as_secs_f64(), b.wall().as_secs_f64());
    let cpu = ratio(a.cpu.as_secs_f64(), b.cpu.as_secs_f64());
    format!("wall {wall}, cpu {cpu}, peak memory {peak}")
}

pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// The middle one; 0 where there is none.
pub(crate) fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Processor time of this thread, to the nanosecond; nothing where the system does not tell.
///
/// Source: Linux `Documentation/scheduler/sched-stats.rst`, `/proc/<pid>/schedstat`, field 1.
pub(crate) fn thread_cpu() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_ascii_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// Processor time of all programs that this one has started and that have ended; nothing where the system does not
/// tell.
///
/// Source: proc(5), `/proc/pid/stat`, fields 16 and 17, in hundredths of a second.
fn children_cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in brackets may hold spaces; the fields behind it begin with the third.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_ascii_whitespace();
    let ticks: u64 = fields.skip(13).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        let ms = Duration::from_millis;
        assert_eq!(median(&[ms(9), ms(1), ms(5)]), ms(5));
        assert_eq!(median(&[]), Duration::ZERO);
    }

    #[test]
    fn ratios_are_readable() {
        assert_eq!(ratio(10.0, 4.0), "2.5×");
        assert_eq!(ratio(10.0, 0.0), "unknown");
    }
}
