//! Random values of formats with a checksum or a structure, for the cases of the rules.

/// The value of a named directive; `None` where the name is not known here.
pub fn generate(name: &str, argument: &str, random: &mut dyn FnMut(u32) -> u32) -> Option<String> {
    const ALNUM: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    match name {
        "github" => {
            let alphabet: Vec<char> = ALNUM.chars().collect();
            let body: String = (0..30).filter_map(|_| alphabet.get(random(62) as usize)).collect();
            Some(format!("{argument}{body}{}", crate::checksum::github_checksum(&body)))
        }
        _ => None,
    }
}
