//! Rules of sharing: hosting and its end, rooms, return to the own (worlds/MODEL.md section 5).

use crate::rules;

rules! {
    /// Monthly chances of those who share an address.
    pub struct SharingRules {
        /// Hosting by kin or friends ends.
        kin_ends: f64, 0.0 to 0.99;
        /// A sublet ends.
        sublet_ends: f64, 0.0 to 0.99;
        /// Shares of ended stays that go to: kin and friends again, a sublet, other accommodation, shelter.
        ended_to: Vec<f64>, 0.0 to 1.0;
        /// Shelter is left again for other accommodation.
        shelter_ends: f64, 0.0 to 0.99;
        /// Chance a month that a one-person household of 18 to 34 without own home takes a free room.
        takes_room: f64, 0.0 to 1.0;
        /// Rooms of a dwelling beyond its need from which kin can host.
        host_spare_rooms: f64, 0.0 to 10.0;
        /// A room tenant leaves the room for hosting or other accommodation (end of study or contract).
        room_ends: f64, 0.0 to 0.99;
    }
}
