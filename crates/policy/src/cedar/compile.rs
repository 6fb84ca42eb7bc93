//! Policy text to the compiled form.

use std::collections::HashMap;
use std::fmt::Display;

use ::cedar_policy::pst::{
    BinaryOp, Clause, EntityOrSlot, EntityType, EntityUID, Expr, Literal, PatternElem, PrincipalConstraint,
    ResourceConstraint, UnaryOp, Var,
};
use ::cedar_policy::{Context, Entities, EvalResult, Expression, Request};

use super::Policy;
use super::check::is_traits;
use super::source::Place;
use crate::compiled::layout::{self, At, FORMAT, LENGTH_AT, MAGIC, Node, Op, SUMMED_FROM};
use crate::compiled::{MAX_COMPILED_BYTES, MAX_NODES};
use crate::decision::Effect;
use crate::request::Kind;
use crate::traits::Traits;

/// The deepest nesting of an expression; each level becomes at most two of nodes.
const MAX_DEPTH: usize = 100;
/// The most names of one `has`.
const MAX_NAMES: usize = 16;

/// A policy that the compiled form cannot say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: the compiled form cannot say `{policy}`: {what}")]
pub struct CompileError {
    /// The policy's id.
    pub policy: String,
    /// Where it begins.
    pub place: Place,
    /// What it is that cannot be said.
    pub what: String,
}

/// Writes the compiled form.
pub(super) fn compile(policies: &[Policy], digest: &[u8; 32]) -> Result<Vec<u8>, Vec<CompileError>> {
    let mut writer = Writer::default();
    let mut errors = Vec::new();
    for policy in policies {
        if let Err(what) = writer.policy(policy) {
            errors.push(CompileError { policy: policy.id.clone(), place: policy.place.clone(), what });
        }
    }
    if errors.is_empty() {
        let whole = |what: String| vec![CompileError { policy: "*".into(), place: Place::default(), what }];
        writer.finish(digest).map_err(whole)
    } else {
        Err(errors)
    }
}

/// The sections as they grow.
#[derive(Default)]
struct Writer {
    policies: Vec<u8>,
    nodes: Vec<Node>,
    kids: Vec<u32>,
    names: Pool,
    texts: Pool,
}

/// Texts, each once.
#[derive(Default)]
struct Pool {
    bytes: Vec<u8>,
    known: HashMap<String, At>,
}

impl Pool {
    fn add(&mut self, text: &str) -> Result<At, String> {
        if let Some(at) = self.known.get(text) {
            return Ok(*at);
        }
        let at = (short(self.bytes.len())?, short(text.len())?);
        self.bytes.extend_from_slice(text.as_bytes());
        self.known.insert(text.to_owned(), at);
        Ok(at)
    }
}

fn short(number: usize) -> Result<u32, String> {
    u32::try_from(number).map_err(|_| "too much text".to_owned())
}

fn no(what: impl Display) -> String {
    format!("it has no `{what}`")
}

fn halves(number: u64) -> (u32, u32) {
    (u32::try_from(number & 0xffff_ffff).unwrap_or_default(), u32::try_from(number >> 32).unwrap_or_default())
}

fn kind(name: &EntityType) -> Result<(Kind, u16), String> {
    let name = name.to_string();
    let found = Kind::ALL.into_iter().zip(0u16..).find(|(kind, _)| kind.name() == name);
    found.ok_or_else(|| format!("there is no type `{name}`"))
}

impl Writer {
    fn policy(&mut self, policy: &Policy) -> Result<(), String> {
        let body = &policy.body;
        let mut conditions = Vec::new();
        match &body.principal {
            PrincipalConstraint::Any => {}
            PrincipalConstraint::Eq(to) => conditions.push(self.scope(0, Op::Eq, to)?),
            PrincipalConstraint::In(to) => conditions.push(self.scope(0, Op::In, to)?),
            PrincipalConstraint::Is(kind) => conditions.push(self.scope_is(0, kind)?),
            PrincipalConstraint::IsIn(kind, to) => {
                conditions.push(self.scope_is(0, kind)?);
                conditions.push(self.scope(0, Op::In, to)?);
            }
        }
        match &body.resource {
            ResourceConstraint::Any => {}
            ResourceConstraint::Eq(to) => conditions.push(self.scope(2, Op::Eq, to)?),
            ResourceConstraint::In(to) => conditions.push(self.scope(2, Op::In, to)?),
            ResourceConstraint::Is(kind) => conditions.push(self.scope_is(2, kind)?),
            ResourceConstraint::IsIn(kind, to) => {
                conditions.push(self.scope_is(2, kind)?);
                conditions.push(self.scope(2, Op::In, to)?);
            }
        }
        for clause in body.clauses() {
            conditions.push(match clause {
                Clause::When(condition) => self.expression(condition, MAX_DEPTH)?,
                Clause::Unless(condition) => {
                    let condition = self.expression(condition, MAX_DEPTH)?;
                    self.node(Op::Not, 0, (condition, 0, 0))?
                }
            });
        }
        let root = self.list(Op::And, &conditions)?;
        let reason = &policy.reason;
        let texts = [&policy.id, &reason.en, &reason.ja, &reason.advice_en, &reason.advice_ja];
        for text in texts {
            let (from, length) = self.texts.add(text)?;
            self.policies.extend(from.to_le_bytes().into_iter().chain(length.to_le_bytes()));
        }
        let actions = policy.actions().into_iter().fold(0, |actions, action| actions | action.bit());
        let effect = match policy.effect {
            Effect::Permit => layout::PERMIT,
            Effect::Ask => layout::ASK,
            Effect::Deny => layout::DENY,
        };
        self.policies.extend(actions.to_le_bytes().into_iter().chain(effect.to_le_bytes()).chain(root.to_le_bytes()));
        Ok(())
    }

