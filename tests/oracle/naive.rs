//! The allocation of one step as the rules say it (worlds/MODEL.md M2, M8, M10, M12, 7.2), deliberately naive: every
//! question is a loop over everybody and everything, every ranking a full sort. It shares with the engine only what
//! the state is and the addresses of chance.

use std::collections::BTreeSet;

use doorstroom_kernel::chance::join;
use doorstroom_kernel::gamma::GammaQuantiles;
use doorstroom_kernel::{Purpose, Threshold};
use doorstroom_policy::rules::AllocationRules;
use doorstroom_policy::scheme::{Channel, Reservation, Scheme};
use doorstroom_state::dwelling::{DwellingForm, Tenure};
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{HomeKind, Means, Need, UrgencyGround};
use doorstroom_state::ledger::{AdvertFlows, Channel as Way, Ground, SearchFlows};
use doorstroom_state::members::Role;
use doorstroom_state::name::KinName;
use doorstroom_state::registration::{Registration, RowState};
use doorstroom_state::vacancy::Vacancy;
use doorstroom_world::population::Population;

use crate::outcome::{After, Let, Outcome};
use crate::town::Town;
use crate::{earmark, fit};

const CHANNEL: Purpose = Purpose::named("channel of a vacancy");
const ACCEPT_DIRECT: Purpose = Purpose::named("acceptance of a direct offer");
const ACCEPT: Purpose = Purpose::named("acceptance of an advertised dwelling");
const LOCAL: Purpose = Purpose::named("local binding of an advert");
const LOT: Purpose = Purpose::named("lot of a candidate");
const REACT: Purpose = Purpose::named("reactions of a registration");
const RESERVED: Purpose = Purpose::named("which adverts fall to a reserved share");

/// Points that every advert has on the ring of reactions.
const POINTS: u64 = 6;

/// For whom a vacancy is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Drawn {
    Urgent,
    Renewal,
    Care,
    OtherDirect,
    Lottery,
    Advertised,
}

/// A dwelling offered to those who react.
struct Advert {
    vacancy: Vacancy,
    drawn: Drawn,
    residents_first: bool,
    /// Groups of the reserved share to which it falls.
    kept_for: Option<Vec<String>>,
}

/// The state of the phase so far.
pub struct Naive<'a> {
    /// The town as it stood.
    pub town: &'a Town,
    /// The town as it stands.
    pub now: Population,
    /// Vacancies on offer, by name.
    pub on_offer: Vec<Vacancy>,
    /// Dwellings let.
    pub gone: BTreeSet<KinName>,
    /// Households housed.
    pub housed: BTreeSet<KinName>,
    /// What came of it.
    pub out: Outcome,
    quantiles: GammaQuantiles,
}

/// The outcome by the rules.
pub fn allocate(town: &Town) -> Outcome {
    let markets = town.population.regions.len();
    let mut on_offer = town.population.vacancies.dwellings[Tenure::Corporation as usize].clone();
    on_offer.retain(|vacancy| vacancy.from <= town.step);
    on_offer.sort_by_key(|vacancy| vacancy.name);
    let out = Outcome {
        search: vec![[SearchFlows::default(); 6]; markets],
        adverts: vec![AdvertFlows::default(); markets],
        ..Outcome::default()
    };
    let (gone, housed) = (BTreeSet::new(), BTreeSet::new());
    let mut quantiles = GammaQuantiles::default();
    quantiles.prepare(town.rules.allocation.reactions_shape.get());
    let mut naive = Naive { town, now: town.population.clone(), on_offer, gone, housed, out, quantiles };
    earmark::house_status_holders(&mut naive);
    earmark::fill_interim_places(&mut naive);
    naive.mediate();
    naive.advertise();
    naive.outcome()
}

