//! One execution, up to a choice that somebody else makes.

use super::path::{Deviation, Stop};
use super::replay::{self, Replay};
use crate::engine::{self, End, Engine};
use crate::model::Model;
use crate::model::position::{Position, Script};
use crate::statics;
use crate::trace::{asking, telling};

/// A script has no more picks: each is a deviation, and a budget has 8 bits.
const MOST: usize = 250;

/// Carries the script out; or says why that cannot be.
pub(crate) fn position(
    model: &Model,
    program: &(dyn Fn() + 'static),
    script: &Script,
) -> Result<Position, String> {
    if script.picks.len() > MOST {
        return Err(format!(
            "more than {MOST} choices were made otherwise than on a quiet machine"
        ));
    }
    let picks = script.picks.iter().filter(|pick| pick.pick > 0);
    let deviations: Vec<Deviation> = picks
        .map(|pick| Deviation {
            step: pick.step,
            ordinal: pick.ordinal,
            pick: pick.pick,
        })
        .collect();
    let mut engine = Box::new(Engine::new(model.limits));
    engine.limits.reduce = false;
    engine.limits.tracing = true;
    engine.path.follow(deviations.clone());
    engine.path.stop(Stop {
        after: script.after,
        everything: script.everything,
    });
    let end = engine::run(&mut engine, u8::MAX, program);
    let position = look(&engine, &end, deviations, &model.sources);
    statics::put_back();
    position
}

fn look(
    engine: &Engine,
    end: &End,
    deviations: Vec<Deviation>,
    sources: &[(String, String)],
) -> Result<Position, String> {
    let failure = match end {
        End::Failed(failure) => Some(failure),
        End::Finished | End::Asked => None,
        End::Pruned => return Err("a spinner turns on alone, and nothing comes of it".to_owned()),
        End::NotDeterministic(why) | End::TooLarge(why) => return Err(why.clone()),
    };
    if engine.path.deviations() != deviations {
        return Err("what was chosen is not to be chosen there".to_owned());
    }
    let replay = Replay {
        budget: deviations.len() as u8,
        free_choice: false,
        after_points: false,
        deviations,
    };
    let asked = engine.asked.as_ref().zip(engine.path.stopped());
    Ok(Position {
        story: telling::tell(engine, failure, replay::print(&replay), sources),
        threads: asking::standings(engine, sources),
        choice: asked.map(|(asked, at)| asking::choice(engine, asked, at, sources)),
    })
}
