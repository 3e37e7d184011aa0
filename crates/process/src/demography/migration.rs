//! Arrivals from abroad and out of institutions: streams by inversion, so that more of them renames nobody.

use bevy_ecs::prelude::*;
use doorstroom_kernel::chance::Luck;
use doorstroom_kernel::{MonthOfYear, Purpose, Threshold};
use doorstroom_state::columns::Columns;
use doorstroom_state::due::{Due, NextLooks};
use doorstroom_state::household::{Home, HomeKind, Means, Need, Seeker, Wish};
use doorstroom_state::members::{Members, Person, Role};
use doorstroom_state::municipality::{CITY, Municipality};
use doorstroom_state::name::{Kin, KinName};
use doorstroom_state::newcomer::{Newcomer, Newcomers};
use doorstroom_state::{Ledger, SeekerGroup};

use super::income::IncomeShares;
use crate::rulebook::Setting;

const ARRIVALS: Purpose = Purpose::named("number of arrivals of a stream");
const ARRIVAL: Purpose = Purpose::named("make-up of an arriving household");

/// A stream of households that come from outside.
struct Stream {
    word: &'static str,
    /// Households a year in the whole country.
    a_year: f64,
    need: Need,
    kind: HomeKind,
    wants_rent: bool,
}

/// Lets the arrivals of this step come, in every municipality its own streams.
pub fn arrive(
    setting: Setting,
    mut municipalities: Query<&mut Municipality>,
    mut newcomers: ResMut<Newcomers>,
    mut ledger: ResMut<Ledger>,
) {
    let Some(municipalities) = municipalities.columns() else { return };
    let rules = &setting.rulebook.rules;
    let (d, r) = (&rules.demography, &rules.registration);
    let shares = IncomeShares::new(d);
    let adult_households: f64 = {
        let kinds = d.immigrant_shares.now();
        kinds[0] + kinds[1] / 2.0 + kinds[2]
    };
    let immigrants = d.immigrants.get() * d.immigrant_adults.get() * adult_households;
    let streams = [
        Stream { word: "immigrant", a_year: immigrants, need: Need::None, kind: HomeKind::Other, wants_rent: true },
        Stream {
            word: "out of an institution",
            a_year: r.needs_institution.get(),
            need: Need::Institution,
            kind: HomeKind::Shelter,
            wants_rent: false,
        },
        Stream {
            word: "back from abroad",
            a_year: r.needs_abroad.get(),
            need: Need::Abroad,
            kind: HomeKind::WithKin,
            wants_rent: false,
        },
    ];
    let to_cities = d.immigrant_urban.get();
    let inhabitants = |m: &Municipality| f64::from(m.inhabitants);
    let weight = |m: &Municipality| inhabitants(m) * if m.urbanity <= CITY { to_cities } else { 1.0 };
    let total: f64 = match setting.gazetteer.part_of {
        None => municipalities.iter().map(weight).sum(),
        // inhabitants of a part have as many cities to compete with as those of the country
        Some(part) => municipalities.iter().map(inhabitants).sum::<f64>() * (1.0 + (to_cities - 1.0) * part.in_cities),
    };
    for (slot, municipality) in municipalities.iter().enumerate() {
        for stream in &streams {
            let mean = setting.per_step(stream.a_year) * weight(municipality) / total;
            let place = u64::from(municipality.code) << 8 | stream.need as u64;
            let count = setting.chance.luck(ARRIVALS, place, setting.clock.step).poisson(mean);
            for ordinal in 0..count {
                let name = KinName::arrival(stream.word, u32::from(municipality.code), setting.clock.step.0, ordinal);
                let newcomer = arrival(name, stream, slot as u16, municipality.region, &setting, &shares);
                ledger.life.persons_in += newcomer.members.count() as u32;
                ledger.life.immigrated += u32::from(stream.need == Need::None);
                ledger.life.needs += u32::from(stream.need != Need::None);
                newcomers.0.push(newcomer);
            }
        }
    }
}

