//! Conditions as formulas over facts.

use std::cell::Cell;
use std::collections::HashMap;

use ::cedar_policy::pst::{
    BinaryOp, Clause, EntityOrSlot, EntityType, EntityUID, Expr, Literal, PrincipalConstraint, ResourceConstraint,
    UnaryOp, Var,
};

use super::super::Policy;
use super::super::check::{is_traits, walk};
use super::super::compile::{Asked, asks_traits, escaped};
use super::solve::MAX_LOOKS_IN_ALL;
use crate::request::{Action, PrincipalKind};
use crate::traits::{TRAITS, Traits};

/// A formula; atoms are numbers of [`Facts`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Formula {
    Is(bool),
    Atom(usize),
    Not(Box<Formula>),
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

/// A fact that may hold or not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Fact {
    /// The request has a trait.
    Trait(&'static str),
    /// An expression, by its text, is this constant. Two of one expression exclude each other.
    Equal(String, String),
    /// A text is like a pattern.
    Like(String, String),
    /// Anything else, by its text: equal texts are equal facts.
    Other(String),
}

/// The facts that the formulas speak of.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) all: Vec<Fact>,
    numbers: HashMap<Fact, usize>,
    /// How many looks at formulas the analysis may still take.
    pub(super) looks: Cell<usize>,
}

/// What a translation takes as given: an action and a type of principal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    action: Action,
    principal: PrincipalKind,
}

impl Setting {
    pub(super) fn all() -> Vec<Self> {
        let of = |action| PrincipalKind::ALL.map(|principal| Self { action, principal });
        Action::ALL.into_iter().flat_map(of).collect()
    }

    /// The name of the type that a variable has here.
    fn kind(self, variable: &Var) -> Option<&'static str> {
        match variable {
            Var::Principal => Some(self.principal.kind().name()),
            Var::Action => Some("Action"),
            Var::Resource => Some(self.action.resource().name()),
            Var::Context => None,
        }
    }
}

/// Whether an evaluation of a policy may fail although the schema accepts it: numbers and times may overflow.
pub(super) fn may_fail(policy: &Policy) -> bool {
    let mut may = false;
    for clause in policy.body.clauses() {
        let (Clause::When(condition) | Clause::Unless(condition)) = clause;
        walk(condition, &mut |expression| {
            may |= match expression {
                Expr::UnaryOp { op, .. } => matches!(op, UnaryOp::Neg | UnaryOp::ToDate),
                Expr::BinaryOp { op, .. } => matches!(
                    op,
                    BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Offset | BinaryOp::DurationSince
                ),
                _ => false,
            };
        });
    }
    may
}

fn not(formula: Formula) -> Formula {
    Formula::Not(Box::new(formula))
}

impl Facts {
    pub(super) fn none() -> Self {
        Self { all: Vec::new(), numbers: HashMap::new(), looks: Cell::new(MAX_LOOKS_IN_ALL) }
    }

    fn atom(&mut self, fact: Fact) -> Formula {
        let next = self.all.len();
        let number = *self.numbers.entry(fact.clone()).or_insert(next);
        if number == next {
            self.all.push(fact);
        }
        Formula::Atom(number)
    }

