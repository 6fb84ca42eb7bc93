//! The evaluation of an expression for a request, with the meaning that Cedar's language gives it.

use super::layout::{Layout, Node, Op};
use super::like::like;
use super::value::{Budget, Failure, Value, all_in, among};
use crate::request::{Attributes, Kind, Request};
use crate::traits::Traits;

/// The most steps of one decision: nodes, compared elements, compared characters.
const MAX_STEPS: u64 = 16_000_000;
/// The deepest nesting of nodes; what is compiled nests less.
const MAX_DEPTH: usize = 256;
/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// What one decision looks at.
pub(super) struct Evaluation<'v> {
    layout: &'v Layout<'v>,
    request: &'v Request,
    attributes: Attributes<'v>,
    budget: Budget,
}

impl<'v> Evaluation<'v> {
    pub(super) fn of(layout: &'v Layout<'v>, request: &'v Request) -> Self {
        Self { layout, request, attributes: request.attributes(), budget: Budget(MAX_STEPS) }
    }

    /// Whether the condition of a policy holds.
    pub(super) fn holds(&mut self, root: u32) -> Result<bool, Failure> {
        self.bool(root, MAX_DEPTH)
    }

    fn bool(&mut self, number: u32, depth: usize) -> Result<bool, Failure> {
        self.value(number, depth)?.bool()
    }

