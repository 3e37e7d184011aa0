//! How observers look: read-only systems over whole columns. What cannot write cannot disturb.

use bevy_ecs::prelude::*;
use bevy_ecs::query::ContiguousQueryData;
use bevy_ecs::system::ReadOnlySystem;

/// Runs a read-only system once and returns what it saw. A system that could write does not compile:
///
/// ```
/// # use bevy_ecs::prelude::*;
/// # use doorstroom_observe::look::look;
/// # #[derive(Resource)] struct Homes(u32);
/// # let mut world = World::new();
/// # world.insert_resource(Homes(3));
/// assert_eq!(look(&mut world, |homes: Res<Homes>| homes.0), 3);
/// ```
///
/// ```compile_fail
/// # use bevy_ecs::prelude::*;
/// # use doorstroom_observe::look::look;
/// # #[derive(Resource)] struct Homes(u32);
/// # let mut world = World::new();
/// # world.insert_resource(Homes(3));
/// assert_eq!(look(&mut world, |homes: ResMut<Homes>| homes.0), 3);
/// ```
///
/// # Panics
/// If the world lacks a resource that the system asks for.
pub fn look<Out, M, S>(world: &mut World, observer: S) -> Out
where
    S: IntoSystem<(), Out, M>,
    S::System: ReadOnlySystem,
{
    look_with(world, (), observer)
}

/// The same for a system that is told something by `input`.
///
/// # Panics
/// If the world lacks a resource that the system asks for.
pub fn look_with<I, Out, M, S>(world: &mut World, input: I::Inner<'_>, observer: S) -> Out
where
    I: SystemInput,
    S: IntoSystem<I, Out, M>,
    S::System: ReadOnlySystem,
{
    let mut system = IntoSystem::into_system(observer);
    system.initialize(world);
    match system.run_readonly(input, world) {
        Ok(seen) => seen,
        Err(missing) => panic!("an observer needs a populated world: {missing}"),
    }
}

/// Whole columns of a query, row i being slot i; `None` for a table without rows.
///
/// # Panics
/// If the rows are spread over more than one table.
pub fn whole<'w, 's, D: ContiguousQueryData>(query: Query<'w, 's, D>) -> Option<D::Contiguous<'w, 's>> {
    let mut tables = query.contiguous_iter_inner().expect("components are kept in tables, never in sparse sets");
    let first = tables.next();
    assert!(
        tables.next().is_none(),
        "rows of one kind must live in one table: nothing may insert or remove components"
    );
    first
}
