//! `yata serve`: the service, from its settings to its end.

mod config;
mod notify;
#[cfg(feature = "pdf")]
mod paper;

pub(crate) use config::LogFormat;

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::runtime::Runtime;
use yata_console::{Clock, Console, Listener, Settings, Tls, app};
use yata_model::Message;

use crate::cli::ServeArgs;
use crate::data::DataFolder;
use crate::estate;
use crate::key::Key;
use crate::{EXIT_CLEAR, Terminal, ledger};
use config::Config;

/// Serves until the process is told to stop.
pub(crate) fn run(args: &ServeArgs, data: &DataFolder, terminal: &Terminal) -> anyhow::Result<u8> {
    let config = Config::read(args, terminal.lang)?;
    log(config.log);
    let runtime = Runtime::new().context("cannot start the service's runtime")?;
    runtime.block_on(serve(&config, args.accept_service_key, data, terminal))?;
    Ok(EXIT_CLEAR)
}

async fn serve(config: &Config, accept_key: bool, data: &DataFolder, terminal: &Terminal) -> anyhow::Result<()> {
    let tls = match &config.tls {
        Some((certificate, key)) => Some(Arc::new(Tls::read(certificate, key)?)),
        None => None,
    };
    let secret = Key::of(&data.service_key(), false)?.bytes();
    let store = data.open(config.database.as_deref()).await?;
    if let Some(file) = &config.estate {
        let rules = estate::rules(file, &estate::read(file)?)?;
        estate::keep_rules(&store, &rules, jiff::Timestamp::now()).await?;
    }
    let listener = Listener::bind(config.listen, tls.clone())
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?
        .limited(config.connection_limits());
    let address = listener.address()?;
    let sealer = ledger::sealer(data, config.ledger_origin().as_deref())?;
    let settings = Settings {
        lang: config.lang,
        time_zone: config.time_zone.clone(),
        as_of: config.as_of,
        trusted_proxies: config.trusted_proxies.clone(),
        oidc: config.oidc.clone(),
        #[cfg(feature = "pdf")]
        paper: paper::paper(),
        ledger: Some(Arc::new(sealer.with_witness(config.witness.clone()))),
        ..Settings::new(config.public_url(address), secret)
    };
    let console = Console::new(store, settings, Clock::system());
    if !console.keeps_key(accept_key).await? {
        let file = data.service_key().display().to_string();
        let said = Message::new("serve-other-key").with("file", file);
        anyhow::bail!("{}", yata_words::render(terminal.lang, &said));
    }
    if config.shares_one_network() {
        let _ = writeln!(std::io::stderr(), "{}", yata_words::text(terminal.lang, "serve-shared-network"));
    }
    let stop = Stop::listen(tls)?;
    greet(&console, address, terminal).await?;
    let background = tokio::spawn(yata_console::work(Arc::clone(&console)));
    notify::ready();
    listener.serve(app(Arc::clone(&console)), stop.wait()).await;
    background.abort();
    if let Some(sealer) = &console.settings.ledger
        && let Err(error) = sealer.seal(&console.store, console.now()).await
    {
        tracing::error!(%error, "what was done last waits for its place in the ledger");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Says where the service is to be found, and how the first person gets in.
async fn greet(console: &Console, address: SocketAddr, terminal: &Terminal) -> anyhow::Result<()> {
    let url = console.settings.public_url.as_str();
    let said = Message::new("serve-listening").with("url", url).with("address", address.to_string());
    terminal.progress.note(&yata_words::render(terminal.lang, &said));
    if let Some(link) = console.first_link().await? {
        // Also where nothing else shall be said: without it nobody gets in.
        let said = Message::new("serve-first-link").with("link", link);
        let _ = writeln!(std::io::stderr(), "{}", yata_words::render(terminal.lang, &said));
    }
    Ok(())
}

fn log(format: LogFormat) {
    let builder = tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).with_ansi(false);
    // INVARIANT: set once, at the start of the process.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}

/// The signals that end the service, and the one that reads the certificate again.
#[cfg(unix)]
struct Stop {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
    tls: Option<Arc<Tls>>,
}

#[cfg(unix)]
impl Stop {
    fn listen(tls: Option<Arc<Tls>>) -> anyhow::Result<Stop> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Stop {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hangup: listen(SignalKind::hangup())?,
            tls,
        })
    }

    async fn wait(mut self) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => break,
                _ = self.interrupt.recv() => break,
                _ = self.hangup.recv() => self.reload(),
            }
        }
        notify::stopping();
    }

    fn reload(&self) {
        match self.tls.as_ref().map(|tls| tls.reload()) {
            Some(Ok(())) => tracing::info!("the certificate was read again"),
            Some(Err(error)) => tracing::error!(%error, "the certificate in use stays"),
            None => tracing::info!("nothing to read again: there is no certificate"),
        }
    }
}

#[cfg(not(unix))]
struct Stop;

#[cfg(not(unix))]
impl Stop {
    fn listen(_: Option<Arc<Tls>>) -> anyhow::Result<Stop> {
        Ok(Stop)
    }

    async fn wait(self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