    fn value(&mut self, number: u32, depth: usize) -> Result<Value<'v>, Failure> {
        let depth = depth.checked_sub(1).ok_or(Failure::Budget)?;
        self.budget.take(1)?;
        let node = self.layout.node(number).ok_or(Failure::Type)?;
        match node.op {
            Op::Bool => Ok(Value::Bool(node.n == 1)),
            Op::Long => Ok(Value::Long(node.wide().cast_signed())),
            Op::Datetime => Ok(Value::Datetime(node.wide().cast_signed())),
            Op::Duration => Ok(Value::Duration(node.wide().cast_signed())),
            Op::Text => Ok(Value::Text(self.name(node)?)),
            Op::Entity => {
                let kind = Kind::ALL.get(usize::from(node.n)).ok_or(Failure::Type)?;
                Ok(Value::Entity(*kind, self.name(node)?))
            }
            Op::Var => Ok(self.variable(node.n)),
            Op::TraitsAny => Ok(Value::Bool(self.traits().meets(Traits::from_bits(node.wide())))),
            Op::TraitsAll => Ok(Value::Bool(self.traits().holds(Traits::from_bits(node.wide())))),
            Op::TraitsWithin => Ok(Value::Bool(Traits::from_bits(node.wide()).holds(self.traits()))),
            Op::And => self.run(node, depth, false),
            Op::Or => self.run(node, depth, true),
            Op::If => {
                let chosen = if self.bool(node.a, depth)? { node.b } else { node.c };
                self.value(chosen, depth)
            }
            Op::Set => {
                let kids = self.layout.kids(node.a, node.b).ok_or(Failure::Type)?;
                kids.map(|kid| self.value(kid, depth)).collect::<Result<_, _>>().map(Value::Set)
            }
            Op::Record => self.record(node, depth),
            Op::Attr => self.attribute(node, depth)?.ok_or(Failure::Type),
            Op::Has => Ok(Value::Bool(self.attribute(node, depth)?.is_some())),
            Op::Like => {
                let text = self.value(node.a, depth)?.text()?;
                like(text, self.name(node)?, &mut self.budget).map(Value::Bool)
            }
            Op::Is => {
                let (kind, _) = self.value(node.a, depth)?.entity()?;
                Ok(Value::Bool(Kind::ALL.get(usize::from(node.n)) == Some(&kind)))
            }
            Op::Not | Op::Neg | Op::IsEmpty | Op::ToDate | Op::ToTime | Op::ToMilliseconds | Op::ToSeconds => {
                let value = self.value(node.a, depth)?;
                unary(node.op, &value)
            }
            Op::ToMinutes | Op::ToHours | Op::ToDays => {
                let value = self.value(node.a, depth)?;
                unary(node.op, &value)
            }
            _ => {
                let left = self.value(node.a, depth)?;
                let right = self.value(node.b, depth)?;
                self.binary(node.op, &left, &right)
            }
        }
    }

    fn traits(&self) -> Traits {
        self.request.context.traits
    }

    fn name(&self, node: Node) -> Result<&'v str, Failure> {
        self.layout.name(node.b, node.c).ok_or(Failure::Type)
    }

    /// The children in turn until one is `until`.
    fn run(&mut self, node: Node, depth: usize, until: bool) -> Result<Value<'v>, Failure> {
        for kid in self.layout.kids(node.a, node.b).ok_or(Failure::Type)? {
            if self.bool(kid, depth)? == until {
                return Ok(Value::Bool(until));
            }
        }
        Ok(Value::Bool(!until))
    }

    fn record(&mut self, node: Node, depth: usize) -> Result<Value<'v>, Failure> {
        let mut kids = self.layout.kids(node.a, node.b.checked_mul(3).ok_or(Failure::Type)?).ok_or(Failure::Type)?;
        let mut record = Vec::new();
        while let (Some(from), Some(length), Some(kid)) = (kids.next(), kids.next(), kids.next()) {
            let name = self.layout.name(from, length).ok_or(Failure::Type)?;
            record.push((name, self.value(kid, depth)?));
        }
        Ok(Value::Record(record))
    }

    fn variable(&self, number: u16) -> Value<'v> {
        match number {
            0 => Value::Entity(self.request.principal.kind.kind(), &self.request.principal.id),
            1 => Value::Entity(Kind::Action, self.request.action.name()),
            2 => Value::Entity(self.request.action.resource(), &self.request.resource),
            _ => {
                let names = ["agent", "classes", "mode", "now", "program", "project", "tainted", "traits"];
                Value::Record(names.into_iter().filter_map(|name| Some((name, self.fact(name)?))).collect())
            }
        }
    }

    /// A fact of the circumstances.
    fn fact(&self, name: &str) -> Option<Value<'v>> {
        let facts = &self.request.context;
        Some(match name {
            "agent" => Value::Text(&facts.agent),
            "classes" => Value::Set(facts.classes.iter().map(|class| Value::Text(class)).collect()),
            "mode" => Value::Text(&facts.mode),
            "now" => Value::Datetime(facts.now_ms?),
            "program" => Value::Text(&facts.program),
            "project" => Value::Text(&facts.project),
            "tainted" => Value::Bool(facts.tainted),
            "traits" => Value::Set(facts.traits.names().map(Value::Text).collect()),
            _ => return None,
        })
    }

    /// The attribute that a node names, of what its child is.
    fn attribute(&mut self, node: Node, depth: usize) -> Result<Option<Value<'v>>, Failure> {
        let name = self.name(node)?;
        let child = self.layout.node(node.a).ok_or(Failure::Type)?;
        if child.op == Op::Var && child.n == 3 {
            return Ok(self.fact(name));
        }
        match self.value(node.a, depth)? {
            Value::Record(record) => Ok(record.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)),
            Value::Entity(kind, id) => {
                // Other entities than the resource have no attributes.
                let resource = kind == self.request.action.resource() && id == self.request.resource;
                let found = self.attributes.iter().find(|(known, _)| resource && *known == name);
                Ok(found.map(|(_, value)| Value::Text(value)))
            }
            _ => Err(Failure::Type),
        }
    }

    fn binary(&mut self, op: Op, left: &Value<'v>, right: &Value<'v>) -> Result<Value<'v>, Failure> {
        let budget = &mut self.budget;
        let overflow = Failure::Overflow;
        Ok(match op {
            Op::Eq => Value::Bool(left.same(right, budget)?),
            Op::Less => Value::Bool(left.order(right)?.is_lt()),
            Op::LessEq => Value::Bool(left.order(right)?.is_le()),
            Op::Add => Value::Long(left.long()?.checked_add(right.long()?).ok_or(overflow)?),
            Op::Sub => Value::Long(left.long()?.checked_sub(right.long()?).ok_or(overflow)?),
            Op::Mul => Value::Long(left.long()?.checked_mul(right.long()?).ok_or(overflow)?),
            Op::Contains => Value::Bool(among(right, left.set()?, budget)?),
            Op::ContainsAll => Value::Bool(all_in(right.set()?, left.set()?, budget)?),
            Op::ContainsAny => {
                let (left, right) = (left.set()?, right.set()?);
                let mut any = false;
                for element in right {
                    any = any || among(element, left, budget)?;
                }
                Value::Bool(any)
            }
            Op::Offset => Value::Datetime(left.datetime()?.checked_add(right.duration()?).ok_or(overflow)?),
            Op::DurationSince => Value::Duration(left.datetime()?.checked_sub(right.datetime()?).ok_or(overflow)?),
            Op::In => Value::Bool(self.within(left, right)?),
            _ => return Err(Failure::Type),
        })
    }

    /// `left in right`: the same entity, or a group of it.
    fn within(&mut self, left: &Value<'v>, right: &Value<'v>) -> Result<bool, Failure> {
        let (kind, id) = left.entity()?;
        let principal = &self.request.principal;
        let is_principal = kind == principal.kind.kind() && id == principal.id;
        let groups = if is_principal { principal.groups.as_slice() } else { &[] };
        let above = match right {
            Value::Set(elements) => elements.as_slice(),
            one => std::slice::from_ref(one),
        };
        let above: Vec<(Kind, &str)> = above.iter().map(Value::entity).collect::<Result<_, _>>()?;
        for (other, other_id) in above {
            self.budget.take(1 + groups.len() as u64)?;
            let in_group = other == Kind::Group && groups.iter().any(|group| group == other_id);
            if in_group || (other == kind && other_id == id) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn unary<'v>(op: Op, value: &Value<'v>) -> Result<Value<'v>, Failure> {
    Ok(match op {
        Op::Not => Value::Bool(!value.bool()?),
        Op::Neg => Value::Long(value.long()?.checked_neg().ok_or(Failure::Overflow)?),
        Op::IsEmpty => Value::Bool(value.set()?.is_empty()),
        Op::ToDate => {
            let instant = value.datetime()?;
            Value::Datetime(instant.checked_sub(instant.rem_euclid(DAY_MS)).ok_or(Failure::Overflow)?)
        }
        Op::ToTime => Value::Duration(value.datetime()?.rem_euclid(DAY_MS)),
        Op::ToMilliseconds => Value::Long(value.duration()?),
        Op::ToSeconds => Value::Long(value.duration()? / 1_000),
        Op::ToMinutes => Value::Long(value.duration()? / 60_000),
        Op::ToHours => Value::Long(value.duration()? / 3_600_000),
        Op::ToDays => Value::Long(value.duration()? / DAY_MS),
        _ => return Err(Failure::Type),
    })
}
