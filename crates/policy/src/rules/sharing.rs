//! Rules of sharing: hosting and its end, rooms, return to the own (worlds/MODEL.md section 5).

use crate::rules;
use crate::rules::Shares;

rules! {
    /// Monthly chances of those who share an address.
    pub struct SharingRules {
        /// Hosting by kin or friends ends.
        kin_ends: f64, 0.0 to 0.99;
        /// A sublet ends.
        sublet_ends: f64, 0.0 to 0.99;
        /// Shares of ended stays that go to: kin and friends again, a sublet, other accommodation, shelter.
        ended_to: Shares<4>, 0.0 to 1.0;
        /// Shelter is left again for other accommodation.
        shelter_ends: f64, 0.0 to 0.99;
        /// Chance a month that a one-person household of 18 to 44 without own home takes a free room.
        takes_room: f64, 0.0 to 1.0;
        /// Rooms of a dwelling beyond its need from which kin can host.
        host_spare_rooms: f64, 0.0 to 10.0;
        /// One household in so many could be asked to host, for life.
        host_one_in: f64, 1.0 to 1000.0;
        /// Age of the head from which it could.
        host_age: f64, 18.0 to 120.0;
        /// A room tenant leaves the room for hosting or other accommodation (end of study or contract).
        room_ends: f64, 0.0 to 0.99;
        /// Yearly chance that a tenant of a corporation is evicted (huisuitzetting).
        evicted: f64, 0.0 to 0.99;
        /// Yearly chance that an owner loses the home by forced sale (gedwongen verkoop).
        forced_sale: f64, 0.0 to 0.99;
        /// Shares of those who go to kin, a sublet, other accommodation, shelter after an eviction or forced sale.
        evicted_to: Shares<4>, 0.0 to 1.0;
        /// How much of the willingness to share a home the loss of benefit under the cost-sharer norm costs: 0 nothing, 1 as
        /// much as the loss.
        cost_sharer_response: f64, 0.0 to 10.0;
        /// Age from which an adult counts as a cost sharer (kostendeler).
        cost_sharer_age: f64, 18.0 to 120.0;
    }
}