    /// The condition of a policy, its scope included.
    pub(super) fn policy(&mut self, policy: &Policy, setting: Setting) -> Formula {
        if !policy.actions().contains(&setting.action) {
            return Formula::Is(false);
        }
        let body = &policy.body;
        let mut parts = Vec::new();
        match &body.principal {
            PrincipalConstraint::Any => {}
            PrincipalConstraint::Is(kind) => parts.push(is(&Var::Principal, kind, setting)),
            PrincipalConstraint::Eq(to) => parts.push(self.scope(&Var::Principal, to, BinaryOp::Eq, setting)),
            PrincipalConstraint::In(to) => parts.push(self.scope(&Var::Principal, to, BinaryOp::In, setting)),
            PrincipalConstraint::IsIn(kind, to) => {
                parts.push(is(&Var::Principal, kind, setting));
                parts.push(self.scope(&Var::Principal, to, BinaryOp::In, setting));
            }
        }
        match &body.resource {
            ResourceConstraint::Any => {}
            ResourceConstraint::Is(kind) => parts.push(is(&Var::Resource, kind, setting)),
            ResourceConstraint::Eq(to) => parts.push(self.scope(&Var::Resource, to, BinaryOp::Eq, setting)),
            ResourceConstraint::In(to) => parts.push(self.scope(&Var::Resource, to, BinaryOp::In, setting)),
            ResourceConstraint::IsIn(kind, to) => {
                parts.push(is(&Var::Resource, kind, setting));
                parts.push(self.scope(&Var::Resource, to, BinaryOp::In, setting));
            }
        }
        for clause in body.clauses() {
            parts.push(match clause {
                Clause::When(condition) => self.condition(condition, setting),
                Clause::Unless(condition) => not(self.condition(condition, setting)),
            });
        }
        Formula::All(parts)
    }

    fn scope(&mut self, variable: &Var, to: &EntityOrSlot, op: BinaryOp, setting: Setting) -> Formula {
        let EntityOrSlot::Entity(uid) = to else { return Formula::Is(true) };
        self.entity(variable, uid, op, setting)
    }

    /// `variable == uid` or `variable in uid`.
    fn entity(&mut self, variable: &Var, uid: &EntityUID, op: BinaryOp, setting: Setting) -> Formula {
        let kind = setting.kind(variable).unwrap_or_default();
        let same_kind = uid.ty.to_string() == kind;
        if *variable == Var::Action {
            return Formula::Is(same_kind && uid.eid == setting.action.name());
        }
        let name = if *variable == Var::Principal { "principal" } else { "resource" };
        let group = uid.ty.to_string() == "Group" && *variable == Var::Principal;
        match op {
            BinaryOp::In if group => self.atom(Fact::Other(format!("{name} in {uid}"))),
            _ if !same_kind => Formula::Is(false),
            _ => self.atom(Fact::Equal(name.to_owned(), uid.to_string())),
        }
    }

    fn other(&mut self, expression: &Expr) -> Formula {
        self.atom(Fact::Other(expression.to_string()))
    }

