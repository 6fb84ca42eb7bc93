//! The pages: one module each, that adds its own routes.

mod account;
mod ask;
mod asset;
mod asset_ask;
mod asset_edit;
mod asset_parts;
mod assets;
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
mod report;
mod report_annex;
mod report_figures;
#[cfg(test)]
mod report_tests;
mod report_text;
mod risk_map;
mod rows;
mod say;
mod sheet;
mod sign_in;
mod sources;
mod sso;
mod staff;
mod table;
mod theme;
mod today;
mod tokens;

pub(crate) use say::clean;

use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = language::routes(routes);
    let routes = ledger::routes(routes);
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
    let routes = proposals::routes(routes);
    let routes = assets::routes(routes);
    let routes = asset::routes(routes);
    let routes = staff::routes(routes);
    let routes = report::routes(routes);
    theme::routes(routes)
}
