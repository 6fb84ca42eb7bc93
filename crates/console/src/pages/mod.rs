//! The pages: one module each, that adds its own routes.

mod account;
mod ask;
mod asset;
mod asset_ask;
mod asset_edit;
mod asset_parts;
mod assets;
mod drawing;
mod factor;
mod fields;
mod join;
mod language;
mod passkeys;
mod people;
mod report;
mod report_annex;
mod report_figures;
#[cfg(test)]
mod report_tests;
mod report_text;
mod risk_map;
mod say;
mod sheet;
mod sign_in;
mod sources;
mod sso;
mod staff;
mod theme;
mod tokens;

use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = language::routes(routes);
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
    let routes = assets::routes(routes);
    let routes = asset::routes(routes);
    let routes = staff::routes(routes);
    let routes = report::routes(routes);
    theme::routes(routes)
}
