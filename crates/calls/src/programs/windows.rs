use crate::machine::Machine;
use crate::value::Value;

pub(super) fn run(_m: &mut Machine<'_>, _name: &str, _args: &[Value]) -> Option<Value> {
    None
}
pub(super) fn powershell(_m: &mut Machine<'_>, _args: &[Value]) -> Value {
    Value::default()
}
pub(super) fn cmd(_m: &mut Machine<'_>, _args: &[Value]) -> Value {
    Value::default()
}
pub(super) fn script(_m: &mut Machine<'_>, _text: &str) -> Value {
    Value::default()
}
pub(super) fn removal(_m: &mut Machine<'_>, _args: &[Value]) {}