    fn condition(&mut self, expression: &Expr, setting: Setting) -> Formula {
        match expression {
            Expr::Literal(Literal::Bool(value)) => Formula::Is(*value),
            Expr::UnaryOp { op: UnaryOp::Not, expr } => not(self.condition(expr, setting)),
            Expr::UnaryOp { op: UnaryOp::IsEmpty, expr } if is_traits(expr) => self.within(Traits::NONE),
            Expr::BinaryOp { op: BinaryOp::And, left, right } => {
                Formula::All(vec![self.condition(left, setting), self.condition(right, setting)])
            }
            Expr::BinaryOp { op: BinaryOp::Or, left, right } => {
                Formula::Any(vec![self.condition(left, setting), self.condition(right, setting)])
            }
            Expr::IfThenElse { cond, then_expr, else_expr } => {
                let condition = self.condition(cond, setting);
                let then = Formula::All(vec![condition.clone(), self.condition(then_expr, setting)]);
                Formula::Any(vec![then, Formula::All(vec![not(condition), self.condition(else_expr, setting)])])
            }
            Expr::BinaryOp { op, left, right } => self.binary(*op, left, right, expression, setting),
            Expr::Like { expr, pattern } => {
                self.atom(Fact::Like(expr.to_string(), pattern.iter().map(escaped).collect()))
            }
            Expr::Is { expr, entity_type, in_expr } => {
                let Expr::Var(variable) = expr.as_ref() else { return self.other(expression) };
                let kind = is(variable, entity_type, setting);
                let Some(above) = in_expr else { return kind };
                let within = self.binary(BinaryOp::In, expr, above, expression, setting);
                Formula::All(vec![kind, within])
            }
            other => self.other(other),
        }
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, whole: &Expr, setting: Setting) -> Formula {
        if let Some((asked, traits)) = asks_traits(op, left, right) {
            let each = |facts: &mut Self| traits.names().map(|name| facts.atom(Fact::Trait(name))).collect();
            return match asked {
                Asked::Any => Formula::Any(each(self)),
                Asked::All => Formula::All(each(self)),
                Asked::Within => self.within(traits),
            };
        }
        match (op, left, right) {
            (BinaryOp::NotEq, ..) => not(self.binary(BinaryOp::Eq, left, right, whole, setting)),
            (BinaryOp::Eq, Expr::Literal(constant), expression)
            | (BinaryOp::Eq, expression, Expr::Literal(constant)) => self.equal(expression, constant, setting),
            (BinaryOp::In, Expr::Var(variable), Expr::Literal(Literal::EntityUID(uid))) => {
                self.entity(variable, uid, BinaryOp::In, setting)
            }
            (BinaryOp::In, Expr::Var(_), Expr::Set(elements)) => {
                Formula::Any(elements.iter().map(|one| self.binary(BinaryOp::In, left, one, whole, setting)).collect())
            }
            (BinaryOp::Contains, Expr::Set(elements), expression) if elements.iter().all(|one| is_constant(one)) => {
                let one = |one: &std::sync::Arc<Expr>| self.binary(BinaryOp::Eq, expression, one, whole, setting);
                Formula::Any(elements.iter().map(one).collect())
            }
            (BinaryOp::Contains, set, Expr::Literal(one)) => self.holds(set, one),
            (BinaryOp::ContainsAny | BinaryOp::ContainsAll, set, Expr::Set(elements)) => {
                let mut parts = Vec::new();
                for element in elements {
                    let Expr::Literal(one) = element.as_ref() else { return self.other(whole) };
                    parts.push(self.holds(set, one));
                }
                if op == BinaryOp::ContainsAny { Formula::Any(parts) } else { Formula::All(parts) }
            }
            // Only what is written as one expression is one fact: `in` within an `is` has no text of its own.
            (BinaryOp::In, ..) => self.atom(Fact::Other(format!("{left} in {right}"))),
            _ => self.other(whole),
        }
    }

    fn equal(&mut self, expression: &Expr, constant: &Literal, setting: Setting) -> Formula {
        match (expression, constant) {
            (Expr::Literal(other), constant) => Formula::Is(other == constant),
            (Expr::Var(variable), Literal::EntityUID(uid)) => self.entity(variable, uid, BinaryOp::Eq, setting),
            (_, Literal::Bool(true)) => self.condition(expression, setting),
            (_, Literal::Bool(false)) => not(self.condition(expression, setting)),
            (_, Literal::String(text)) => self.atom(Fact::Equal(expression.to_string(), text.to_string())),
            (_, constant) => self.atom(Fact::Equal(expression.to_string(), format!("{constant:?}"))),
        }
    }

    /// `set.contains(one)` as one fact, however it was written.
    fn holds(&mut self, set: &Expr, one: &Literal) -> Formula {
        self.atom(Fact::Other(format!("{set}.contains({one:?})")))
    }

    /// No trait but these.
    fn within(&mut self, traits: Traits) -> Formula {
        let others = TRAITS.into_iter().filter(|name| !Traits::of(name).is_some_and(|one| traits.holds(one)));
        Formula::All(others.map(|name| not(self.atom(Fact::Trait(name)))).collect())
    }
}

fn is(variable: &Var, kind: &EntityType, setting: Setting) -> Formula {
    Formula::Is(setting.kind(variable) == Some(kind.to_string().as_str()))
}

fn is_constant(expression: &Expr) -> bool {
    matches!(expression, Expr::Literal(_))
}
