//! Refuses conditions that cannot mean anything: unknown names, wrong numbers of arguments, texts where a truth value
//! belongs. Also compiled into `build.rs`.

use super::parse::{Compare, Expr, Path};
use super::signature::{COMMON, FUNCTIONS, LISTS, SUBJECTS, Type};

/// Whether a condition on a kind of subject means something; `each` says whether `it` and `key` are known.
pub(crate) fn check(expr: &Expr, subject: &str, each: bool) -> Result<(), String> {
    let kind = type_of(expr, subject, each)?;
    if kind == Type::Bool { Ok(()) } else { Err(format!("the condition is a {kind:?}, not true or false")) }
}

/// Whether a path begins at something that the subject has.
pub(crate) fn check_path(path: &Path, subject: &str, each: bool) -> Result<Type, String> {
    let (_, fields) =
        SUBJECTS.iter().find(|(name, _)| *name == subject).ok_or_else(|| format!("no subject `{subject}`"))?;
    let known = fields.iter().chain(COMMON).find(|(name, _)| *name == path.root).map(|(_, kind)| *kind);
    let kind = match path.root.as_str() {
        "it" if each => Type::Any,
        "key" if each => Type::Text,
        root => known.ok_or_else(|| format!("a `{subject}` has no `{root}`"))?,
    };
    match (path.keys.is_empty(), kind) {
        (true, _) => Ok(kind),
        (false, Type::Any | Type::List) => Ok(Type::Any),
        (false, _) => Err(format!("`{}` is a {kind:?} and has no keys", path.root)),
    }
}

fn type_of(expr: &Expr, subject: &str, each: bool) -> Result<Type, String> {
    let truth = |part: &Expr| match type_of(part, subject, each)? {
        Type::Bool => Ok(()),
        kind => Err(format!("true or false expected, not a {kind:?}: {part:?}; write `… == true` or a function")),
    };
    match expr {
        Expr::Bool(_) => Ok(Type::Bool),
        Expr::Number(_) => Ok(Type::Number),
        Expr::Text(_) => Ok(Type::Text),
        Expr::List(items) => {
            items.iter().try_for_each(|item| type_of(item, subject, each).map(|_| ()))?;
            Ok(Type::List)
        }
        Expr::Known(name) if LISTS.contains(&name.as_str()) => Ok(Type::List),
        Expr::Known(name) => Err(format!("no list `{name}`")),
        Expr::Path(path) => check_path(path, subject, each),
        Expr::Not(inner) => truth(inner).map(|()| Type::Bool),
        Expr::And(left, right) | Expr::Or(left, right) => {
            truth(left)?;
            truth(right)?;
            Ok(Type::Bool)
        }
        Expr::Compare(compare, left, right) => {
            let kinds = (type_of(left, subject, each)?, type_of(right, subject, each)?);
            let ordered = !matches!(compare, Compare::Equal | Compare::Unequal);
            match kinds {
                (left, right)
                    if ordered && ![left, right].iter().all(|kind| matches!(kind, Type::Any | Type::Number)) =>
                {
                    Err(format!("numbers expected, not {left:?} and {right:?}"))
                }
                (Type::Any, _) | (_, Type::Any) => Ok(Type::Bool),
                (left, right) if left == right => Ok(Type::Bool),
                (left, right) => Err(format!("a {left:?} is never a {right:?}")),
            }
        }
        Expr::In(item, list) => {
            type_of(item, subject, each)?;
            match type_of(list, subject, each)? {
                Type::Any | Type::List => Ok(Type::Bool),
                kind => Err(format!("`in` needs a list, not a {kind:?}")),
            }
        }
        Expr::Call(name, args) => {
            let (_, wanted, result) =
                FUNCTIONS.iter().find(|(known, ..)| known == name).ok_or_else(|| format!("no function `{name}`"))?;
            if wanted.len() != args.len() {
                return Err(format!("`{name}` takes {} arguments, not {}", wanted.len(), args.len()));
            }
            for (arg, wanted) in args.iter().zip(*wanted) {
                let kind = type_of(arg, subject, each)?;
                if *wanted != Type::Any && kind != Type::Any && kind != *wanted {
                    return Err(format!("`{name}` takes a {wanted:?}, not a {kind:?}"));
                }
            }
            Ok(*result)
        }
        Expr::Quantified(_, over, body) => {
            if !matches!(type_of(over, subject, each)?, Type::Any | Type::List) {
                return Err(format!("`any`, `all` and `none` need a list: {over:?}"));
            }
            match type_of(body, subject, true)? {
                Type::Bool => Ok(Type::Bool),
                kind => Err(format!("the condition on `it` is a {kind:?}")),
            }
        }
    }
}