    fn node(&mut self, op: Op, n: u16, (a, b, c): (u32, u32, u32)) -> Result<u32, String> {
        if self.nodes.len() >= MAX_NODES {
            return Err(format!("the set has more than {MAX_NODES} expressions"));
        }
        self.nodes.push(Node { op, n, a, b, c });
        short(self.nodes.len() - 1)
    }

    fn wide(&mut self, op: Op, number: u64) -> Result<u32, String> {
        let (low, high) = halves(number);
        self.node(op, 0, (low, high, 0))
    }

    fn named(&mut self, op: Op, n: u16, child: u32, name: &str) -> Result<u32, String> {
        let (from, length) = self.names.add(name)?;
        self.node(op, n, (child, from, length))
    }

    /// A list of children.
    fn list(&mut self, op: Op, children: &[u32]) -> Result<u32, String> {
        let from = short(self.kids.len())?;
        self.kids.extend_from_slice(children);
        self.node(op, 0, (from, short(children.len())?, 0))
    }

    fn entity(&mut self, uid: &EntityUID) -> Result<u32, String> {
        let (_, number) = kind(&uid.ty)?;
        self.named(Op::Entity, number, 0, &uid.eid)
    }

    fn scope(&mut self, variable: u16, op: Op, to: &EntityOrSlot) -> Result<u32, String> {
        let EntityOrSlot::Entity(uid) = to else { return Err(no("templates")) };
        let variable = self.node(Op::Var, variable, (0, 0, 0))?;
        let entity = self.entity(uid)?;
        self.node(op, 0, (variable, entity, 0))
    }

    fn scope_is(&mut self, variable: u16, name: &EntityType) -> Result<u32, String> {
        let (_, number) = kind(name)?;
        let variable = self.node(Op::Var, variable, (0, 0, 0))?;
        self.node(Op::Is, number, (variable, 0, 0))
    }

    fn expression(&mut self, expression: &Expr, depth: usize) -> Result<u32, String> {
        let depth = depth.checked_sub(1).ok_or_else(|| format!("it nests deeper than {MAX_DEPTH}"))?;
        match expression {
            Expr::Literal(literal) => self.literal(literal),
            Expr::Var(variable) => {
                let number = match variable {
                    Var::Principal => 0,
                    Var::Action => 1,
                    Var::Resource => 2,
                    Var::Context => 3,
                };
                self.node(Op::Var, number, (0, 0, 0))
            }
            Expr::UnaryOp { op, expr } => self.unary(*op, expr, depth),
            Expr::BinaryOp { op: op @ (BinaryOp::And | BinaryOp::Or), .. } => {
                let mut parts = Vec::new();
                chain(*op, expression, &mut parts);
                let kids: Vec<u32> =
                    parts.into_iter().map(|part| self.expression(part, depth)).collect::<Result<_, _>>()?;
                self.list(if *op == BinaryOp::And { Op::And } else { Op::Or }, &kids)
            }
            Expr::BinaryOp { op, left, right } => self.binary(*op, left, right, depth),
            Expr::GetAttr { expr, attr } => {
                let child = self.expression(expr, depth)?;
                self.named(Op::Attr, 0, child, attr)
            }
            Expr::HasAttr { expr, attrs } => {
                self.has(expr, &attrs.iter().map(AsRef::as_ref).collect::<Vec<_>>(), depth)
            }
            Expr::Like { expr, pattern } => {
                let child = self.expression(expr, depth)?;
                let pattern: String = pattern.iter().map(escaped).collect();
                self.named(Op::Like, 0, child, &pattern)
            }
            Expr::Is { expr, entity_type, in_expr } => {
                let child = self.expression(expr, depth)?;
                let is = self.node(Op::Is, kind(entity_type)?.1, (child, 0, 0))?;
                let Some(above) = in_expr else { return Ok(is) };
                let child = self.expression(expr, depth)?;
                let above = self.expression(above, depth)?;
                let within = self.node(Op::In, 0, (child, above, 0))?;
                self.list(Op::And, &[is, within])
            }
            Expr::IfThenElse { cond, then_expr, else_expr } => {
                let condition = self.expression(cond, depth)?;
                let then = self.expression(then_expr, depth)?;
                let or_else = self.expression(else_expr, depth)?;
                self.node(Op::If, 0, (condition, then, or_else))
            }
            Expr::Set(elements) => {
                let kids = elements.iter().map(|element| self.expression(element, depth));
                let kids: Vec<u32> = kids.collect::<Result<_, _>>()?;
                self.list(Op::Set, &kids)
            }
            Expr::Record(attributes) => {
                let mut kids = Vec::new();
                for (name, value) in attributes {
                    let value = self.expression(value, depth)?;
                    let (from, length) = self.names.add(name)?;
                    kids.extend([from, length, value]);
                }
                let from = short(self.kids.len())?;
                self.kids.extend(kids);
                self.node(Op::Record, 0, (from, short(attributes.len())?, 0))
            }
            other => Err(no(other)),
        }
    }

