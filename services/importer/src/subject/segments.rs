//! The parts of a subject between its commas, dashes and plus signs.

use std::ops::Range;

use super::hits::Hit;
use super::words::{Gap, Word};

/// A part of a subject.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// How it is joined to the one before it.
    pub gap: Gap,
    /// Places of the hits in it.
    pub hits: Range<usize>,
    /// Runs of words that are in no hit.
    pub runs: Vec<Range<usize>>,
}

/// The parts of a subject, in order. Words that only join them (“und”) are in none.
pub(super) fn segments(words: &[Word<'_>], hits: &[Hit]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let (mut at, mut next_hit, mut gap) = (0, 0, Some(Gap::Close));
    while at < words.len() {
        let hit = hits.get(next_hit).filter(|hit| hit.all.start == at);
        if hit.is_none() && words[at].is_and() {
            gap = Some(Gap::Plus);
            at += 1;
            continue;
        }
        if words[at].gap != Gap::Close && gap.is_none() {
            gap = Some(words[at].gap);
        }
        if let Some(gap) = gap.take() {
            segments.push(Segment { gap, hits: next_hit..next_hit, runs: Vec::new() });
        }
        let Some(segment) = segments.last_mut() else { break };
        if let Some(hit) = hit {
            next_hit += 1;
            segment.hits.end = next_hit;
            at = hit.all.end;
        } else {
            match segment.runs.last_mut().filter(|run| run.end == at) {
                Some(run) => run.end += 1,
                None => segment.runs.push(at..at + 1),
            }
            at += 1;
        }
    }
    segments
}
