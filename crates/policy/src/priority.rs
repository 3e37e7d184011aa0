//! Voorrang en urgentie voor statushouders (priority and urgency of status holders): the regimes, each its own rule.
//!
//! Free choice, obligatory urgency, ban with and without exceptions, no urgency on any ground, the conditional ban, which
//! is a ban whose first day is set by a condition instead of a date, and the choice of the municipality. Priority
//! (voorrang) is to be served before others as a group; an urgency statement (urgentieverklaring) is individual.

use doorstroom_kernel::Day;
use doorstroom_state::household::UrgencyGround;
use doorstroom_state::regime::RegimeState;
use serde::{Deserialize, Serialize};

use crate::condition::Condition;

/// Regime voor statushouders: what a municipality may, must or must not do for status holders as such.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum StatusRegime {
    /// Vrije keuze van middelen: a duty to house, free choice of means. Huisvestingswet 2014 since 1 July 2017.
    FreeChoice,
    /// Verplichte urgentiecategorie: a by-law with urgency must list status holders. Before 1 July 2017
    /// (Huisvestingswet 2014 art. 12; bill 34454).
    ObligatoryUrgency,
    /// Verbod op voorrang: nobody goes first because of the status. Bill 36831 (2025, withdrawn 20 March 2026).
    Banned {
        /// For whom it does not hold yet.
        #[serde(default)]
        except: Vec<Exception>,
        /// Which municipalities it touches.
        #[serde(default)]
        scope: BanScope,
        /// Whether flex homes, flow-through locations (doorstroomlocaties) and other interim homes may still be reserved
        /// for the group: false in the consultation version of February 2025, true (the default) in the bill of July 2025.
        #[serde(default = "yes")]
        dsl_exempt: bool,
    },
    /// Voorwaardelijk verbod: a ban while a condition holds, off while it does not. Letter of 20 March 2026.
    ConditionalBan {
        /// What has to be enough.
        when: Condition,
        /// Months in a row for which it has to be.
        for_months: u8,
        /// Ratio beyond which the ban goes out of force again.
        until: f64,
        /// As of [`StatusRegime::Banned`]; days count from the day on which the condition was met.
        #[serde(default)]
        except: Vec<Exception>,
        /// As of [`StatusRegime::Banned`].
        #[serde(default)]
        scope: BanScope,
        /// As of [`StatusRegime::Banned`].
        #[serde(default = "yes")]
        dsl_exempt: bool,
    },
    /// Keuze van de gemeente: some municipalities with urgency in a by-law have dropped status holders, 4 % of them in
    /// 2022 (Companen); there nobody goes first because of the status. That these stop direct mediation as well is this
    /// model's reading, and the most it can mean. All others choose freely.
    MunicipalChoice {
        /// Share of municipalities with a by-law that stop, 0 to 1.
        stopping: f64,
    },
    /// Amendement-Mooiman: no holder of a residence permit gets urgency on any ground, medical and renewal included.
    /// A disadvantage, not equal footing. Adopted by the House on 3 July 2025 (Wet versterking regie).
    NoUrgencyOnAnyGround,
}

static FREE: StatusRegime = StatusRegime::FreeChoice;
static STOPPED: StatusRegime = StatusRegime::Banned { except: Vec::new(), scope: BanScope::All, dsl_exempt: true };

impl StatusRegime {
    /// The regime as it holds in one municipality: its own choice where it has one. `unit` is a fixed trait of the
    /// municipality, evenly spread from 0 to 1.
    pub fn in_municipality(&self, unit: f64, has_regulation: bool) -> &StatusRegime {
        match self {
            StatusRegime::MunicipalChoice { stopping } if has_regulation && unit < *stopping => &STOPPED,
            StatusRegime::MunicipalChoice { .. } => &FREE,
            regime => regime,
        }
    }

    /// First day of the regime in force: that of its date, or of its condition; none in sight while that is not met.
    pub fn first_day(&self, dated: Day, state: &RegimeState) -> Day {
        match self {
            StatusRegime::ConditionalBan { .. } if state.on => state.since,
            StatusRegime::ConditionalBan { .. } => Day(u16::MAX),
            _ => dated,
        }
    }
}

fn yes() -> bool {
    true
}

