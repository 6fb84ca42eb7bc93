//! How many connections one address may hold, so that one sender does not take the places of all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::origin::network;

/// How many connections each address, or network, holds.
type Taken = Arc<Mutex<HashMap<String, usize>>>;

/// Who holds how many connections.
#[derive(Debug, Clone)]
pub(crate) struct Seats {
    most: usize,
    free: Arc<[IpAddr]>,
    taken: Taken,
}

/// A connection that is counted until it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    of: Option<(String, Taken)>,
}

impl Seats {
    /// At most so many of one address (of IPv6: of one network of 64 bits); `free` are not counted.
    pub(crate) fn new(most: usize, free: &[IpAddr]) -> Self {
        Seats { most, free: free.iter().map(IpAddr::to_canonical).collect(), taken: Arc::default() }
    }

    /// A seat; `None` where the address has as many as it may have.
    pub(crate) fn take(&self, address: IpAddr) -> Option<Seat> {
        let address = address.to_canonical();
        if self.free.contains(&address) {
            return Some(Seat { of: None });
        }
        let key = network(&address.to_string());
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(key.clone()).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Seat { of: Some((key, Arc::clone(&self.taken))) })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some((key, taken)) = self.of.take() else { return };
        let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_take_all_places() {
        let proxy: IpAddr = "192.0.2.1".parse().unwrap();
        let seats = Seats::new(2, &[proxy]);
        let of = |address: &str| seats.take(address.parse().unwrap());
        let held: Vec<Option<Seat>> =
            vec![of("192.0.2.9"), of("::ffff:192.0.2.9"), of("2001:db8::1"), of("2001:db8::2")];
        assert!(held.iter().all(Option::is_some));
        assert!(of("192.0.2.9").is_none() && of("2001:db8::3").is_none());
        assert!(of("192.0.2.10").is_some() && of("2001:db8:0:1::1").is_some());
        let through: Vec<_> = (0..9).map(|_| of("192.0.2.1")).collect();
        assert!(through.iter().all(Option::is_some), "a proxy of the operator's speaks for many");
        drop(held);
        assert!(of("192.0.2.9").is_some(), "given back");
        drop(through);
        assert!(seats.taken.lock().unwrap().is_empty(), "nothing is left behind");
    }
}
