use crate::machine::Machine;
use crate::value::Value;

pub(super) fn run(_m: &mut Machine<'_>, _name: &str, _args: &[Value]) -> Option<Value> {
    None
}
pub(super) fn osascript(_m: &mut Machine<'_>, _args: &[Value]) -> Value {
    Value::default()
}