    fn literal(&mut self, literal: &Literal) -> Result<u32, String> {
        match literal {
            Literal::Bool(value) => self.node(Op::Bool, u16::from(*value), (0, 0, 0)),
            Literal::Long(value) => self.wide(Op::Long, value.cast_unsigned()),
            Literal::String(text) => self.named(Op::Text, 0, 0, text),
            Literal::EntityUID(uid) => self.entity(uid),
            other => Err(format!("it has no such constant: {other:?}")),
        }
    }

    fn unary(&mut self, op: UnaryOp, argument: &Expr, depth: usize) -> Result<u32, String> {
        let op = match op {
            UnaryOp::Datetime => return self.wide(Op::Datetime, constant("datetime", argument)?.cast_unsigned()),
            UnaryOp::Duration => return self.wide(Op::Duration, constant("duration", argument)?.cast_unsigned()),
            UnaryOp::Not => Op::Not,
            UnaryOp::Neg => Op::Neg,
            UnaryOp::IsEmpty => Op::IsEmpty,
            UnaryOp::ToDate => Op::ToDate,
            UnaryOp::ToTime => Op::ToTime,
            UnaryOp::ToMilliseconds => Op::ToMilliseconds,
            UnaryOp::ToSeconds => Op::ToSeconds,
            UnaryOp::ToMinutes => Op::ToMinutes,
            UnaryOp::ToHours => Op::ToHours,
            UnaryOp::ToDays => Op::ToDays,
            other => return Err(no(other)),
        };
        let child = self.expression(argument, depth)?;
        self.node(op, 0, (child, 0, 0))
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, depth: usize) -> Result<u32, String> {
        if let Some((asked, traits)) = asks_traits(op, left, right) {
            let op = match asked {
                Asked::Any => Op::TraitsAny,
                Asked::All => Op::TraitsAll,
                Asked::Within => Op::TraitsWithin,
            };
            return self.wide(op, traits.bits());
        }
        let left = self.expression(left, depth)?;
        let right = self.expression(right, depth)?;
        let (op, not) = match op {
            BinaryOp::Eq => (Op::Eq, false),
            BinaryOp::NotEq => (Op::Eq, true),
            BinaryOp::Less => (Op::Less, false),
            BinaryOp::LessEq => (Op::LessEq, false),
            BinaryOp::Greater => (Op::LessEq, true),
            BinaryOp::GreaterEq => (Op::Less, true),
            BinaryOp::Add => (Op::Add, false),
            BinaryOp::Sub => (Op::Sub, false),
            BinaryOp::Mul => (Op::Mul, false),
            BinaryOp::In => (Op::In, false),
            BinaryOp::Contains => (Op::Contains, false),
            BinaryOp::ContainsAll => (Op::ContainsAll, false),
            BinaryOp::ContainsAny => (Op::ContainsAny, false),
            BinaryOp::Offset => (Op::Offset, false),
            BinaryOp::DurationSince => (Op::DurationSince, false),
            other => return Err(no(other)),
        };
        let node = self.node(op, 0, (left, right, 0))?;
        if not { self.node(Op::Not, 0, (node, 0, 0)) } else { Ok(node) }
    }

