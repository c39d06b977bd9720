//! Passes that do the work of several others at once, where nothing needs to see what lies between.

use super::Place;

/// Puts the pass where the first of those stands that it replaces, when all of them take part and every other pass from
/// there to `until`, or to the end, works as well on kernels that are finished.
pub(super) fn apply<'a>(new: Place<'a>, slots: &mut Vec<Place<'a>>) {
    let find = |name: &String| slots.iter().position(|(.., pass, _)| pass.pass == *name);
    let Some(mut replaced) = new.3.replaces.iter().map(find).collect::<Option<Vec<_>>>() else { return };
    replaced.sort_unstable();
    let Some(&first) = replaced.first() else { return };
    let until = match new.3.until.as_str() {
        "" => slots.len(),
        name => match find(&name.to_owned()) {
            Some(place) => place,
            None => return,
        },
    };
    let between = (first..until).filter(|place| !replaced.contains(place));
    if between.into_iter().all(|place| slots[place].3.takes_finished) {
        slots[first] = new;
        for place in replaced[1..].iter().rev() {
            slots.remove(*place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ropt_abi::manifest::{PassRecord, SlotRecord};

    fn pass(name: &str) -> PassRecord {
        PassRecord { pass: name.into(), ..PassRecord::default() }
    }

    /// What is left of a pipeline `text` when `all` wants to stand in for `a` and `b`, up to `z`. Passes in capitals take
    /// finished kernels.
    fn stand_in(text: &str, until: &str) -> String {
        let (passes, all) = (text.split(',').map(pass).collect::<Vec<_>>(), pass("all"));
        let slot = |pass: &PassRecord| SlotRecord {
            takes_finished: pass.pass.chars().all(char::is_uppercase),
            ..SlotRecord::default()
        };
        let slots: Vec<SlotRecord> = passes.iter().map(slot).collect();
        let wants = SlotRecord { replaces: vec!["a".into(), "b".into()], until: until.into(), ..SlotRecord::default() };
        let mut places: Vec<Place<'_>> = passes.iter().zip(&slots).map(|(pass, slot)| (0, 0, pass, slot)).collect();
        apply((0, 0, &all, &wants), &mut places);
        places.iter().map(|(.., pass, _)| pass.pass.as_str()).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn nothing_may_lie_between_that_wants_to_see_it() {
        for (text, expected) in [
            ("p,a,b,z,q", "p,all,z,q"),
            ("a,B,b,C,z", "all,B,C,z"),
            ("a,p,b,z", "a,p,b,z"),
            ("a,b,p,z", "a,b,p,z"),
            ("a,b", "a,b"),
            ("b,z", "b,z"),
            ("a,z", "a,z"),
        ] {
            assert_eq!(stand_in(text, "z"), expected, "{text}");
        }
        assert_eq!(stand_in("p,a,b", ""), "p,all");
        assert_eq!(stand_in("p,a,b,c", ""), "p,a,b,c");
    }
}
