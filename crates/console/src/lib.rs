//! The service: the HTTP API for sensors and programs, the pages for people. The only crate that knows HTML.
//!
//! A request's way: limits and headers (`guard`) → who asks (`identity`) → whether they may (`routes`: every route
//! names what it needs, and [`routes::Routes::add`] is the only way to add one) → a handler in `api` or `pages` → the store.

mod access;
pub mod api;
mod assets;
mod attempts;
mod background;
mod caller;
mod cbor;
mod form;
mod guard;
mod health;
mod identity;
mod invite;
mod jwt;
mod layout;
mod multipart;
mod oidc;
mod origin;
mod outbound;
mod pages;
mod password;
mod problem;
mod recovery;
mod report;
mod routes;
mod sealer;
mod seats;
mod secret;
mod serve;
mod session;
mod slow;
mod staff_file;
mod state;
mod stream;
mod tls;
mod token;
mod totp;
mod webauthn;
mod witness;

pub use access::{Need, Right, Role, Scope};
pub use background::work;
pub use caller::{Caller, Theme, View, Who};
pub use invite::LinkError;
pub use report::Paper;
pub use routes::{RouteInfo, Routes};
pub use sealer::{SealError, Sealer, verifier_keys};
pub use secret::NoRandom;
pub use serve::{ConnectionLimits, Listener};
pub use state::{Clock, Console, OidcSettings, Settings};
pub use tls::{Tls, TlsError};
pub use witness::{Witness, WitnessFailed, Witnessed};

use std::sync::Arc;

/// All routes, each behind what it needs.
pub fn routes() -> Routes {
    let routes = Routes::new();
    let routes = assets::routes(routes);
    let routes = health::routes(routes);
    let routes = api::routes(routes);
    pages::routes(routes)
}

/// The whole service as one tower service.
#[expect(clippy::needless_pass_by_value, reason = "whoever makes the service hands its console over")]
pub fn app(console: Arc<Console>) -> axum::Router {
    let router = routes().into_router(&console);
    guard::around(identity::around(router, &console), &console)
}

/// The routes as a given caller meets them: for tests of single pages, without signing in.
#[expect(clippy::needless_pass_by_value, reason = "as `app`")]
pub fn app_as(console: Arc<Console>, caller: Caller) -> axum::Router {
    let router = routes().into_router(&console).layer(axum::Extension(caller));
    guard::around(router, &console)
}
