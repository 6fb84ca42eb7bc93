//! The values of the policy language.

use crate::request::Kind;

/// A value; texts are those of the policy set and of the request.
#[derive(Debug, Clone)]
pub(super) enum Value<'v> {
    Bool(bool),
    Long(i64),
    Text(&'v str),
    Entity(Kind, &'v str),
    /// The elements, perhaps some of them twice.
    Set(Vec<Value<'v>>),
    /// Attributes, each name once.
    Record(Vec<(&'v str, Value<'v>)>),
    /// Milliseconds since 1970-01-01 UTC.
    Datetime(i64),
    /// Milliseconds.
    Duration(i64),
}

/// Why an expression has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// An operator got a value of another type, or an attribute is not there.
    Type,
    /// A number became too large.
    Overflow,
    /// It took too many steps or is nested too deeply.
    Budget,
}

impl<'v> Value<'v> {
    pub(super) fn bool(&self) -> Result<bool, Failure> {
        if let Self::Bool(value) = self { Ok(*value) } else { Err(Failure::Type) }
    }

    pub(super) fn long(&self) -> Result<i64, Failure> {
        if let Self::Long(value) = self { Ok(*value) } else { Err(Failure::Type) }
    }

    pub(super) fn text(&self) -> Result<&'v str, Failure> {
        if let Self::Text(value) = self { Ok(value) } else { Err(Failure::Type) }
    }

    pub(super) fn entity(&self) -> Result<(Kind, &'v str), Failure> {
        if let Self::Entity(kind, id) = self { Ok((*kind, id)) } else { Err(Failure::Type) }
    }

    pub(super) fn set(&self) -> Result<&[Value<'v>], Failure> {
        if let Self::Set(elements) = self { Ok(elements) } else { Err(Failure::Type) }
    }

    pub(super) fn datetime(&self) -> Result<i64, Failure> {
        if let Self::Datetime(value) = self { Ok(*value) } else { Err(Failure::Type) }
    }

    pub(super) fn duration(&self) -> Result<i64, Failure> {
        if let Self::Duration(value) = self { Ok(*value) } else { Err(Failure::Type) }
    }

    /// The order of two values that have one: numbers, instants and spans, each with its like.
    pub(super) fn order(&self, other: &Self) -> Result<std::cmp::Ordering, Failure> {
        match (self, other) {
            (Self::Long(left), Self::Long(right))
            | (Self::Datetime(left), Self::Datetime(right))
            | (Self::Duration(left), Self::Duration(right)) => Ok(left.cmp(right)),
            _ => Err(Failure::Type),
        }
    }

    /// Whether both are the same value; takes a step for each pair that is compared.
    pub(super) fn same(&self, other: &Self, budget: &mut Budget) -> Result<bool, Failure> {
        budget.take(1)?;
        Ok(match (self, other) {
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Long(left), Self::Long(right))
            | (Self::Datetime(left), Self::Datetime(right))
            | (Self::Duration(left), Self::Duration(right)) => left == right,
            (Self::Text(left), Self::Text(right)) => left == right,
            (Self::Entity(kind, id), Self::Entity(other, other_id)) => kind == other && id == other_id,
            (Self::Set(left), Self::Set(right)) => all_in(left, right, budget)? && all_in(right, left, budget)?,
            (Self::Record(left), Self::Record(right)) => {
                if left.len() != right.len() {
                    return Ok(false);
                }
                for (name, value) in left {
                    let Some((_, other)) = right.iter().find(|(other, _)| other == name) else { return Ok(false) };
                    if !value.same(other, budget)? {
                        return Ok(false);
                    }
                }
                true
            }
            _ => false,
        })
    }
}

/// Whether a value is among some.
pub(super) fn among(value: &Value<'_>, set: &[Value<'_>], budget: &mut Budget) -> Result<bool, Failure> {
    for element in set {
        if element.same(value, budget)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether each of some values is among others.
pub(super) fn all_in(some: &[Value<'_>], others: &[Value<'_>], budget: &mut Budget) -> Result<bool, Failure> {
    for value in some {
        if !among(value, others, budget)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The steps that one decision may still take.
#[derive(Debug)]
pub(super) struct Budget(pub(super) u64);

impl Budget {
    pub(super) fn take(&mut self, steps: u64) -> Result<(), Failure> {
        self.0 = self.0.checked_sub(steps).ok_or(Failure::Budget)?;
        Ok(())
    }
}