    /// `a has b.c` is `a has b && a.b has c`.
    fn has(&mut self, expression: &Expr, names: &[&str], depth: usize) -> Result<u32, String> {
        if names.len() > MAX_NAMES {
            return Err(format!("a `has` names more than {MAX_NAMES} attributes"));
        }
        let mut parts = Vec::new();
        for (count, name) in names.iter().enumerate() {
            let mut child = self.expression(expression, depth)?;
            for before in names.iter().take(count) {
                child = self.named(Op::Attr, 0, child, before)?;
            }
            parts.push(self.named(Op::Has, 0, child, name)?);
        }
        self.list(Op::And, &parts)
    }

    fn finish(self, digest: &[u8; 32]) -> Result<Vec<u8>, String> {
        let nodes: Vec<u8> = self.nodes.into_iter().flat_map(Node::to_bytes).collect();
        let kids: Vec<u8> = self.kids.into_iter().flat_map(u32::to_le_bytes).collect();
        let sections = [self.policies, nodes, kids, self.names.bytes, self.texts.bytes];
        let mut bytes = MAGIC.to_vec();
        bytes.extend(FORMAT.to_le_bytes());
        // Length and sum come last.
        bytes.extend([0; 12]);
        bytes.extend(digest);
        for section in &sections {
            bytes.extend(short(section.len())?.to_le_bytes());
        }
        bytes.extend([0; 4]);
        bytes.extend(sections.into_iter().flatten());
        if bytes.len() > MAX_COMPILED_BYTES {
            return Err(format!("the set has more than {MAX_COMPILED_BYTES} bytes"));
        }
        seal(&mut bytes);
        Ok(bytes)
    }
}

/// Writes length and sum of a compiled form into its head; for those who change one to test its reader.
pub fn seal(bytes: &mut [u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
    let sum = layout::sum(bytes.get(SUMMED_FROM..).unwrap_or_default()).to_le_bytes();
    for (to, from) in bytes.iter_mut().skip(LENGTH_AT).zip(length.into_iter().chain(sum)) {
        *to = from;
    }
}

/// The parts of `a && b && c`, in order.
pub(super) fn chain<'e>(op: BinaryOp, expression: &'e Expr, parts: &mut Vec<&'e Expr>) {
    match expression {
        Expr::BinaryOp { op: own, left, right } if *own == op => {
            chain(op, left, parts);
            chain(op, right, parts);
        }
        other => parts.push(other),
    }
}

/// How an expression asks for traits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// For one of them.
    Any,
    /// For all of them.
    All,
    /// For none but them.
    Within,
}

/// Whether an expression asks for known traits, how, and for which.
pub(super) fn asks_traits(op: BinaryOp, left: &Expr, right: &Expr) -> Option<(Asked, Traits)> {
    match op {
        BinaryOp::Contains if is_traits(left) => Some((Asked::All, known(right)?)),
        BinaryOp::ContainsAny if is_traits(left) => Some((Asked::Any, all_known(right)?)),
        BinaryOp::ContainsAll if is_traits(left) => Some((Asked::All, all_known(right)?)),
        BinaryOp::ContainsAll if is_traits(right) => Some((Asked::Within, all_known(left)?)),
        _ => None,
    }
}

fn known(expression: &Expr) -> Option<Traits> {
    if let Expr::Literal(Literal::String(name)) = expression { Traits::of(name) } else { None }
}

fn all_known(expression: &Expr) -> Option<Traits> {
    let Expr::Set(elements) = expression else { return None };
    elements.iter().try_fold(Traits::NONE, |traits, element| Some(traits.with(known(element)?)))
}

/// An element of a pattern as the compiled form writes it.
pub(super) fn escaped(element: &PatternElem) -> String {
    match element {
        PatternElem::Wildcard => "*".to_owned(),
        PatternElem::Char(special @ ('*' | '\\')) => format!("\\{special}"),
        PatternElem::Char(character) => character.to_string(),
    }
}

/// What `datetime("…")` or `duration("…")` is in milliseconds; the engine itself says so.
fn constant(function: &str, argument: &Expr) -> Result<i64, String> {
    let Expr::Literal(Literal::String(text)) = argument else {
        return Err(format!("`{function}` of something that is no text"));
    };
    let unknown = || format!("`{function}(\"{text}\")` has no value");
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || "+-:.".contains(c)) {
        return Err(unknown());
    }
    let expression = match function {
        "datetime" => format!("datetime(\"{text}\").durationSince(datetime(\"1970-01-01\")).toMilliseconds()"),
        _ => format!("duration(\"{text}\").toMilliseconds()"),
    };
    let expression: Expression = expression.parse().map_err(|_| unknown())?;
    let nobody = || "Person::\"nobody\"".parse().map_err(|_| unknown());
    let asked = Request::new(nobody()?, nobody()?, nobody()?, Context::empty(), None).map_err(|_| unknown())?;
    match ::cedar_policy::eval_expression(&asked, &Entities::empty(), &expression) {
        Ok(EvalResult::Long(value)) => Ok(value),
        _ => Err(unknown()),
    }
}