/// Uitzondering: for whom, and how long, a ban does not hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Exception {
    /// Alleenstaanden en alleengaanden in onzelfstandige woonruimte: singles, and those who await their family, in
    /// shared homes.
    SinglesInSharedHomes {
        /// Days from the first day of the ban; the day after the last of them is banned again.
        for_days: u16,
    },
}

/// Reikwijdte: which municipalities a ban touches.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum BanScope {
    /// All, direct mediation (directe bemiddeling) included.
    #[default]
    All,
    /// Only those with urgency in a housing by-law (huisvestingsverordening): about half.
    OrdinanceOnly,
    /// Only these, by code: `Only(["GM0363"])`. No bill says so; it is the question what one municipality brings about.
    Only(Vec<MunicipalityCode>),
}

/// Gemeentecode, written `GM0363`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MunicipalityCode(pub u16);

impl TryFrom<String> for MunicipalityCode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.strip_prefix("GM").filter(|digits| digits.len() == 4);
        let number = digits.and_then(|digits| digits.parse().ok());
        number.map(MunicipalityCode).ok_or_else(|| format!("{text:?} is no municipality; write GM and four digits"))
    }
}

impl From<MunicipalityCode> for String {
    fn from(code: MunicipalityCode) -> String {
        format!("GM{:04}", code.0)
    }
}

/// What holds where a ban does not reach.
static ELSEWHERE: StatusRegime = StatusRegime::FreeChoice;

impl StatusRegime {
    /// The municipalities to which a ban is narrowed; `None` where it is not.
    pub fn only(&self) -> Option<&[MunicipalityCode]> {
        match self {
            StatusRegime::Banned { scope: BanScope::Only(codes), .. }
            | StatusRegime::ConditionalBan { scope: BanScope::Only(codes), .. } => Some(codes),
            _ => None,
        }
    }

    /// The regime as it holds in the municipality of this code: free choice where a ban for certain ones leaves it out.
    pub fn reaching(&self, code: u16) -> &StatusRegime {
        match self.only() {
            Some(codes) if !codes.contains(&MunicipalityCode(code)) => &ELSEWHERE,
            _ => self,
        }
    }
}

/// Kandidaat: a household with refugee status (statushouder), as far as the regimes look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StatusApplicant {
    /// Alleenstaand: one person, nobody to follow.
    pub single: bool,
    /// Alleengaand: one person here, whose family is awaited.
    pub awaiting_family: bool,
}

/// Aangeboden woonruimte: what is to be earmarked, as far as the regimes look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HomeOffered {
    /// Onzelfstandig: a room in a shared home.
    pub shared: bool,
    /// Flexwoning: its subsidy keeps a reservation of 30 % for the group under every regime.
    pub flex: bool,
    /// Doorstroomlocatie, opstartwoning: an interim home between reception and a regular one.
    pub interim: bool,
    /// Nieuwbouw: a corporation dwelling let for the first time. The ban holds for it as for an existing one.
    pub new_corporation: bool,
}

impl HomeOffered {
    /// A self-contained dwelling of the existing stock.
    pub const REGULAR: HomeOffered = HomeOffered { shared: false, flex: false, interim: false, new_corporation: false };
    /// A shared home in it.
    pub const SHARED: HomeOffered = HomeOffered { shared: true, ..HomeOffered::REGULAR };
}

/// Toewijzen op grond van de status: may a home be kept for, or directly offered to, a status holder as such?
///
/// `in_force_since` is the first day of the regime, `today` the day of the offer; offers made before that day stand,
/// and a regime whose first day is yet to come forbids nothing.  `municipality_has_regulation`: its by-law has urgency.
/// Under a ban the quota, linking to a municipality and urgency on other grounds go on ([`may_hold_urgency`]).
///
/// Source: letters on bill 36831 of February and July 2025. That no urgency on any ground also closes earmarking of
/// corporation dwellings, in every municipality and without exception, is this model's reading: who must stand behind
/// all others cannot be served first by another channel.
pub fn may_earmark(
    regime: &StatusRegime,
    in_force_since: Day,
    today: Day,
    applicant: &StatusApplicant,
    home: HomeOffered,
    municipality_has_regulation: bool,
) -> bool {
    if today < in_force_since {
        return true;
    }
    match regime {
        // a municipality that stops has its own regime: `in_municipality`
        StatusRegime::FreeChoice | StatusRegime::ObligatoryUrgency | StatusRegime::MunicipalChoice { .. } => true,
        StatusRegime::NoUrgencyOnAnyGround => home.interim || home.flex,
        StatusRegime::Banned { except, scope, dsl_exempt }
        | StatusRegime::ConditionalBan { except, scope, dsl_exempt, .. } => {
            if home.interim || home.flex {
                return *dsl_exempt;
            }
            let untouched = *scope == BanScope::OrdinanceOnly && !municipality_has_regulation;
            untouched || except.iter().any(|exception| exception.holds(in_force_since, today, applicant, home))
        }
    }
}

