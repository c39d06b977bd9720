//! Phase facts: what a pass needs to be true of the module, what it makes true and what it ends. A pipeline whose order
//! breaks them is told before it runs; orders stay free, since the text cannot know what the input is like.
//!
//! A fact that no pass of the pipeline establishes is taken to hold of the input.

use super::{Element, Pipeline, Word};
use crate::report::Report;
use ropt_abi::manifest::PassRecord;

/// What is known of passes; plugins' manifests say it.
pub trait Declarations {
    /// The declaration of a pass by name or alias; none for MLIR's own.
    fn declared(&self, pass: &str) -> Option<&PassRecord>;
    /// What a fact says of a module, in the words of the pass that establishes it.
    fn meaning(&self, fact: &str) -> Option<String>;
}

/// The name of a declared fact, without its meaning.
#[must_use]
pub fn name(fact: &str) -> &str {
    fact.split(':').next().unwrap_or_default().trim()
}

/// The meaning of a declared fact, when it has one.
#[must_use]
pub fn meaning(fact: &str) -> Option<&str> {
    fact.split_once(':').map(|(_, meaning)| meaning.trim())
}

/// A warning for each pass that stands where its facts do not hold.
#[must_use]
pub fn check(pipeline: &Pipeline, text: &str, flag: &str, declarations: &dyn Declarations) -> Vec<Report> {
    let mut passes = Vec::new();
    gather(&pipeline.0, declarations, &mut passes);
    let mut reports = Vec::new();
    for (place, (word, record)) in passes.iter().enumerate() {
        let broken = record.needs.iter().find_map(|fact| Some((fact, broken_by(&passes, place, fact)?)));
        let Some((fact, cause)) = broken else { continue };
        let other = &passes[cause].0.text;
        let (label, note) = if cause < place {
            (format!("needs `{fact}`, which `{other}` has ended"), "no longer true here")
        } else {
            (format!("needs `{fact}`, which only `{other}` establishes"), "not true yet here")
        };
        let says = declarations.meaning(fact).map(|meaning| format!("{note}: {meaning}"));
        let report = Report::warning(format!("`{}` stands where what it needs does not hold", word.text))
            .at(flag, text, word.span.clone(), label)
            .note(says.unwrap_or_else(|| format!("`{fact}` is {note}")))
            .note("it will find nothing to do, fail, or do less than it is asked for");
        reports.push(report.help(Some(remedy(&passes, place))));
    }
    reports
}

type Pass<'a> = (&'a Word, &'a PassRecord);

fn gather<'a>(elements: &'a [Element], declarations: &'a dyn Declarations, into: &mut Vec<Pass<'a>>) {
    for element in elements {
        match element {
            Element::Nest { elements, .. } => gather(elements, declarations, into),
            Element::Pass { name, .. } => into.extend(declarations.declared(&name.text).map(|record| (name, record))),
        }
    }
}

fn establishes(record: &PassRecord, fact: &str) -> bool {
    record.establishes.iter().any(|one| name(one) == fact)
}

/// The pass that breaks `fact` at a place: the last one before it that ends the fact, or, when none before it has to do
/// with the fact, the first one behind it that establishes it.
fn broken_by(passes: &[Pass<'_>], place: usize, fact: &str) -> Option<usize> {
    let ends = |record: &PassRecord| record.ends.iter().any(|one| name(one) == fact);
    let before = (0..place).rev().find(|at| establishes(passes[*at].1, fact) || ends(passes[*at].1));
    match before {
        Some(at) => (!establishes(passes[at].1, fact)).then_some(at),
        None => (place + 1..passes.len()).find(|at| establishes(passes[*at].1, fact)),
    }
}

/// The nearest place where everything holds that the pass needs.
fn remedy(passes: &[Pass<'_>], place: usize) -> String {
    let (word, record) = passes[place];
    let mut rest = passes.to_vec();
    rest.remove(place);
    let fits = |at: &usize| {
        let mut tried = rest.clone();
        tried.insert(*at, passes[place]);
        record.needs.iter().all(|fact| broken_by(&tried, *at, fact).is_none())
    };
    let nearest = (0..=rest.len()).filter(fits).min_by_key(|at| at.abs_diff(place));
    match nearest {
        Some(at) if at > place => format!("`{}` fits behind `{}`", word.text, rest[at - 1].0.text),
        Some(at) if at < rest.len() => format!("`{}` fits before `{}`", word.text, rest[at].0.text),
        _ => format!("no place of this pipeline fits; `ropt passes show {}` says what it needs", word.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::parse;

    struct Three(Vec<PassRecord>);
    impl Declarations for Three {
        fn declared(&self, pass: &str) -> Option<&PassRecord> {
            self.0.iter().find(|record| record.pass == pass)
        }
        fn meaning(&self, fact: &str) -> Option<String> {
            let mut all = self.0.iter().flat_map(|record| &record.establishes);
            all.find(|one| name(one) == fact).and_then(|one| meaning(one)).map(str::to_owned)
        }
    }

    fn pass(pass: &str, needs: &[&str], establishes: &[&str], ends: &[&str]) -> PassRecord {
        let list = |facts: &[&str]| facts.iter().map(|fact| (*fact).to_owned()).collect();
        PassRecord {
            pass: pass.into(),
            needs: list(needs),
            establishes: list(establishes),
            ends: list(ends),
            ..PassRecord::default()
        }
    }

    /// form → raw kernels; lower: raw → low; finish needs low.
    fn warnings(text: &str) -> Vec<String> {
        let three = Three(vec![
            pass("form", &[], &["raw: kernels are tensors"], &["low"]),
            pass("lower", &["raw"], &["low"], &["raw"]),
            pass("finish", &["low"], &[], &[]),
        ]);
        let pipeline = parse(text).expect("well-formed");
        check(&pipeline, text, "--pass-pipeline", &three).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_right_order_and_parts_of_it_are_quiet() {
        for text in
            ["m(form,lower,finish)", "m(lower)", "m(finish)", "m(cse,lower,n(finish),cse)", "m(form,lower,form)"]
        {
            assert_eq!(warnings(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_pass_before_its_fact_is_told_where_it_fits() {
        let found = warnings("m(lower,cse,form,finish)");
        assert!(found[0].contains("needs `raw`, which only `form` establishes"), "{}", found[0]);
        assert!(found[0].contains("not true yet here: kernels are tensors"), "{}", found[0]);
        assert!(found[0].contains("help: `lower` fits behind `form`"), "{}", found[0]);
    }

    #[test]
    fn a_pass_behind_the_end_of_its_fact_is_told_so() {
        let found = warnings("m(form,lower,n(lower),finish)");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("--pass-pipeline:1:16"), "{}", found[0]);
        assert!(found[0].contains("needs `raw`, which `lower` has ended"), "{}", found[0]);
        assert!(found[0].contains("`lower` fits before `lower`"), "{}", found[0]);
    }

    #[test]
    fn a_pass_that_fits_nowhere_is_told_so() {
        let found = warnings("m(lower,finish,form)");
        assert!(found.iter().any(|text| text.contains("`lower` fits behind `form`")), "{found:?}");
    }
}
