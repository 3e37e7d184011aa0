//! The fork: from here on arms differ, and displacement is measured by the groups of this moment (worlds/MODEL.md 6.2).

use bevy_ecs::prelude::*;
use doorstroom_kernel::Step;
use doorstroom_state::books::BookKeeping;
use doorstroom_state::group::SeekerGroup;

use crate::rulebook::Setting;

/// Marks the fork in a world that stands before the step in which arms begin to differ.
pub fn mark(world: &mut World) {
    let mut system = IntoSystem::into_system(mark_entry_groups);
    system.initialize(world);
    // the system has no condition that could fail: every resource it asks for belongs to a populated world
    let _ = system.run((), world);
}

/// Everybody who is in a group now has it as entry group; lettings count anew.
fn mark_entry_groups(setting: Setting, mut keeping: BookKeeping) {
    let Some(mut books) = keeping.open() else { return };
    for seeker in books.seekers.iter_mut() {
        seeker.first_letting = Step::NEVER;
        seeker.entry_group = seeker.group;
        seeker.entry_step = if seeker.group == SeekerGroup::None { Step::NEVER } else { setting.clock.step };
    }
}