impl Exception {
    fn holds(&self, in_force_since: Day, today: Day, applicant: &StatusApplicant, home: HomeOffered) -> bool {
        match *self {
            Exception::SinglesInSharedHomes { for_days } => {
                home.shared
                    && (applicant.single || applicant.awaiting_family)
                    && today.days_since(in_force_since) < i32::from(for_days)
            }
        }
    }
}

/// Verplichte urgentie: must a municipality list a status holder as urgent because of the status? Only where its
/// by-law has urgency at all, which about half of municipalities did.
pub fn must_list_as_urgent(regime: &StatusRegime, municipality_has_regulation: bool) -> bool {
    *regime == StatusRegime::ObligatoryUrgency && municipality_has_regulation
}

/// Urgentieverklaring: may a household hold an urgency statement on `ground`, which is never the status itself?
///
/// `permit_alien`: the household holds a residence permit of a non-EU national, however long ago it was granted. Only
/// [`StatusRegime::NoUrgencyOnAnyGround`] refuses; under a ban medical and renewal urgency stay open to everybody.
pub fn may_hold_urgency(regime: &StatusRegime, permit_alien: bool, ground: UrgencyGround) -> bool {
    ground != UrgencyGround::None && !(permit_alien && *regime == StatusRegime::NoUrgencyOnAnyGround)
}

/// Lopende urgentie (running statement): does a statement given before the regime still hold today?
///
/// What a regime forbids to give, it ends, `statement_days` days after its first day. 0 is immediate effect, which Dutch
/// law has where it names no transition.
pub fn statement_stands(
    regime: &StatusRegime,
    in_force_since: Day,
    today: Day,
    permit_alien: bool,
    ground: UrgencyGround,
    statement_days: f64,
) -> bool {
    may_hold_urgency(regime, permit_alien, ground)
        || today < in_force_since
        || f64::from(today.days_since(in_force_since)) < statement_days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ban_for_certain_municipalities_leaves_the_others_free() {
        let only = "scope: Only([\"GM0363\", \"GM0003\"])";
        let conditional = format!("ConditionalBan(when: Overdue(at_most: 1), for_months: 1, until: 2, {only})");
        for text in [format!("Banned({only})"), conditional] {
            let ban: StatusRegime = ron::from_str(&text).unwrap();
            assert_eq!(*ban.reaching(363), ban);
            assert_eq!(*ban.reaching(364), StatusRegime::FreeChoice);
            assert_eq!(ron::from_str::<StatusRegime>(&ron::to_string(&ban).unwrap()).unwrap(), ban);
        }
        for wrong in ["0363", "GM363", "GM03x3", "CR0363"] {
            assert!(ron::from_str::<StatusRegime>(&format!("Banned(scope: Only([\"{wrong}\"]))")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_misspelt_field_of_a_regime_is_refused_and_a_regime_survives_writing_and_reading() {
        let regime = |text: &str| ron::from_str::<StatusRegime>(text);
        for wrong in ["Banned(exept: [])", "Banned(except: [SinglesInSharedHomes(days: 365)])", "Ban(except: [])"] {
            assert!(regime(wrong).is_err(), "{wrong}");
        }
        let ban = StatusRegime::Banned {
            except: vec![Exception::SinglesInSharedHomes { for_days: 365 }],
            scope: BanScope::OrdinanceOnly,
            dsl_exempt: true,
        };
        assert_eq!(regime(&ron::to_string(&ban).unwrap()).unwrap(), ban);
    }
}
