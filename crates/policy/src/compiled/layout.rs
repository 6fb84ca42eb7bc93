//! Where what stands in the compiled form, and the reading of it.

use super::{LoadError, MAX_COMPILED_BYTES, MAX_NODES, MAX_POLICIES};

/// The first bytes.
pub(crate) const MAGIC: [u8; 8] = *b"yatapol\0";
/// The version of format and schema; any change of either is a new one.
pub(crate) const FORMAT: u32 = 1;
/// The bytes of the head: magic, format, length, sum, digest, and the lengths of the five sections.
pub(crate) const HEAD_BYTES: usize = 8 + 4 + 4 + 8 + 32 + 5 * 4 + 4;
/// Where the length stands, and the sum behind it.
pub(crate) const LENGTH_AT: usize = 12;
/// The bytes before what the sum is of.
pub(crate) const SUMMED_FROM: usize = 24;
/// Offset and length of id, both reasons and both advices, the actions, the effect, and the root.
pub(crate) const POLICY_BYTES: usize = 5 * 8 + 2 + 2 + 4;
/// An operator, an unused byte, a small number, and three numbers.
pub(crate) const NODE_BYTES: usize = 16;
/// The bytes of a child's number.
pub(crate) const KID_BYTES: usize = 4;

/// Effects of policies.
pub(crate) const PERMIT: u16 = 0;
pub(crate) const ASK: u16 = 1;
pub(crate) const DENY: u16 = 2;

macro_rules! operators {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// What a node does. `a`, `b`, `c` are its numbers, `n` the small one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Op { $($(#[doc = $doc])+ $name = $code,)+ }

        impl Op {
            fn of(code: u8) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

operators! {
    /// `n` is 0 or 1.
    Bool = 0,
    /// A number; `a` holds the low, `b` the high half.
    Long = 1,
    /// A text in the names: `b` from, `c` length.
    Text = 2,
    /// An entity: `n` its type, `b` and `c` its id in the names.
    Entity = 3,
    /// `n` is 0 principal, 1 action, 2 resource, 3 context.
    Var = 4,
    /// An instant in milliseconds, halves as in `Long`.
    Datetime = 5,
    /// A span in milliseconds, halves as in `Long`.
    Duration = 6,
    /// All of `b` children from `a` of the list, one after the other.
    And = 7,
    /// Any of them.
    Or = 8,
    /// Of node `a`.
    Not = 9,
    /// Of node `a`.
    Neg = 10,
    /// Of node `a`.
    IsEmpty = 11,
    /// Of node `a`.
    ToDate = 12,
    /// Of node `a`.
    ToTime = 13,
    /// Of node `a`.
    ToMilliseconds = 14,
    /// Of node `a`.
    ToSeconds = 15,
    /// Of node `a`.
    ToMinutes = 16,
    /// Of node `a`.
    ToHours = 17,
    /// Of node `a`.
    ToDays = 18,
    /// Of nodes `a` and `b`, like all that follow.
    Eq = 19,
    /// Of nodes `a` and `b`.
    Less = 20,
    /// Of nodes `a` and `b`.
    LessEq = 21,
    /// Of nodes `a` and `b`.
    Add = 22,
    /// Of nodes `a` and `b`.
    Sub = 23,
    /// Of nodes `a` and `b`.
    Mul = 24,
    /// Of nodes `a` and `b`.
    In = 25,
    /// Of nodes `a` and `b`.
    Contains = 26,
    /// Of nodes `a` and `b`.
    ContainsAll = 27,
    /// Of nodes `a` and `b`.
    ContainsAny = 28,
    /// Of nodes `a` and `b`.
    Offset = 29,
    /// Of nodes `a` and `b`.
    DurationSince = 30,
    /// The attribute of node `a` whose name is `b` and `c`.
    Attr = 31,
    /// Whether node `a` has it.
    Has = 32,
    /// Whether the text of node `a` is like the pattern `b` and `c`.
    Like = 33,
    /// Whether node `a` has the type `n`.
    Is = 34,
    /// Node `a` decides between `b` and `c`.
    If = 35,
    /// The set of `b` children from `a` of the list.
    Set = 36,
    /// The record of `b` triples from `a` of the list: name from, name length, child.
    Record = 37,
    /// Whether the request has one of the traits; bits, halves as in `Long`.
    TraitsAny = 38,
    /// Whether it has all of them.
    TraitsAll = 39,
    /// Whether it has none but them.
    TraitsWithin = 40,
}

/// A node of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) op: Op,
    pub(crate) n: u16,
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) c: u32,
}

impl Node {
    /// The number of 64 bits in `a` and `b`.
    pub(crate) fn wide(self) -> u64 {
        u64::from(self.b) << 32 | u64::from(self.a)
    }

