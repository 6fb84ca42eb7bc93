//! What the schema says against a policy, and what a schema cannot say: names of traits.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ::cedar_policy::pst::{BinaryOp, Clause, Expr, Literal, Var};
use ::cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
use miette::Diagnostic;

use super::{Policy, Problem, SCHEMA};
use crate::traits::{TRAITS, Traits};

/// The schema as the engine reads it.
static READ: LazyLock<Result<Schema, String>> = LazyLock::new(|| match Schema::from_cedarschema_str(SCHEMA) {
    Ok((schema, _)) => Ok(schema),
    Err(error) => Err(error.to_string()),
});

/// Strict validation, and the names of traits.
pub(super) fn validate(set: &PolicySet, policies: &BTreeMap<&str, &Policy>) -> Vec<Problem> {
    let schema = match READ.as_ref() {
        Ok(schema) => schema,
        Err(error) => return vec![super::Place::default().problem(error, "")],
    };
    let result = Validator::new(schema.clone()).validate(set, ValidationMode::Strict);
    let mut problems = Vec::new();
    for error in result.validation_errors() {
        let Some(policy) = policies.get::<str>(error.policy_id().as_ref()) else { continue };
        let offset = error.labels().and_then(|mut labels| labels.next()).map_or(0, |label| label.offset());
        let text = error.to_string();
        // The engine begins with the id, which the place says better.
        let text = text.strip_prefix(&format!("for policy `{}`, ", policy.id)).unwrap_or(&text).to_owned();
        let advice = error.help().map_or_else(|| SEE.to_owned(), |help| format!("{help} {SEE}"));
        problems.push(policy.place_of(offset).problem(format!("`{}`: {text}", policy.id), advice));
    }
    // The engine finds the same once for each action to which the policy applies: the first by its text stands for all.
    problems.sort_by(|left, right| (&left.place, &left.message).cmp(&(&right.place, &right.message)));
    problems.dedup_by(|later, first| later.place == first.place);
    for policy in policies.values() {
        for name in trait_names(policy).into_iter().filter(|name| Traits::of(name).is_none()) {
            let at = policy.text.find(&format!("\"{name}\"")).unwrap_or_default();
            let near = TRAITS.iter().max_by_key(|known| alike(known, &name)).copied().unwrap_or_default();
            let message = format!("`{}`: there is no trait `{name}`, so it can never apply", policy.id);
            problems.push(policy.place_of(at).problem(message, format!("Did you mean `{near}`?")));
        }
    }
    problems
}

const SEE: &str = "`yata policy schema` shows what there is.";

/// How many pairs of neighbouring letters two names share.
fn alike(known: &str, name: &str) -> usize {
    let pairs = |text: &str| text.as_bytes().windows(2).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let others = pairs(name);
    pairs(known).iter().filter(|pair| others.contains(pair)).count()
}

/// The texts that a policy holds against `context.traits`.
fn trait_names(policy: &Policy) -> Vec<String> {
    let mut names = Vec::new();
    for clause in policy.body.clauses() {
        let (Clause::When(condition) | Clause::Unless(condition)) = clause;
        walk(condition, &mut |expression| {
            if let Expr::BinaryOp { op, left, right } = expression
                && matches!(op, BinaryOp::Contains | BinaryOp::ContainsAll | BinaryOp::ContainsAny)
            {
                if is_traits(left) {
                    texts(right, &mut names);
                } else if is_traits(right) {
                    texts(left, &mut names);
                }
            }
        });
    }
    names
}

/// Whether an expression is `context.traits`.
pub(super) fn is_traits(expression: &Expr) -> bool {
    let Expr::GetAttr { expr, attr } = expression else { return false };
    attr == "traits" && matches!(expr.as_ref(), Expr::Var(Var::Context))
}

fn texts(expression: &Expr, names: &mut Vec<String>) {
    match expression {
        Expr::Literal(Literal::String(text)) => names.push(text.to_string()),
        Expr::Set(elements) => elements.iter().for_each(|element| texts(element, names)),
        _ => {}
    }
}

/// Every expression within one, itself first.
pub(super) fn walk(expression: &Expr, each: &mut dyn FnMut(&Expr)) {
    each(expression);
    for child in children(expression) {
        walk(child, each);
    }
}

/// The expressions right within one.
pub(super) fn children(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::UnaryOp { expr, .. }
        | Expr::GetAttr { expr, .. }
        | Expr::HasAttr { expr, .. }
        | Expr::Like { expr, .. } => {
            vec![expr]
        }
        Expr::BinaryOp { left, right, .. } => vec![left, right],
        Expr::Is { expr, in_expr, .. } => std::iter::once(expr).chain(in_expr).map(AsRef::as_ref).collect(),
        Expr::IfThenElse { cond, then_expr, else_expr } => vec![cond, then_expr, else_expr],
        Expr::Set(elements) => elements.iter().map(AsRef::as_ref).collect(),
        Expr::Record(attributes) => attributes.values().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    }
}
