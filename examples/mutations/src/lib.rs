//! Datagrams that no honest peer sends, the same ones in each run: for tests that show that none of them makes a program
//! panic.

/// A small generator of numbers: SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// `count` datagrams: every tenth is noise, the others are one of `samples` with a few bytes changed, cut or added.
///
/// # Panics
/// Without samples.
pub fn mutations(samples: &[&[u8]], count: usize) -> impl Iterator<Item = Vec<u8>> {
    assert!(!samples.is_empty(), "something to change");
    let mut random = Random(count as u64);
    (0..count).map(move |n| {
        if n % 10 == 0 {
            let length = random.below(600);
            return (0..length).map(|_| random.next() as u8).collect();
        }
        let mut bytes = samples[random.below(samples.len())].to_vec();
        for _ in 0..=random.below(4) {
            mutate(&mut bytes, &mut random);
        }
        bytes
    })
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len());
    // The values at the edges of lengths, counts and signs are the likeliest to be forgotten.
    let edge = [0, 1, 0x3f, 0x7f, 0x80, 0xc0, 0xff][random.below(7)];
    match (random.below(6), bytes.get_mut(at)) {
        (0, Some(byte)) => *byte = random.next() as u8,
        (1, Some(byte)) => *byte = edge,
        (2, Some(byte)) => *byte ^= 1 << random.below(8),
        (3, _) => bytes.truncate(at),
        (4, _) => bytes.insert(at, edge),
        (_, _) => {
            let end = at + random.below(bytes.len() - at + 1);
            bytes.extend_from_within(at..end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_the_same_in_each_run_and_differ_from_one_another() {
        let made: Vec<_> = mutations(&[b"one", b"another"], 1000).collect();
        assert!(mutations(&[b"one", b"another"], 1000).eq(made.clone()));
        let distinct: std::collections::BTreeSet<_> = made.iter().collect();
        assert!(distinct.len() > 700, "{}", distinct.len());
    }
}