    #[cfg(feature = "cedar")]
    pub(crate) fn to_bytes(self) -> [u8; NODE_BYTES] {
        let mut bytes = [0; NODE_BYTES];
        let parts = [
            &[self.op as u8, 0][..],
            &self.n.to_le_bytes(),
            &self.a.to_le_bytes(),
            &self.b.to_le_bytes(),
            &self.c.to_le_bytes(),
        ];
        for (to, from) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        bytes
    }
}

/// A text of the set: from, length.
pub(crate) type At = (u32, u32);

/// A policy of the set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    pub(crate) id: At,
    pub(crate) reason_en: At,
    pub(crate) reason_ja: At,
    pub(crate) advice_en: At,
    pub(crate) advice_ja: At,
    pub(crate) actions: u16,
    pub(crate) effect: u16,
    pub(crate) root: u32,
}

/// The sections of a compiled form that was found sound.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout<'b> {
    pub(crate) digest: &'b [u8],
    pub(crate) policies: &'b [u8],
    nodes: &'b [u8],
    kids: &'b [u8],
    names: &'b str,
    texts: &'b [u8],
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A sum that finds every accident: eight bytes at a time, each step reversible.
pub(crate) fn sum(bytes: &[u8]) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut sum = 0x7961_7461u64 ^ bytes.len() as u64;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        sum = (sum ^ u64::from_le_bytes(*word)).wrapping_mul(ODD).rotate_left(29);
    }
    for byte in rest {
        sum = (sum ^ u64::from(*byte)).wrapping_mul(ODD).rotate_left(29);
    }
    sum ^ sum >> 32
}

