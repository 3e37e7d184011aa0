//! Dates are days; a run goes in steps of months or days.

use std::fmt;

use bevy_ecs::prelude::Resource;
use bytemuck::{Pod, Zeroable};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A date: days since 1 January 1900. Range: 1 January 1900 to 31 May 2079, so that two bytes hold it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Pod, Zeroable)]
#[repr(transparent)]
pub struct Day(pub u16);

/// Days of an average year.
pub const DAYS_A_YEAR: f64 = 365.25;

/// Days of an average month.
pub const DAYS_A_MONTH: f64 = DAYS_A_YEAR / 12.0;

/// Days from 1 March of year 0 to 1 January 1900 in the proleptic Gregorian calendar.
const EPOCH_1900: i64 = 693_901;

impl Day {
    /// The date as year, month (1 to 12) and day of the month; `None` if there is no such date or it is out of range.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        let shifted_year = i64::from(if month <= 2 { year - 1 } else { year });
        let era = shifted_year.div_euclid(400);
        let year_of_era = shifted_year.rem_euclid(400);
        let day_of_year = (153 * (i64::from(month) + if month > 2 { -3 } else { 9 }) + 2) / 5 + i64::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        u16::try_from(era * 146_097 + day_of_era - EPOCH_1900).ok().map(Day)
    }

    /// Year, month (1 to 12) and day of the month.
    pub fn ymd(self) -> (i32, u32, u32) {
        // years begin in March here, so that the day of leap years is the last one
        let quarters = 4 * (u32::from(self.0) + EPOCH_1900 as u32) + 3;
        let (century, quarters) = (quarters / 146_097, (quarters % 146_097) | 3);
        let (year, day_of_year) = (100 * century + quarters / 1_461, quarters % 1_461 / 4);
        let fifths = 5 * day_of_year + 2;
        let (shifted_month, day) = (fifths / 153, fifths % 153 / 5 + 1);
        let after_december = shifted_month >= 10;
        let month = if after_december { shifted_month - 9 } else { shifted_month + 3 };
        ((year + u32::from(after_december)) as i32, month, day)
    }

    /// The day `days` later; saturates at the ends of the range.
    pub fn plus_days(self, days: i32) -> Self {
        Day((i32::from(self.0) + days).clamp(0, i32::from(u16::MAX)) as u16)
    }

    /// Days from `earlier` to `self`; negative when `earlier` is later.
    pub fn days_since(self, earlier: Day) -> i32 {
        i32::from(self.0) - i32::from(earlier.0)
    }

    /// The first day of the month `months` later.
    pub fn plus_months(self, months: i32) -> Self {
        let (year, month, _) = self.ymd();
        let index = year * 12 + month as i32 - 1 + months;
        Day::from_ymd(index.div_euclid(12), index.rem_euclid(12) as u32 + 1, 1).unwrap_or(Day(if months < 0 {
            0
        } else {
            u16::MAX
        }))
    }

    /// Months since January 1900, the unit in which birth months are kept.
    pub fn month_index(self) -> MonthOfYear {
        let (year, month, _) = self.ymd();
        MonthOfYear(((year - 1900) * 12 + month as i32 - 1) as i16)
    }

    /// `2025-01`, the month of this day.
    pub fn month_text(self) -> String {
        let (year, month, _) = self.ymd();
        format!("{year:04}-{month:02}")
    }

    /// Reads `2025-01-31`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
            return None;
        }
        Day::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }
}

/// Days in a month of the Gregorian calendar.
fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Day::parse(&text)
            .ok_or_else(|| D::Error::custom(format!("`{text}` is not a date; write \"2025-01-31\" (1900 to 2079)")))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A month counted from January 1900 (negative before).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Pod, Zeroable)]
#[repr(transparent)]
pub struct MonthOfYear(pub i16);

impl MonthOfYear {
    /// Whole years from `self` (a birth month) to `now`; 0 if `now` is earlier.
    pub fn years_until(self, now: MonthOfYear) -> u16 {
        ((i32::from(now.0) - i32::from(self.0)).max(0) / 12) as u16
    }
}

/// How much time one step takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum StepLength {
    /// Calendar months.
    Months(u8),
    /// Days.
    Days(u16),
}

/// The number of a step, counted from the start of the run; 0 is the first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Pod, Zeroable)]
#[repr(transparent)]
pub struct Step(pub u16);

impl Step {
    /// A step that never comes.
    pub const NEVER: Step = Step(u16::MAX);

    /// The step `steps` later; `NEVER` beyond the range.
    pub fn plus(self, steps: u32) -> Step {
        Step((u32::from(self.0).saturating_add(steps)).min(u32::from(u16::MAX)) as u16)
    }
}

