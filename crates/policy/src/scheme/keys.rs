//! The keys of a scheme by path, so that an experiment can change one of them: `channels.advertised.most_offers`.

use std::collections::BTreeMap;

use ron::error::{Error, Position, Span, SpannedError};
use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

use super::{Channel, RegistrationRules, Scheme, UrgencyGround};

/// Fields of a channel that can be changed.
const OF_CHANNEL: [&str; 12] = [
    "rank",
    "open_to",
    "priority",
    "labels",
    "bindings",
    "most_reactions",
    "most_offers",
    "untaken",
    "refusal",
    "income_fit",
    "room_fit",
    "counts_as",
];
/// Fields of the registration.
const OF_REGISTRATION: [&str; 5] = ["validity_months", "renewed", "lapses_on_acceptance", "kept_on_move", "from_grant"];
/// Fields of a ground of urgency.
const OF_URGENCY: [&str; 4] = ["groups", "granted", "validity_months", "one_offer"];

type Read<T> = Result<T, Box<SpannedError>>;

fn read<T: DeserializeOwned>(text: &str, to: &mut T) -> Read<()> {
    *to = ron::Options::default()
        .with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES)
        .from_str(text)
        .map_err(Box::new)?;
    Ok(())
}

impl Scheme {
    /// Paths of everything that can be changed.
    pub fn keys(&self) -> Vec<String> {
        let mut keys = ["shares", "offers_per_household", "reserved", "registration"].map(str::to_owned).to_vec();
        let of_channel = |channel: &Channel| OF_CHANNEL.map(|field| format!("channels.{}.{field}", channel.name));
        keys.extend(self.channels.iter().flat_map(of_channel));
        if self.registration.is_some() {
            keys.extend(OF_REGISTRATION.map(|field| format!("registration.{field}")));
        }
        keys.extend(self.urgency.keys().flat_map(|ground| OF_URGENCY.map(|field| format!("urgency.{ground}.{field}"))));
        keys
    }

    /// Gives the key at `path` the value written in `text`; `None` if there is no such key.
    ///
    /// # Errors
    /// What RON found wrong with the value.
    pub fn set(&mut self, path: &str, text: &str) -> Option<Read<()>> {
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            ["shares"] => Some(self.set_shares(text)),
            ["offers_per_household"] => Some(read(text, &mut self.offers_per_household)),
            ["reserved"] => Some(read(text, &mut self.reserved)),
            ["registration"] => Some(read(text, &mut self.registration)),
            ["registration", field] => set_registration(self.registration.as_mut()?, field, text),
            ["urgency", ground, field] => set_urgency(self.urgency.get_mut(*ground)?, field, text),
            ["channels", name, field] => {
                set_channel(self.channels.iter_mut().find(|channel| channel.name == *name)?, field, text)
            }
            _ => None,
        }
    }

    /// Shares of vacancies by channel, all that change at once: they must sum to 1 again.
    fn set_shares(&mut self, text: &str) -> Read<()> {
        let mut shares: BTreeMap<String, f64> = BTreeMap::new();
        read(text, &mut shares)?;
        for channel in &mut self.channels {
            if let Some(share) = shares.remove(&channel.name) {
                channel.share = share;
            }
        }
        match shares.into_keys().next() {
            None => Ok(()),
            Some(stranger) => {
                let at = Position { line: 1, col: 1 };
                let code = Error::Message(format!("there is no channel \"{stranger}\""));
                Err(Box::new(SpannedError { code, span: Span { start: at, end: at } }))
            }
        }
    }
}

fn set_channel(channel: &mut Channel, field: &str, text: &str) -> Option<Read<()>> {
    Some(match field {
        "rank" => read(text, &mut channel.rank),
        "open_to" => read(text, &mut channel.open_to),
        "priority" => read(text, &mut channel.priority),
        "labels" => read(text, &mut channel.labels),
        "bindings" => read(text, &mut channel.bindings),
        "most_reactions" => read(text, &mut channel.most_reactions),
        "most_offers" => read(text, &mut channel.most_offers),
        "untaken" => read(text, &mut channel.untaken),
        "refusal" => read(text, &mut channel.refusal),
        "income_fit" => read(text, &mut channel.income_fit),
        "room_fit" => read(text, &mut channel.room_fit),
        "counts_as" => read(text, &mut channel.counts_as),
        _ => return None,
    })
}

fn set_registration(rules: &mut RegistrationRules, field: &str, text: &str) -> Option<Read<()>> {
    Some(match field {
        "validity_months" => read(text, &mut rules.validity_months),
        "renewed" => read(text, &mut rules.renewed),
        "lapses_on_acceptance" => read(text, &mut rules.lapses_on_acceptance),
        "kept_on_move" => read(text, &mut rules.kept_on_move),
        "from_grant" => read(text, &mut rules.from_grant),
        _ => return None,
    })
}

fn set_urgency(ground: &mut UrgencyGround, field: &str, text: &str) -> Option<Read<()>> {
    Some(match field {
        "groups" => read(text, &mut ground.groups),
        "granted" => read(text, &mut ground.granted),
        "validity_months" => read(text, &mut ground.validity_months),
        "one_offer" => read(text, &mut ground.one_offer),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_is_listed_is_one_that_can_be_set() {
        let mut scheme: Scheme = ron::Options::default()
            .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME | ron::extensions::Extensions::UNWRAP_VARIANT_NEWTYPES)
            .from_str(
                r#"(version: 1, title: "t", channels: [(name: "open", share: 1, rank: Lottery)],
                    registration: (validity_months: 12, renewed: 0.9),
                    urgency: {"medical": (groups: ["everybody"], granted: 0.75, validity_months: 6, one_offer: true)})"#,
            )
            .unwrap();
        for key in scheme.keys() {
            assert!(scheme.clone().set(&key, "@").is_some(), "{key}");
        }
        assert!(scheme.set("channels.open.most_offer", "1").is_none());
        assert!(matches!(scheme.set("channels.open.most_offers", "7"), Some(Ok(()))));
        assert_eq!(scheme.channels[0].most_offers, Some(7));
    }
}
