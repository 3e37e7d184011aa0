//! Snapshots: a list of columns and resources, one line each; a fork copies it over a world.

use std::any::Any;

use bevy_ecs::component::Mutable;
use bevy_ecs::prelude::*;
use doorstroom_kernel::registrar::Labels;

use crate::room;

type Save = fn(&mut World) -> Box<dyn Any + Send + Sync>;
type Restore = fn(&mut World, &(dyn Any + Send + Sync));
type Grow = fn(&mut World, usize);
type Count = fn(&mut World) -> usize;

struct Part {
    label: &'static str,
    is_column: bool,
    save: Save,
    restore: Restore,
}

/// What a world consists of: every column and resource that is not derived from others.
#[derive(Default)]
pub struct Checkpoint {
    parts: Vec<Part>,
    tables: Vec<(Grow, Count)>,
}

/// One saved state of a world. Cheap to share between lanes.
pub struct Snapshot {
    rows: Vec<usize>,
    parts: Vec<Box<dyn Any + Send + Sync>>,
}

impl Checkpoint {
    /// Declares a table by one of its columns and by how it grows; its columns follow with [`Checkpoint::column`].
    pub fn table<C: Component>(&mut self, grow: fn(&mut World, usize)) -> &mut Self {
        self.tables.push((grow, |world| world.query::<&C>().iter(world).len()));
        self
    }

    /// Declares a column.
    pub fn column<C: Component<Mutability = Mutable> + Copy + Default>(
        &mut self,
        world: &mut World,
        label: &'static str,
    ) -> &mut Self {
        let id = world.register_component::<C>();
        world.get_resource_or_insert_with(Labels::default).add(id, label);
        self.parts.push(Part {
            label,
            is_column: true,
            save: |world| {
                let mut query = world.query::<&C>();
                let columns: Vec<C> = match query.contiguous_iter(world) {
                    Ok(tables) => tables.flat_map(|column| column.iter().copied()).collect(),
                    Err(_) => query.iter(world).copied().collect(),
                };
                Box::new(columns)
            },
            restore: |world, saved| {
                let saved = saved.downcast_ref::<Vec<C>>().expect("a part is restored by the line that saved it");
                let mut query = world.query::<&mut C>();
                let mut from = 0;
                for mut column in query.contiguous_iter_mut(world).expect("components are kept in tables") {
                    let column = column.bypass_change_detection();
                    let to = (from + column.len()).min(saved.len());
                    column[..to - from].copy_from_slice(&saved[from..to]);
                    column[to - from..].fill(C::default());
                    from = to;
                }
                assert_eq!(from, saved.len(), "the world has fewer rows than the snapshot");
            },
        });
        self
    }

    /// Declares a resource.
    pub fn resource<R: Resource<Mutability = Mutable> + Clone>(
        &mut self,
        world: &mut World,
        label: &'static str,
    ) -> &mut Self {
        let id = world.register_component::<R>();
        world.get_resource_or_insert_with(Labels::default).add(id, label);
        self.parts.push(Part {
            label,
            is_column: false,
            save: |world| Box::new(world.resource::<R>().clone()),
            restore: |world, saved| {
                let saved = saved.downcast_ref::<R>().expect("a part is restored by the line that saved it");
                match world.get_resource_mut::<R>() {
                    Some(mut resource) => resource.clone_from(saved),
                    None => world.insert_resource(saved.clone()),
                }
            },
        });
        self
    }

    /// Labels of all parts, in order.
    pub fn labels(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.parts.iter().map(|part| part.label)
    }

    /// Copies the state out.
    pub fn save(&self, world: &mut World) -> Snapshot {
        Snapshot {
            rows: self.tables.iter().map(|(_, count)| count(world)).collect(),
            parts: self.parts.iter().map(|part| (part.save)(world)).collect(),
        }
    }

    /// Copies a state over `world`, which grows where it has fewer rows. Rows it has beyond the snapshot
    /// become free slots: the slot lists of the snapshot do not know them.
    pub fn restore(&self, world: &mut World, snapshot: &Snapshot) {
        let restore = |world: &mut World, columns: bool| {
            let parts = self.parts.iter().zip(&snapshot.parts);
            for (part, saved) in parts.filter(|(part, _)| part.is_column == columns) {
                (part.restore)(world, saved.as_ref());
            }
        };
        // first: a resource that comes into an empty world costs no memory per row (see `Population::into_world`)
        restore(world, false);
        if self.tables.iter().all(|(_, count)| count(world) == 0) {
            room::expect(world, snapshot.rows.iter().sum());
        }
        for ((grow, count), &rows) in self.tables.iter().zip(&snapshot.rows) {
            let there = count(world);
            if there < rows {
                grow(world, rows - there);
            }
        }
        restore(world, true);
    }
}
