//! `yata app register`: puts an app into the register.

use anyhow::{Context, bail};
use jiff::Zoned;
use yata_agents::apps::{App, Data, Register, entry, required};
use yata_model::Message;

use super::args::RegisterArgs;
use super::{canonical, relative, words};
use crate::view::text::{printable, wrap};
use crate::{EXIT_CLEAR, Terminal, output};

/// How a new register begins.
const HEAD: &str = "# Systems that an AI made or helped to make. What the keys mean: docs/apps.md of Yata.\n";

pub(super) fn run(args: RegisterArgs, terminal: &Terminal) -> anyhow::Result<u8> {
    let folder = canonical(&args.path)?;
    let registered = super::open(&folder, args.register.as_deref())?;
    if let Some(problem) = registered.problems.first() {
        let text = yata_words::render(terminal.lang, &problem.message);
        let line = problem.line.unwrap_or_default();
        bail!("the register `{}` has errors: {line}: {text}", registered.file.display());
    }
    let Some(path) = relative(&folder, &registered.base) else {
        bail!("`{}` is not in the folder of the register `{}`", folder.display(), registered.file.display());
    };
    let own_name = || folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let app = App {
        name: args.name.or_else(own_name).context("name the app: --name")?,
        path,
        owner: Some(args.owner),
        tier: args.tier.tier(),
        data_classes: Some(args.data.into_iter().filter(|class| class != "none").collect()),
        review_by: Some(args.review_by),
        maintained_by: args.maintained_by,
        registered: Some(args.as_of.unwrap_or_else(|| Zoned::now().date())),
        controls: args.control.iter().map(|text| control(text)).collect::<Result<_, _>>()?,
        line: 0,
    };
    if let Some(known) = registered.register.app(&app.name) {
        bail!(
            "`{}` is registered already, in line {} of `{}`: change the entry there",
            app.name,
            known.line,
            registered.file.display()
        );
    }
    let before = registered.text.unwrap_or_else(|| HEAD.to_owned());
    let gap = if before.is_empty() || before.ends_with("\n\n") {
        ""
    } else if before.ends_with('\n') {
        "\n"
    } else {
        "\n\n"
    };
    let text = format!("{before}{gap}{}", entry(&app));
    let again = Register::read(text.as_bytes());
    if let Some(fault) = again.faults.first() {
        let message = Message::new(words::fault(fault.kind)).with("what", fault.what.as_str());
        bail!("this entry would have errors: {}", yata_words::render(terminal.lang, &message));
    }
    output::write(&text, Some(&registered.file))?;
    output::write(&said(&app, &registered.file.display().to_string(), terminal), None)?;
    Ok(EXIT_CLEAR)
}

fn control(text: &str) -> anyhow::Result<(String, String)> {
    let (id, place) = text.split_once('=').unwrap_or((text, ""));
    if place.trim().is_empty() {
        bail!("`--control {text}` does not say where the control can be seen: --control ID=WHERE");
    }
    Ok((id.trim().to_owned(), place.trim().to_owned()))
}

/// What was written, and what the app must have.
fn said(app: &App, file: &str, terminal: &Terminal) -> String {
    let render = |message: &Message| yata_words::render(terminal.lang, message);
    let message = Message::new("app-registered").with("name", printable(&app.name)).with("file", printable(file));
    let mut out = render(&message) + "\n";
    let needed = required(app.tier, Data::of(app.data_classes.as_deref()));
    if !needed.is_empty() {
        out.push_str(&render(&Message::new("app-needs").with("count", needed.len())));
        out.push('\n');
    }
    for control in needed {
        let text = format!("{}: {}", control.id, yata_words::text(terminal.lang, words::control(control.id)));
        let place = app.controls.iter().find(|(id, _)| id == control.id).map(|(_, place)| place);
        let mark = if place.is_some() { "+" } else { "-" };
        for (n, line) in wrap(&text, terminal.columns.saturating_sub(4)).iter().enumerate() {
            out.push_str(&format!("  {} {line}\n", if n == 0 { mark } else { " " }));
        }
    }
    out
}