impl Naive<'_> {
    fn rules(&self) -> &AllocationRules {
        &self.town.rules.allocation
    }

    /// True with the chance `share`, for `name` towards `other`.
    pub fn accepts(&self, purpose: Purpose, name: KinName, other: KinName, share: f64) -> bool {
        self.town.chance.luck_with(purpose, name.0, other.0, self.town.step).strikes(Threshold::of(share))
    }

    /// The market of a municipality.
    pub fn market_of(&self, municipality: u16) -> usize {
        usize::from(self.now.gazetteer.region_of[usize::from(municipality)])
    }

    /// What is counted of the household's search in a market.
    pub fn flows(&mut self, market: usize, household: usize) -> &mut SearchFlows {
        &mut self.out.search[market][self.now.seekers[household].group as usize]
    }

    /// Fit is hard: rooms from the need to two more, rent classes by income and size.
    pub fn fits(&self, household: usize, vacancy: &Vacancy) -> bool {
        let (members, dwelling) = (&self.now.members[household], &self.now.dwellings[vacancy.dwelling as usize]);
        let income = fit::income(&self.now.means[household]);
        fit::rooms_fit(fit::rooms_needed(members, self.town.today.month_index()), dwelling.rooms)
            && fit::rent_fits(self.rules(), members.count(), income, dwelling.rent_class)
    }

    /// What stood empty for two steps is let to anybody for whom it is large enough.
    fn fits_advert(&self, household: usize, vacancy: &Vacancy) -> bool {
        let dwelling = &self.now.dwellings[vacancy.dwelling as usize];
        if self.is_long_empty(vacancy) {
            let needed = fit::rooms_needed(&self.now.members[household], self.town.today.month_index());
            return fit::is_large_enough(needed, dwelling.rooms);
        }
        self.fits(household, vacancy)
    }

    fn is_long_empty(&self, vacancy: &Vacancy) -> bool {
        self.now.dwellings[vacancy.dwelling as usize].vacant_since.0 + 2 <= self.town.step.0
    }

    /// The oldest searching registration of the household in a market.
    pub fn oldest_row(&self, household: usize, market: usize) -> Option<(KinName, i32)> {
        let mut rows: Vec<&Registration> = self.now.register.rows.iter().collect();
        rows.retain(|row| row.state == RowState::Searching);
        rows.retain(|row| row.holder as usize == household && usize::from(row.market) == market);
        rows.sort_by_key(|row| (row.since, row.name));
        rows.first().map(|row| (row.name, self.town.today.days_since(row.since)))
    }

    /// Writes a letting down.
    pub fn let_to(
        &mut self,
        household: usize,
        vacancy: &Vacancy,
        channel: Way,
        ground: Ground,
        rank: u16,
        row: Option<(KinName, i32)>,
    ) {
        let name = self.now.kin[household].name;
        let form = self.now.dwellings[vacancy.dwelling as usize].form;
        self.out.lettings.push(Let { household: name, dwelling: vacancy.name, channel, ground, rank, row, form });
        self.gone.insert(vacancy.name);
        self.housed.insert(name);
    }

    /// The scheme of a market as it is written.
    fn scheme(&self, market: usize) -> &Scheme {
        let schemes = self.town.rules.schemes.now();
        let name = schemes.name_of(&self.now.gazetteer.region_codes[market]);
        schemes.written(name).expect("every market has a scheme")
    }

    /// The written channel of those who react on a dwelling.
    fn channel(&self, market: usize, drawn: Drawn) -> &Channel {
        let name = match drawn {
            Drawn::OtherDirect => "other_direct",
            Drawn::Lottery => "lottery",
            _ => "advertised",
        };
        self.scheme(market).channels.iter().find(|channel| channel.name == name).expect("the channel is there")
    }

    /// For whom the vacancy is drawn in this step (M10).
    fn drawn(&self, vacancy: &Vacancy) -> Drawn {
        let market = self.market_of(self.now.dwellings[vacancy.dwelling as usize].municipality);
        let mut draw = self.town.chance.luck(CHANNEL, vacancy.name.0, self.town.step).unit();
        for channel in &self.scheme(market).channels {
            draw -= channel.share;
            if draw < 0.0 {
                return match channel.name.as_str() {
                    "urgent" => Drawn::Urgent,
                    "renewal" => Drawn::Renewal,
                    "care_leavers" => Drawn::Care,
                    "other_direct" => Drawn::OtherDirect,
                    "lottery" => Drawn::Lottery,
                    _ => Drawn::Advertised,
                };
            }
        }
        Drawn::Advertised
    }

    /// Direct mediation outside the quota: of those in need of this kind in the region, who waits longest gets one
    /// offer. Flex homes go to care leavers who do not live in one.
    fn mediate(&mut self) {
        for vacancy in self.on_offer.clone() {
            if self.gone.contains(&vacancy.name) {
                continue;
            }
            let dwelling = self.now.dwellings[vacancy.dwelling as usize];
            let market = self.market_of(dwelling.municipality);
            let drawn = if self.is_flex(vacancy.dwelling) { Drawn::Care } else { self.drawn(&vacancy) };
            let ground = match drawn {
                Drawn::Urgent => Ground::Medical,
                Drawn::Renewal => Ground::Renewal,
                Drawn::Care => Ground::CareLeaver,
                _ => continue,
            };
            let mut candidates: Vec<usize> = (0..self.now.kin.len()).collect();
            candidates.retain(|&h| {
                let here = self.market_of(self.now.homes[h].municipality) == market;
                (here && self.waits_on(h, ground)) || self.is_listed(h, dwelling.municipality, ground)
            });
            candidates.retain(|&h| self.fits(h, &vacancy));
            candidates.retain(|&h| !(self.is_flex(vacancy.dwelling) && self.lives_in_flex(h)));
            candidates.sort_by_key(|&h| (self.waits_since(h, ground), self.now.kin[h].name));
            let Some(&household) = candidates.first() else { continue };
            let name = self.now.kin[household].name;
            let listed = self.is_listed(household, dwelling.municipality, ground);
            let ground = if listed { Ground::StatusUrgency } else { ground };
            self.flows(market, household).offers += 1;
            let rules = self.rules();
            let share = if listed { rules.accept_status_holder.get() } else { rules.accept_direct.get() };
            if self.accepts(ACCEPT_DIRECT, name, vacancy.name, share) {
                let row = self.oldest_row(household, market);
                self.let_to(household, &vacancy, Way::Direct, ground, 1, row);
                continue;
            }
            self.flows(market, household).refusals += 1;
            if ground == Ground::Medical {
                self.now.seekers[household].urgent_until = self.town.step;
            }
            if ground == Ground::StatusUrgency {
                earmark::refuse(self, household);
            }
        }
    }

    /// Whom a by-law lists is served with holders of a medical statement, in that municipality.
    fn is_listed(&self, household: usize, municipality: u16, ground: Ground) -> bool {
        ground == Ground::Medical && earmark::is_listed(self, usize::from(municipality), household)
    }

    fn waits_on(&self, household: usize, ground: Ground) -> bool {
        let seeker = &self.now.seekers[household];
        let valid = seeker.group == SeekerGroup::Urgent && seeker.urgent_until > self.town.step;
        let holds = match ground {
            Ground::Medical => valid && seeker.ground == UrgencyGround::Medical,
            Ground::Renewal => valid && seeker.ground == UrgencyGround::Renewal,
            _ => seeker.group == SeekerGroup::ShortNotice && seeker.need == Need::Institution,
        };
        holds && !self.housed.contains(&self.now.kin[household].name)
    }

    fn is_flex(&self, dwelling: u32) -> bool {
        self.now.dwellings[dwelling as usize].form == DwellingForm::Flex
    }

    fn lives_in_flex(&self, household: usize) -> bool {
        let home = &self.now.homes[household];
        home.kind == HomeKind::Dwelling && self.is_flex(home.dwelling)
    }

    fn waits_since(&self, household: usize, ground: Ground) -> doorstroom_kernel::Day {
        let seeker = &self.now.seekers[household];
        match ground {
            Ground::CareLeaver => seeker.need_since,
            _ if seeker.group == SeekerGroup::StatusHolder => self.now.means[household].permit_since,
            _ => seeker.urgent_since,
        }
    }

    /// What is left is advertised, or let by lot among those who react. Every registration reacts on its own account.
    fn advertise(&mut self) {
        let mut adverts: Vec<(usize, Advert)> = self.adverts();
        let reactions: Vec<(usize, KinName)> =
            (0..self.now.register.rows.len()).flat_map(|row| self.reactions(row, &adverts)).collect();
        // markets one after the other, in each the adverts by name
        adverts.sort_by_key(|(market, advert)| (*market, advert.vacancy.name));
        for (market, advert) in adverts {
            let mut rows: Vec<usize> = reactions.iter().filter(|r| r.1 == advert.vacancy.name).map(|r| r.0).collect();
            self.out.adverts[market].adverts += 1;
            self.out.adverts[market].reactions += rows.len() as u32;
            for &row in &rows {
                self.flows(market, self.now.register.rows[row].holder as usize).reactions += 1;
            }
            rows.sort_by_key(|&row| self.rank(&advert, row));
            rows.dedup();
            if !self.offer(market, &advert, &rows) {
                self.out.adverts[market].unfilled += 1;
            }
        }
        for row in 0..self.now.register.rows.len() {
            if reactions.iter().any(|reaction| reaction.0 == row) {
                let Registration { market, holder, .. } = self.now.register.rows[row];
                self.now.register.rows[row].reacted = self.town.step;
                self.flows(usize::from(market), holder as usize).reacting += 1;
            }
        }
    }

    fn adverts(&self) -> Vec<(usize, Advert)> {
        let mut adverts = Vec::new();
        for vacancy in &self.on_offer {
            let dwelling = &self.now.dwellings[vacancy.dwelling as usize];
            if self.gone.contains(&vacancy.name) || dwelling.form != DwellingForm::SelfContained {
                continue;
            }
            let drawn = match self.drawn(vacancy) {
                Drawn::Urgent | Drawn::Renewal | Drawn::Care => Drawn::Advertised,
                drawn => drawn,
            };
            let market = self.market_of(dwelling.municipality);
            let bound = Threshold::of(self.channel(market, Drawn::Advertised).bindings[0].share);
            let residents_first = drawn == Drawn::Advertised
                && self.town.chance.luck(LOCAL, vacancy.name.0, self.town.step).strikes(bound);
            let advert = Advert { vacancy: *vacancy, drawn, residents_first, kept_for: None };
            adverts.push((market, advert));
        }
        for market in 0..self.now.regions.len() {
            self.reserve(market, &mut adverts);
        }
        adverts
    }

    /// Keeps shares of the adverts of a market for groups, in a drawn order; what stood empty for long is kept for nobody.
    fn reserve(&self, market: usize, adverts: &mut [(usize, Advert)]) {
        let drawn = |name: KinName| (self.town.chance.luck(RESERVED, name.0, self.town.step).bits(), name);
        let mut names: Vec<KinName> = adverts
            .iter()
            .filter(|(of, advert)| *of == market && !self.is_long_empty(&advert.vacancy))
            .map(|(_, advert)| advert.vacancy.name)
            .collect();
        names.sort_by_key(|&name| drawn(name));
        let units = names.len() as f64;
        for reserved in &self.scheme(market).reserved {
            let kept = match reserved.share {
                Reservation::AtLeast(share) => (units * share).ceil(),
                Reservation::AtMost(share) => (units * share).floor(),
            };
            for name in names.drain(..names.len().min(kept as usize)) {
                let mut those = adverts.iter_mut().filter(|(_, advert)| advert.vacancy.name == name);
                those.next().expect("the name is one of the adverts").1.kept_for = Some(reserved.groups.clone());
            }
        }
    }

    /// Whether a household may react on an advert: anybody, or who is in a group for which it is kept.
    fn may_react(&self, household: usize, advert: &Advert) -> bool {
        let dwelling = &self.now.dwellings[advert.vacancy.dwelling as usize];
        let of_them =
            |groups: &Vec<String>| groups.iter().any(|group| self.is_in(household, group, dwelling.municipality));
        advert.kept_for.as_ref().is_none_or(of_them)
    }

    fn is_in(&self, household: usize, group: &str, municipality: u16) -> bool {
        let (members, home) = (&self.now.members[household], &self.now.homes[household]);
        let month = self.town.today.month_index();
        let mut persons = members.iter().map(|(_, person)| person);
        let is_owned_by = |tenure| self.now.dwellings[home.dwelling as usize].tenure == tenure;
        match group {
            "resident" => home.municipality == municipality,
            "regular" => self.now.seekers[household].group == SeekerGroup::Regular,
            "young" => persons.any(|person| person.role == Role::Head && person.age(month) < 28),
            "senior" => persons.any(|person| person.role == Role::Head && person.age(month) >= 65),
            "family" => persons.any(|person| person.role == Role::Child && person.age(month) < 18),
            "large_family" => members.count() >= 6,
            "single" => members.count() == 1,
            "starter" => home.kind != HomeKind::Dwelling,
            "doorstromer" => home.kind == HomeKind::Dwelling && is_owned_by(Tenure::Corporation),
            _ => panic!("the towns reserve for no {group}"),
        }
    }

    /// On which adverts a registration reacts: the row as often as it reacts, each with the name of the dwelling.
    fn reactions(&self, row: usize, adverts: &[(usize, Advert)]) -> Vec<(usize, KinName)> {
        let Registration { name, state, holder, market, .. } = self.now.register.rows[row];
        let mut found = Vec::new();
        if state != RowState::Searching {
            return found;
        }
        let household = holder as usize;
        let mut luck = self.town.chance.luck(REACT, name.0, self.town.step);
        let times = self.times(name, luck.unit());
        if times == 0 {
            return found;
        }
        let students = Threshold::of(self.town.rules.registration.student_search.get());
        if self.now.means[household].is(Means::STUDENT) && !luck.strikes(students) {
            return found;
        }
        if !luck.strikes(Threshold::of(self.keenness(household, usize::from(market)))) {
            return found;
        }
        for _ in 0..times {
            let neighbours = &self.now.gazetteer.neighbours[usize::from(market)];
            let mut goes_to = market;
            if luck.strikes(Threshold::of(self.rules().neighbour_share.get())) && !neighbours.is_empty() {
                goes_to = neighbours[luck.below(neighbours.len() as u64) as usize];
            }
            let at = luck.bits();
            let distance = |advert: &Advert| {
                let points = (0..POINTS).map(|point| join(advert.vacancy.name.0, point).wrapping_sub(at));
                (points.min(), advert.vacancy.name)
            };
            let here = adverts.iter().filter(|(market, _)| *market == usize::from(goes_to)).map(|(_, advert)| advert);
            let open = here.filter(|advert| self.may_react(household, advert));
            let fitting = open.filter(|advert| self.fits_advert(household, &advert.vacancy));
            found.extend(fitting.min_by_key(|advert| distance(advert)).map(|advert| (row, advert.vacancy.name)));
        }
        found
    }

    /// Poisson with a gamma trait of the registration as its mean (M8).
    fn times(&self, name: KinName, draw: f64) -> u32 {
        let mean = self.quantiles.at(name.zeal()) * self.rules().reactions_mean.get();
        let chance_of = |times: u32| (1..=times).fold(libm::exp(-mean), |chance, k| chance * mean / f64::from(k));
        let mut up_to = chance_of(0);
        let mut times = 0;
        while draw >= up_to && times < 200 {
            times += 1;
            up_to += chance_of(times);
        }
        times
    }

    fn keenness(&self, household: usize, market: usize) -> f64 {
        let (home, rules) = (&self.now.homes[household], self.rules());
        if home.kind == HomeKind::Reception && earmark::waits_for_an_offer(self, household) {
            return rules.react_with_prospect.get();
        }
        if home.kind != HomeKind::Dwelling {
            return 1.0;
        }
        match self.now.dwellings[home.dwelling as usize].tenure {
            Tenure::Owner => rules.react_from_owner.get(),
            Tenure::Corporation => rules.react_from_corporation.now().of(self.now.regions[market].class),
            Tenure::OtherRental => rules.react_from_other_rental.get(),
        }
    }

    fn is_resident(&self, advert: &Advert, row: usize) -> bool {
        let household = self.now.register.rows[row].holder as usize;
        let dwelling = &self.now.dwellings[advert.vacancy.dwelling as usize];
        self.now.homes[household].municipality == dwelling.municipality
    }

    /// Residents where it binds, then the registration date, then the name; lotteries by lot.
    fn rank(&self, advert: &Advert, row: usize) -> (u8, u64, KinName) {
        let Registration { name, since, .. } = self.now.register.rows[row];
        if advert.drawn != Drawn::Advertised {
            let lot = self.town.chance.luck_with(LOT, name.0, advert.vacancy.name.0, self.town.step).bits();
            return (0, lot, name);
        }
        let behind = advert.residents_first && !self.is_resident(advert, row);
        (u8::from(behind), u64::from(since.0), name)
    }

    /// Offers in the order of ranks, a limited number, to whoever was not housed meanwhile; true if somebody accepts.
    fn offer(&mut self, market: usize, advert: &Advert, ranked: &[usize]) -> bool {
        let (share, channel, ground) = match advert.drawn {
            Drawn::OtherDirect => (self.rules().accept_direct.get(), Way::Direct, Ground::OtherDirect),
            Drawn::Lottery => (self.rules().accept_lottery.get(), Way::Lottery, Ground::None),
            _ => (self.rules().accept_advertised.get(), Way::Advertised, Ground::None),
        };
        let most = self.channel(market, advert.drawn).most_offers;
        let mut offers = 0;
        for &row in ranked {
            let Registration { name, since, holder, .. } = self.now.register.rows[row];
            let household = holder as usize;
            if self.housed.contains(&self.now.kin[household].name) {
                continue;
            }
            if most.is_some_and(|most| u32::from(offers) >= most) {
                return false;
            }
            offers += 1;
            self.flows(market, household).offers += 1;
            if self.accepts(ACCEPT, name, advert.vacancy.name, share) {
                let bound = advert.residents_first && self.is_resident(advert, row);
                let ground = if bound { Ground::LocalBinding } else { ground };
                let age = self.town.today.days_since(since);
                self.let_to(household, &advert.vacancy, channel, ground, offers, Some((name, age)));
                self.out.kept += u32::from(advert.kept_for.is_some());
                return true;
            }
            self.flows(market, household).refusals += 1;
        }
        false
    }

    fn outcome(self) -> Outcome {
        let now = self.now;
        let mut vacant: Vec<KinName> =
            now.vacancies.dwellings[Tenure::Corporation as usize].iter().map(|vacancy| vacancy.name).collect();
        vacant.retain(|name| !self.gone.contains(name));
        vacant.sort();
        let households = now.kin.iter().zip(&now.homes).zip(&now.seekers);
        Outcome {
            vacant,
            accounts: now.accounts,
            carried: now.municipalities.iter().map(|municipality| municipality.earmark_carry).collect(),
            households: households.map(|((kin, home), seeker)| After::of(kin.name, home.kind, seeker)).collect(),
            rows: now.register.rows.iter().map(|row| (row.name, row.reacted)).collect(),
            dwellings: now.dwellings.iter().map(|dwelling| (dwelling.name, dwelling.form, dwelling.capacity)).collect(),
            ..self.out
        }
    }
}
