//! Medians and how far they can be trusted.

/// A median with its quartiles.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

impl Summary {
    /// None of nothing.
    pub fn of(mut values: Vec<f64>) -> Option<Summary> {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| {
            // Between the two that are nearest.
            let place = share * (values.len() - 1) as f64;
            let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
            below + (above - below) * place.fract()
        };
        (!values.is_empty()).then(|| Summary {
            low: at(0.25),
            median: at(0.5),
            high: at(0.75),
        })
    }

    /// The distance of the quartiles, as a share of the median.
    pub fn spread(&self) -> f64 {
        (self.high - self.low) / self.median
    }

    /// More than this, and the median says little.
    pub fn is_noisy(&self) -> bool {
        self.spread() > 0.15
    }
}

#[cfg(test)]
mod tests {
    use super::Summary;

    #[test]
    fn quartiles_lie_between_neighbours() {
        let summary = Summary::of(vec![4.0, 1.0, 3.0, 2.0]).unwrap();
        assert_eq!((summary.low, summary.median, summary.high), (1.75, 2.5, 3.25));
        assert!(Summary::of(vec![]).is_none());
    }
}