impl<'b> Layout<'b> {
    /// Reads the head, cuts the sections and checks nodes and policies.
    pub(crate) fn read(bytes: &'b [u8]) -> Result<Self, LoadError> {
        let cut = LoadError::Damaged("it is cut off");
        if bytes.first_chunk() != Some(&MAGIC) {
            return Err(LoadError::Magic);
        }
        let found = u32_at(bytes, 8).ok_or(cut.clone())?;
        if found != FORMAT {
            return Err(LoadError::Version { found, known: FORMAT });
        }
        if bytes.len() > MAX_COMPILED_BYTES {
            return Err(LoadError::Limit("bytes"));
        }
        if u32_at(bytes, LENGTH_AT).map(index) != Some(bytes.len()) {
            return Err(LoadError::Damaged("its length is not what it says"));
        }
        let summed = bytes.get(SUMMED_FROM..).ok_or(cut.clone())?;
        let told: [u8; 8] =
            bytes.get(LENGTH_AT + 4..).and_then(|rest| rest.first_chunk()).copied().ok_or(cut.clone())?;
        if u64::from_le_bytes(told) != sum(summed) {
            return Err(LoadError::Damaged("its sum is wrong"));
        }
        let mut rest = bytes.get(HEAD_BYTES..).ok_or(cut.clone())?;
        let mut section = |number: usize| -> Option<&'b [u8]> {
            let (section, after) = rest.split_at_checked(index(u32_at(bytes, 56 + 4 * number)?))?;
            rest = after;
            Some(section)
        };
        let mut next = |number| section(number).ok_or(cut.clone());
        let (policies, nodes, kids, names, texts) = (next(0)?, next(1)?, next(2)?, next(3)?, next(4)?);
        if !rest.is_empty() {
            return Err(LoadError::Damaged("it has bytes too many"));
        }
        let names = str::from_utf8(names).map_err(|_| LoadError::Damaged("a name is no text"))?;
        let digest = bytes.get(SUMMED_FROM..SUMMED_FROM + 32).ok_or(cut)?;
        let layout = Self { digest, policies, nodes, kids, names, texts };
        layout.check()?;
        Ok(layout)
    }

    fn check(&self) -> Result<(), LoadError> {
        let sizes = [(self.policies, POLICY_BYTES), (self.nodes, NODE_BYTES), (self.kids, KID_BYTES)];
        if sizes.into_iter().any(|(section, bytes)| !section.len().is_multiple_of(bytes)) {
            return Err(LoadError::Damaged("a section is no whole number of entries"));
        }
        let count = self.nodes.len() / NODE_BYTES;
        if self.policies.len() / POLICY_BYTES > MAX_POLICIES {
            return Err(LoadError::Limit("policies"));
        }
        if count > MAX_NODES {
            return Err(LoadError::Limit("nodes"));
        }
        for number in 0..count {
            let sound = u32::try_from(number).ok().and_then(|number| self.sound(number));
            sound.filter(|sound| *sound).ok_or(LoadError::Damaged("an expression is no expression"))?;
        }
        for number in 0..self.policies.len() / POLICY_BYTES {
            let policy = self.policy(number).ok_or(LoadError::Damaged("a policy is cut off"))?;
            let texts = [policy.id, policy.reason_en, policy.reason_ja, policy.advice_en, policy.advice_ja];
            let texts = texts.into_iter().all(|at| self.bytes_of_text(at).is_some());
            if !texts || index(policy.root) >= count || policy.effect > DENY || policy.id.1 == 0 {
                return Err(LoadError::Damaged("a policy names what is not there"));
            }
        }
        Ok(())
    }

    /// Whether a node names only what is there, and only nodes before it.
    fn sound(&self, number: u32) -> Option<bool> {
        let node = self.node(number)?;
        let before = |child: u32| child < number;
        Some(match node.op {
            Op::Bool => node.n <= 1,
            Op::Long | Op::Datetime | Op::Duration | Op::TraitsAny | Op::TraitsAll | Op::TraitsWithin => true,
            Op::Text => self.name(node.b, node.c).is_some(),
            Op::Entity => {
                self.name(node.b, node.c).is_some() && crate::request::Kind::ALL.get(usize::from(node.n)).is_some()
            }
            Op::Var => node.n <= 3,
            Op::And | Op::Or | Op::Set => self.kids(node.a, node.b)?.all(before),
            Op::Record => {
                let mut kids = self.kids(node.a, node.b.checked_mul(3)?)?;
                while let (Some(from), Some(length), Some(child)) = (kids.next(), kids.next(), kids.next()) {
                    if !before(child) || self.name(from, length).is_none() {
                        return Some(false);
                    }
                }
                true
            }
            Op::Not | Op::Neg | Op::IsEmpty | Op::ToDate | Op::ToTime | Op::ToMilliseconds | Op::ToSeconds => {
                before(node.a)
            }
            Op::ToMinutes | Op::ToHours | Op::ToDays => before(node.a),
            Op::Is => before(node.a) && crate::request::Kind::ALL.get(usize::from(node.n)).is_some(),
            Op::Attr | Op::Has | Op::Like => before(node.a) && self.name(node.b, node.c).is_some(),
            Op::If => before(node.a) && before(node.b) && before(node.c),
            Op::Eq | Op::Less | Op::LessEq | Op::Add | Op::Sub | Op::Mul | Op::In => before(node.a) && before(node.b),
            Op::Contains | Op::ContainsAll | Op::ContainsAny | Op::Offset | Op::DurationSince => {
                before(node.a) && before(node.b)
            }
        })
    }

    /// The node of a number.
    pub(crate) fn node(&self, number: u32) -> Option<Node> {
        let at = index(number).checked_mul(NODE_BYTES)?;
        let bytes: &[u8; NODE_BYTES] = self.nodes.get(at..)?.first_chunk()?;
        let [op, unused, n0, n1, a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3] = *bytes;
        if unused != 0 {
            return None;
        }
        Some(Node {
            op: Op::of(op)?,
            n: u16::from_le_bytes([n0, n1]),
            a: u32::from_le_bytes([a0, a1, a2, a3]),
            b: u32::from_le_bytes([b0, b1, b2, b3]),
            c: u32::from_le_bytes([c0, c1, c2, c3]),
        })
    }

    /// Some entries of the list of children.
    pub(crate) fn kids(&self, from: u32, count: u32) -> Option<impl Iterator<Item = u32> + use<'b>> {
        let from = index(from).checked_mul(KID_BYTES)?;
        let to = index(count).checked_mul(KID_BYTES)?.checked_add(from)?;
        let (kids, _) = self.kids.get(from..to)?.as_chunks::<KID_BYTES>();
        Some(kids.iter().map(|kid| u32::from_le_bytes(*kid)))
    }

    /// A name that expressions use.
    pub(crate) fn name(&self, from: u32, length: u32) -> Option<&'b str> {
        self.names.get(index(from)..index(from).checked_add(index(length))?)
    }

    fn bytes_of_text(&self, (from, length): At) -> Option<&'b [u8]> {
        self.texts.get(index(from)..index(from).checked_add(index(length))?)
    }

    /// A text that a person reads.
    pub(crate) fn text(&self, at: At) -> String {
        String::from_utf8_lossy(self.bytes_of_text(at).unwrap_or_default()).into_owned()
    }

    fn policy(&self, number: usize) -> Option<Policy> {
        let bytes = self.policies.get(number.checked_mul(POLICY_BYTES)?..)?;
        let bytes: &[u8] = bytes.get(..POLICY_BYTES)?;
        let at = |which: usize| Some((u32_at(bytes, which * 8)?, u32_at(bytes, which * 8 + 4)?));
        Some(Policy {
            id: at(0)?,
            reason_en: at(1)?,
            reason_ja: at(2)?,
            advice_en: at(3)?,
            advice_ja: at(4)?,
            actions: u16_at(bytes, 40)?,
            effect: u16_at(bytes, 42)?,
            root: u32_at(bytes, 44)?,
        })
    }

    /// Every policy, in the order of the set.
    pub(crate) fn policies(&self) -> impl Iterator<Item = Policy> + '_ {
        (0..self.policies.len() / POLICY_BYTES).filter_map(|number| self.policy(number))
    }
}