/// Start date and step length: turns steps into dates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Calendar {
    /// First day of step 0.
    pub start: Day,
    /// Length of a step.
    pub length: StepLength,
}

impl Calendar {
    /// First day of `step`.
    pub fn day_of(&self, step: Step) -> Day {
        match self.length {
            StepLength::Months(n) => self.start.plus_months(i32::from(n) * i32::from(step.0)),
            StepLength::Days(n) => self.start.plus_days(i32::from(n) * i32::from(step.0)),
        }
    }

    /// Length of a step in years, the `dt` of every rate per year.
    pub fn step_years(&self) -> f64 {
        match self.length {
            StepLength::Months(n) => f64::from(n) / 12.0,
            StepLength::Days(n) => f64::from(n) / DAYS_A_YEAR,
        }
    }

    /// The first step whose first day is on or after `day`; step 0 for earlier days.
    pub fn step_from(&self, day: Day) -> Step {
        let mut step = Step(0);
        while step < Step::NEVER && self.day_of(step) < day {
            step = step.plus(1);
        }
        step
    }

    /// Steps that cover `months` months, at least one.
    pub fn steps_in_months(&self, months: u32) -> u32 {
        match self.length {
            // asked of every household that is looked at, and division is slow
            StepLength::Months(0 | 1) => months,
            StepLength::Months(n) => months.div_ceil(u32::from(n)),
            StepLength::Days(n) => (f64::from(months) * 30.4375 / f64::from(n.max(1))) as u32,
        }
        .max(1)
    }
}

/// Where the run stands. Written by one system, read by all.
#[derive(Resource, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Clock {
    /// Start and step length.
    pub calendar: Calendar,
    /// The step that runs now.
    pub step: Step,
    /// First day of this step: the date on which rules are read.
    pub today: Day,
    /// First day of the next step: stocks are counted as they stand just before it.
    pub tomorrow: Day,
    /// The calendar month of `today`: asked of every household, so kept.
    month: MonthOfYear,
}

impl Clock {
    /// A clock before its first step.
    pub fn new(calendar: Calendar) -> Self {
        let (today, tomorrow) = (calendar.day_of(Step(0)), calendar.day_of(Step(1)));
        Clock { calendar, step: Step(0), today, tomorrow, month: today.month_index() }
    }

    /// Moves to the next step.
    pub fn advance(&mut self) {
        self.step = self.step.plus(1);
        self.today = self.calendar.day_of(self.step);
        self.month = self.today.month_index();
        self.tomorrow = self.calendar.day_of(self.step.plus(1));
    }

    /// The calendar month of this step.
    pub fn month(&self) -> MonthOfYear {
        self.month
    }

    /// True in the first step of a calendar year.
    pub fn year_begins(&self) -> bool {
        self.today.ymd().0 != self.today.plus_days(self.today.days_since(self.tomorrow)).ymd().0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_the_range_survives_the_round_trip() {
        for day in 0..=u16::MAX {
            let (y, m, d) = Day(day).ymd();
            assert_eq!(Day::from_ymd(y, m, d), Some(Day(day)));
        }
        assert_eq!(Day(0).to_string(), "1900-01-01");
        assert_eq!(Day::parse("2025-01-01").unwrap().days_since(Day::parse("2024-01-01").unwrap()), 366);
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for text in ["2025-02-29", "2025-13-01", "2025-00-10", "25-01-01", "2025-1-1", "2100-01-01", "x"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn fourteen_weeks_are_ninety_eight_days_whatever_the_step() {
        let permit = Day::parse("2026-03-20").unwrap();
        assert_eq!(permit.plus_days(98).to_string(), "2026-06-26");
    }

    #[test]
    fn steps_of_months_land_on_first_days_and_steps_of_days_do_not_drift() {
        let start = Day::parse("2025-01-01").unwrap();
        let months = Calendar { start, length: StepLength::Months(1) };
        assert_eq!(months.day_of(Step(18)).to_string(), "2026-07-01");
        assert_eq!(months.step_from(Day::parse("2026-07-01").unwrap()), Step(18));
        let weeks = Calendar { start, length: StepLength::Days(7) };
        assert_eq!(weeks.day_of(Step(52)).days_since(start), 364);
    }

    #[test]
    fn a_year_begins_in_january_only() {
        let calendar = Calendar { start: Day::parse("2025-01-01").unwrap(), length: StepLength::Months(1) };
        let mut clock = Clock::new(calendar);
        let mut begins = Vec::new();
        for _ in 0..24 {
            begins.push(clock.year_begins());
            clock.advance();
        }
        let steps: Vec<usize> = (0..24).filter(|&i| begins[i]).collect();
        assert_eq!(steps, [0, 12]);
    }
}
