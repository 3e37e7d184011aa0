//! Room for rows to come. bevy_ecs doubles a table that is full, and its list of entities too, which it then fills to
//! the end: in a large country that is half a gigabyte in one step. Here both get the room that a run needs at once.

use bevy_ecs::bundle::NoBundleEffect;
use bevy_ecs::prelude::*;

/// One row in so many is spare: a country grows by some 8 % in ten years.
const SPARE: usize = 10;

/// The first entities of a list that will be long: few, and more than there can be before the first rows.
const FIRST_ENTITIES: usize = 4_096;

/// Spawns the `count` bundles that `rows` gives into a table with room for a tenth more. Names of entities that were
/// set aside for these are used by what is spawned next.
pub fn spawn<B: Bundle<Effect: NoBundleEffect>>(world: &mut World, rows: impl Iterator<Item = B>, count: usize) {
    world.spawn_batch(Foretold { rows, at_most: count + count / SPARE });
}

/// Lets the list of entities have room for `count` and a tenth more, instead of for the next power of two: it doubles
/// whatever length it first has, so a first entity is spawned where the doublings end well, and despawned again.
pub fn expect(world: &mut World, count: usize) {
    let wanted = count + count / SPARE;
    let Some(doublings) = (wanted / FIRST_ENTITIES).checked_ilog2() else { return };
    let first = wanted.div_ceil(1 << doublings) as u32;
    let mut names: Vec<Entity> = world.entity_allocator().alloc_many(first).collect();
    if let Some(last) = names.pop().and_then(|last| world.spawn_empty_at(last).ok()) {
        last.despawn();
    }
    world.entity_allocator_mut().free_many(&names);
}

/// Rows of which there will be at most so many.
struct Foretold<I> {
    rows: I,
    at_most: usize,
}

impl<I: Iterator> Iterator for Foretold<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.rows.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.at_most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Component)]
    struct Number(usize);

    #[test]
    fn rows_spawned_with_room_lie_in_order_and_use_every_entity_once() {
        let mut world = World::new();
        expect(&mut world, 30_000);
        spawn(&mut world, (0..20_000).map(Number), 20_000);
        spawn(&mut world, (20_000..30_000).map(Number), 10_000);
        world.spawn_batch((30_000..40_000).map(Number));
        let mut query = world.query::<(Entity, &Number)>();
        let (mut names, numbers): (Vec<Entity>, Vec<usize>) =
            query.iter(&world).map(|(name, number)| (name, number.0)).unzip();
        assert!(numbers.into_iter().eq(0..40_000));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 40_000);
    }

    #[test]
    fn nothing_grows_until_nearly_a_tenth_more_rows_have_come_than_were_expected() {
        let mut world = World::new();
        expect(&mut world, 40_000);
        spawn(&mut world, (0..40_000).map(Number), 40_000);
        let room = |world: &World| {
            let rows = world.storages().tables.iter().map(|table| table.capacity()).max();
            (world.entities().len(), rows)
        };
        let before = room(&world);
        assert!((44_000..44_500).contains(&before.0), "not the next power of two: {before:?}");
        // bevy keeps a few names of entities back
        world.spawn_batch((0..3_800).map(Number));
        assert_eq!(room(&world), before);
        world.spawn_batch((0..1_000).map(Number));
        assert_ne!(room(&world), before);
    }
}
