//! The pages: one module each, that adds its own routes.

mod account;
mod ask;
mod changes;
mod deed_form;
mod deeds;
mod drawing;
mod export;
mod factor;
mod fields;
mod filters;
mod finding;
mod finding_facts;
mod finding_talk;
mod join;
mod language;
mod ledger;
mod passkeys;
mod people;
mod proposals;
mod queue;
mod risk_map;
mod rows;
mod say;
mod sheet;
mod sign_in;
mod sources;
mod sso;
mod theme;
mod today;
mod tokens;

pub(crate) use say::clean;

use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = language::routes(routes);
    let routes = ledger::routes(routes);
    let routes = theme::routes(routes);
    let routes = sign_in::routes(routes);
    let routes = sso::routes(routes);
    let routes = join::routes(routes);
    let routes = factor::routes(routes);
    let routes = account::routes(routes);
    let routes = passkeys::routes(routes);
    let routes = people::routes(routes);
    let routes = tokens::routes(routes);
    let routes = risk_map::routes(routes);
    let routes = sources::routes(routes);
    let routes = today::routes(routes);
    let routes = changes::routes(routes);
    let routes = queue::routes(routes);
    let routes = export::routes(routes);
    let routes = finding::routes(routes);
    proposals::routes(routes)
}