fn arrival(
    name: KinName,
    stream: &Stream,
    municipality: u16,
    region: u8,
    setting: &Setting<'_>,
    shares: &IncomeShares,
) -> Newcomer {
    let rules = &setting.rulebook.rules;
    let mut luck = setting.chance.luck(ARRIVAL, name.0, setting.clock.step);
    let members = persons(stream, setting, &mut luck);
    let age = members.head_age(setting.clock.month());
    let lodging = luck.pick(rules.demography.immigrant_lodging.now());
    let kind = match (stream.need, lodging) {
        (Need::None, Some(0)) => HomeKind::WithKin,
        (Need::None, Some(1)) => HomeKind::Sublet,
        _ => stream.kind,
    };
    let stays_short = stream.need == Need::None && luck.strikes(Threshold::of(rules.demography.short_stay_share.get()));
    let wants_rent = stream.wants_rent && luck.strikes(Threshold::of(rules.market.rent_at_start.get()));
    let mut seeker = Seeker::default();
    if wants_rent {
        seeker.wish = Wish::Rent;
        seeker.wish_until = setting.clock.step.plus(setting.steps(rules.market.wish_months.get()));
    }
    if stream.need != Need::None {
        seeker.come_into_need(stream.need, setting.clock.today, setting.moment().needs_end);
        seeker.group = SeekerGroup::ShortNotice;
    }
    let look = Due::redraw(setting.clock.step.plus(1));
    Newcomer {
        kin: Kin { name, retired: KinName::NOBODY },
        members,
        means: Means {
            income_class: if stream.need == Need::Institution { 1 } else { shares.draw(age, &mut luck) },
            position: luck.below(256) as u8,
            income_month: luck.below(12) as u8,
            origin_region: region,
            flags: match stream.need {
                Need::Institution => Means::CARE_LEAVER,
                _ if stays_short => Means::SHORT_STAY,
                _ => 0,
            },
            ..Means::default()
        },
        seeker,
        home: Home { since: setting.clock.today, municipality, kind, ..Home::default() },
        rows: Vec::new(),
        next: NextLooks { demography: look, registration: Due::redraw(setting.clock.step), sharing: look },
    }
}

/// Who arrives; partners are within three years of each other (assumption A186).
fn persons(stream: &Stream, setting: &Setting<'_>, luck: &mut Luck) -> Members {
    let now = setting.clock.month();
    let rules = &setting.rulebook.rules.demography;
    let ages = rules.immigrant_age.now();
    let weights: Vec<f64> = ages.0.iter().map(|&(_, weight)| weight).collect();
    let draw_age = |luck: &mut Luck| luck.pick(&weights).map_or(27, |i| ages.0[i].0);
    let born = |age: u16, luck: &mut Luck| MonthOfYear(now.0 - (age as i16) * 12 - luck.below(12) as i16);
    let age = draw_age(luck).max(18);
    let head = Person { born: born(age, luck), female: luck.bits() & 1 == 1, role: Role::Head };
    let mut persons = vec![head];
    let kinds = rules.immigrant_shares.now();
    // shares are of adults: a couple takes two of them
    let kind =
        if stream.need == Need::Institution { Some(0) } else { luck.pick(&[kinds[0], kinds[1] / 2.0, kinds[2]]) };
    if kind == Some(1) {
        let partner_age = (i32::from(age) + luck.below(7) as i32 - 3).max(18) as u16;
        persons.push(Person { born: born(partner_age, luck), female: !head.female, role: Role::Partner });
    }
    if kind != Some(0) {
        let adults = rules.immigrant_adults.get();
        let children_mean = (1.0 - adults) / adults / (kinds[1] / 2.0 + kinds[2]).max(0.01);
        for _ in 0..luck.poisson(children_mean).min(6) {
            let child_age = luck.below(u64::from((age.saturating_sub(17)).clamp(1, 17))) as u16;
            persons.push(Person { born: born(child_age, luck), female: luck.bits() & 1 == 1, role: Role::Child });
        }
    }
    Members::of(&persons).0
}
