//! The pages: one module each, that adds its own routes.

mod account;
mod factor;
mod fields;
mod join;
mod language;
mod ledger;
mod people;
mod sign_in;
mod tokens;

use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = language::routes(routes);
    let routes = ledger::routes(routes);
    let routes = sign_in::routes(routes);
    let routes = join::routes(routes);
    let routes = factor::routes(routes);
    let routes = account::routes(routes);
    let routes = people::routes(routes);
    tokens::routes(routes)
}
