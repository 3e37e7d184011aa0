//! How tight a regional market is: assumption A3, not a published figure.
//!
//! Regions are ranked by a score: WOZ value per m2, times the square root of the social-housing pressure (households
//! outside owner-occupied dwellings per corporation dwelling). The ranking is then cut in two places so that estimated
//! lettings come as near as possible to the assumed split over tight, middle and relaxed markets.

/// A class of markets and what is assumed of it.
pub struct Class {
    /// Its name in the tables.
    pub name: &'static str,
    /// Re-lettings per corporation dwelling a year.
    pub turnover_per_year: f64,
    /// The share of the country's re-lettings it should hold.
    pub share_of_lettings: f64,
}

/// The classes from the tightest on.
pub const CLASSES: [Class; 3] = [
    Class { name: "tight", turnover_per_year: 0.045, share_of_lettings: 0.25 },
    Class { name: "middle", turnover_per_year: 0.065, share_of_lettings: 0.45 },
    Class { name: "relaxed", turnover_per_year: 0.085, share_of_lettings: 0.30 },
];

/// What the classification needs to know of a region.
#[derive(Clone, Copy)]
pub struct Market {
    /// Mean WOZ value, euro per m2.
    pub woz_per_m2_eur: f64,
    /// Households that do not live in an owner-occupied dwelling.
    pub households_not_owning: f64,
    /// Dwellings of housing corporations.
    pub corporation_dwellings: f64,
}

impl Market {
    fn score(self) -> f64 {
        self.woz_per_m2_eur * (self.households_not_owning / self.corporation_dwellings).sqrt()
    }
}

/// The class of every market, in the order given.
pub fn classify(markets: &[Market]) -> Vec<&'static str> {
    let mut ranked: Vec<usize> = (0..markets.len()).collect();
    ranked.sort_by(|&a, &b| markets[b].score().total_cmp(&markets[a].score()).then(a.cmp(&b)));
    let stock: Vec<f64> = ranked.iter().map(|&index| markets[index].corporation_dwellings).collect();
    let (tight, not_relaxed) = best_cuts(&stock);
    let mut classes = vec![CLASSES[1].name; markets.len()];
    for (rank, &index) in ranked.iter().enumerate() {
        if rank < tight {
            classes[index] = CLASSES[0].name;
        } else if rank >= not_relaxed {
            classes[index] = CLASSES[2].name;
        }
    }
    classes
}

/// The two cuts in a ranked list of stocks that bring the split of lettings nearest (least squares) to the assumed one.
fn best_cuts(stock: &[f64]) -> (usize, usize) {
    let count = stock.len();
    let cuts = (0..=count).flat_map(|first| (first..=count).map(move |second| (first, second)));
    cuts.min_by(|&one, &other| distance(stock, one).total_cmp(&distance(stock, other)))
        .expect("there is at least the empty cut")
}

fn distance(stock: &[f64], (first, second): (usize, usize)) -> f64 {
    let parts = [&stock[..first], &stock[first..second], &stock[second..]];
    let mut lettings = [0.0; CLASSES.len()];
    for (at, part) in parts.iter().enumerate() {
        lettings[at] = part.iter().sum::<f64>() * CLASSES[at].turnover_per_year;
    }
    let all: f64 = lettings.iter().sum();
    let gap = |(part, class): (&f64, &Class)| part / all - class.share_of_lettings;
    lettings.iter().zip(&CLASSES).map(|pair| gap(pair) * gap(pair)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dear_regions_are_tight_and_cheap_ones_relaxed() {
        let markets = [1000.0, 2000.0, 3000.0, 4000.0, 5000.0].map(|woz_per_m2_eur| Market {
            woz_per_m2_eur,
            households_not_owning: 200.0,
            corporation_dwellings: 100.0,
        });
        // with equal stocks, one of two relaxed, two of two tight and the rest in between come nearest
        assert_eq!(classify(&markets), ["relaxed", "middle", "middle", "tight", "tight"]);
    }

    #[test]
    fn pressure_breaks_a_tie_in_value() {
        let market = |households_not_owning| Market {
            woz_per_m2_eur: 3000.0,
            households_not_owning,
            corporation_dwellings: 100.0,
        };
        let classes = classify(&[market(100.0), market(400.0), market(200.0)]);
        assert_eq!(classes, ["relaxed", "tight", "middle"]);
    }
}
