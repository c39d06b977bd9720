use super::*;
use crate::names::{benchmark_file, configured_file, contents_file, executable_file};
use proptest::prelude::*;
use std::time::UNIX_EPOCH;

fn known(names: &[&str]) -> Vec<Known> {
    names.iter().map(|name| Known { name: (*name).into(), variants: vec!["cpu".into()] }).collect()
}

fn entries(names: &[&str]) -> Vec<Entry> {
    names.iter().map(|name| Entry { name: (*name).into(), modified: None }).collect()
}

fn look(known: &[Known], files: &[&str], stage: Stage) -> Matches {
    match_directory("m", known, &entries(files), stage)
}

fn taken(matches: &Matches) -> Vec<(usize, &str)> {
    matches.found.iter().map(|found| (found.executable, found.file.as_str())).collect()
}

#[test]
fn every_spelling_is_found() {
    for file in ["a.mlir", "m_a.mlir", "configured_a.mlir", "configured_m_a.mlirbc", "a_cpu.o", "m_a_cpu.codegen.ll"] {
        let matches = look(&known(&["a", "b"]), &[file], Stage::Sources);
        assert_eq!(taken(&matches), [(0, file)], "{matches:?}");
    }
    let matches = look(&known(&["a"]), &["a_cpu.o"], Stage::Any);
    assert_eq!(matches.found[0].variant, Some(0));
}

#[test]
fn a_gpus_intermediates_are_left_alone() {
    let files = ["m_a_cpu.nvvm.mlir", "m_a_cpu.spirv.mlir", "m_b.spirv.mlir", "m_a_cpu.optimized.ll", "m_a_cpu.ptx"];
    let matches = look(&known(&["a"]), &files, Stage::Objects);
    assert_eq!(taken(&matches), [(0, "m_a_cpu.ptx")]);
    assert_eq!(matches.unknown, ["m_a_cpu.nvvm.mlir", "m_a_cpu.spirv.mlir"]);
    assert_eq!(matches.unmatched, ["m_b.spirv.mlir"]);
}

#[test]
fn phases_side_by_side() {
    let files = ["m_a.mlir", "configured_m_a.mlir", "m_a_cpu.ll", "m_a_cpu.s", "m_a_cpu.o", "m_a_cpu.so"];
    let for_stage = |stage| look(&known(&["a"]), &files, stage);
    assert_eq!(taken(&for_stage(Stage::Sources)), [(0, "m_a.mlir")]);
    assert_eq!(taken(&for_stage(Stage::Configurations)), [(0, "configured_m_a.mlir")]);
    let objects = for_stage(Stage::Objects);
    assert_eq!(taken(&objects), [(0, "m_a_cpu.so")]);
    assert_eq!(objects.found[0].passed_over.len(), 3);
    assert_eq!(objects.other_phase, ["configured_m_a.mlir", "m_a.mlir"]);
    assert_eq!(for_stage(Stage::Any).ambiguities.len(), 1);
}

#[test]
fn two_answers_are_an_error_naming_both() {
    for files in
        [["a.mlir", "m_a.mlir"], ["a.c", "a.mlir"], ["a.c", "a.o"], ["a_cpu.o", "m_a.o"], ["a.mlir", "a.mlirbc"]]
    {
        let matches = look(&known(&["a"]), &files, Stage::Sources);
        let [Ambiguity::TwoFiles { first, second, .. }] = &matches.ambiguities[..] else { panic!("{matches:?}") };
        assert_eq!(
            [first.as_str(), second.as_str()].iter().collect::<std::collections::BTreeSet<_>>(),
            files.iter().collect()
        );
        assert!(matches.found.is_empty());
    }
}

#[test]
fn a_changed_early_stage_is_not_ignored() {
    let at = |name: &str, secs| Entry { name: name.into(), modified: Some(UNIX_EPOCH + Duration::from_secs(secs)) };
    let matches = match_directory("m", &known(&["a"]), &[at("m_a_cpu.ll", 100), at("m_a_cpu.o", 50)], Stage::Objects);
    assert!(matches!(&matches.ambiguities[..], [Ambiguity::Outdated { newer, .. }] if newer == "m_a_cpu.ll"));
}

#[test]
fn variants_are_told_apart() {
    let known = [Known { name: "a".into(), variants: vec!["cpu".into(), "ptx".into()] }];
    let matches = look(&known, &["a.ptx", "a.c"], Stage::Objects);
    assert_eq!(matches.found.len(), 2, "{matches:?}");
    let matches = look(&known, &["a_cpu.mlir", "a_ptx.mlir"], Stage::Sources);
    assert_eq!(matches.found.len(), 2, "{matches:?}");
}

#[test]
fn spirv_goes_by_its_export() {
    let variant = KnownVariant { name: "vulkan".into(), only_export: Some("mul".into()), objects: Vec::new() };
    let known = [Known { name: "a".into(), variants: vec!["cpu".into(), variant] }];
    for file in ["m_a_mul.spv", "a_mul.spv", "a_vulkan.spv"] {
        let matches = look(&known, &[file], Stage::Objects);
        assert_eq!((taken(&matches), matches.found[0].variant), (vec![(0, file)], Some(1)), "{matches:?}");
    }
    let matches = look(&known, &["a_mul.o", "m_a_mul.spirv.mlir"], Stage::Objects);
    assert_eq!((matches.unmatched, matches.unknown), (vec!["a_mul.o".into()], vec!["m_a_mul.spirv.mlir".into()]));
}

#[test]
fn targets_have_suffixes_of_their_own() {
    let variant = |objects: &[&str]| KnownVariant {
        name: "acme".into(),
        objects: objects.iter().map(|suffix| (*suffix).to_owned()).collect(),
        ..KnownVariant::default()
    };
    let of = |objects: &[&str]| [Known { name: "a".into(), variants: vec!["cpu".into(), variant(objects)] }];
    let files = ["m_a.mlir", "m_a_acme.acme.txt", "m_a_acme.acme"];
    let (known, matches) = (of(&[".acme.txt", ".acme"]), look(&of(&[]), &files, Stage::Objects));
    assert_eq!((matches.found.len(), matches.unknown.len()), (0, 2), "{matches:?}");
    let matches = look(&known, &files, Stage::Objects);
    assert_eq!((taken(&matches), matches.found[0].variant), (vec![(0, "m_a_acme.acme")], Some(1)), "{matches:?}");
    assert_eq!(matches.found[0].passed_over, ["m_a_acme.acme.txt"]);
    assert_eq!(taken(&look(&known, &files, Stage::Sources)), [(0, "m_a.mlir")]);
    // A suffix that is known here too: what that target dumps, and what is written by hand for others.
    let files = ["m_a.mlir", "m_a_acme.c"];
    assert_eq!(taken(&look(&of(&[".c"]), &files, Stage::Sources)), [(0, "m_a.mlir")]);
    assert_eq!(look(&of(&[]), &files, Stage::Sources).ambiguities.len(), 1);
}

#[test]
fn strangers_are_reported() {
    let matches = look(&known(&["a"]), &["README.txt", "other.mlir", "a.mlir"], Stage::Sources);
    assert_eq!((matches.unknown, matches.unmatched), (vec!["README.txt".into()], vec!["other.mlir".into()]));
}

#[test]
fn other_files_settle_whose_a_file_is() {
    let known = known(&["x", "m_x"]);
    let matches = look(&known, &["m_x.mlir", "m_m_x.mlir"], Stage::Sources);
    assert_eq!(taken(&matches), [(0, "m_x.mlir"), (1, "m_m_x.mlir")]);
    let matches = look(&known, &["m_x.mlir"], Stage::Sources);
    assert!(matches!(&matches.ambiguities[..], [Ambiguity::TwoExecutables { .. }]), "{matches:?}");
}

#[test]
fn benchmarks_are_sources_where_there_are_no_others() {
    let known = known(&["a"]);
    let alone = look(&known, &["m_a_cpu_benchmark.mlir", "a_cpu_benchmark.o"], Stage::Sources);
    assert_eq!(taken(&alone), [(0, "m_a_cpu_benchmark.mlir")]);
    assert_eq!(alone.unmatched, ["a_cpu_benchmark.o"]);
    for (stage, file) in [(Stage::Sources, "m_a.mlir"), (Stage::Configurations, "configured_m_a.mlir")] {
        let beside = look(&known, &["m_a_cpu_benchmark.mlir", file], stage);
        assert_eq!(taken(&beside), [(0, file)]);
        assert_eq!(beside.other_phase, ["m_a_cpu_benchmark.mlir"]);
    }
    assert_eq!(look(&known, &["m_a_cpu_benchmark.mlir"], Stage::Objects).found, []);
}

/// Names from few letters, so that they are each other's beginnings and ends, and some odd ones.
fn tangled() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ab](_[abm]){0,3}",
        "(m|configured)_[ab]",
        "[ab]_benchmark",
        "[ab] [ab]",
        "\\.[ab]",
        "[ab]\\.(o|mlir|linked\\.ll)"
    ]
}

proptest! {
    /// However alike the names are: what one dump wrote goes to the executable that it was dumped from, without a
    /// question. Names that give one file for two executables are refused when they are dumped.
    #[test]
    fn one_dump_has_no_ambiguities(
        names in proptest::collection::btree_set(tangled(), 1..6),
        module in prop_oneof![Just("m"), Just("configured"), Just("a"), Just("m/n"), Just("")],
        variants in proptest::collection::btree_map("[ab](_[ab]){0,2}", proptest::option::of("[ab](_[ab]){0,2}"), 1..3),
    ) {
        let variants: Vec<KnownVariant> =
            variants.into_iter().map(|(name, only_export)| KnownVariant { name, only_export, objects: Vec::new() }).collect();
        let known: Vec<Known> = names.iter().map(|name| Known { name: name.clone(), variants: variants.clone() }).collect();
        let sources: Vec<String> = names.iter().map(|name| executable_file(module, name)).collect();
        let configured: Vec<String> = names.iter().map(|name| configured_file("configured", module, name)).collect();
        let pairs = || names.iter().flat_map(|name| variants.iter().map(move |variant| (name, variant)));
        let kernels: Vec<String> = pairs().map(|(name, variant)| contents_file(module, name, variant, ".o")).collect();
        let modules: Vec<String> = pairs().map(|(name, variant)| contents_file(module, name, variant, ".spv")).collect();
        let benchmarks: Vec<String> =
            pairs().map(|(name, variant)| benchmark_file(module, name, &variant.name)).collect();
        let unique = |files: &[&[String]]| {
            let all: Vec<&String> = files.iter().copied().flatten().collect();
            all.iter().collect::<std::collections::BTreeSet<_>>().len() == all.len()
        };
        type Case<'a> = (Stage, &'a [&'a [String]], &'a [String]);
        let folders: [Case<'_>; 9] = [
            (Stage::Sources, &[&sources], &sources),
            (Stage::Configurations, &[&configured], &configured),
            (Stage::Objects, &[&kernels], &kernels),
            (Stage::Objects, &[&modules], &modules),
            (Stage::Objects, &[&sources, &configured, &modules, &benchmarks], &modules),
            (Stage::Sources, &[&benchmarks], &benchmarks),
            (Stage::Sources, &[&sources, &configured, &kernels, &benchmarks], &sources),
            (Stage::Configurations, &[&sources, &configured, &kernels, &benchmarks], &configured),
            (Stage::Objects, &[&sources, &configured, &kernels, &benchmarks], &kernels),
        ];
        for (stage, folder, wanted) in folders {
            if !unique(folder) {
                continue;
            }
            let files: Vec<&str> = folder.iter().copied().flatten().map(String::as_str).collect();
            let matches = match_directory(module, &known, &entries(&files), stage);
            prop_assert!(matches.ambiguities.is_empty(), "{stage:?} {files:?}: {matches:?}");
            let mut taken: Vec<(usize, &String)> = matches.found.iter().map(|one| (one.executable, &one.file)).collect();
            taken.sort();
            let each = wanted.len() / known.len();
            let mut expected: Vec<(usize, &String)> = wanted.iter().enumerate().map(|(i, file)| (i / each, file)).collect();
            expected.sort();
            prop_assert_eq!(taken, expected, "{:?} {:?}: {:?}", stage, files, matches);
        }
    }

    /// What dumps write is found again, each file for its own executable.
    #[test]
    fn dumps_can_be_given_back(
        names in proptest::collection::btree_set("[a-z]{1,4}_dispatch_[0-9]{1,2}", 1..8),
        module in "[a-z]{1,6}",
        variants in proptest::collection::btree_set("(embedded|system)_elf_[a-z0-9]{1,6}", 1..3),
    ) {
        let variants: Vec<KnownVariant> = variants.iter().map(|name| name.as_str().into()).collect();
        let known: Vec<Known> = names.iter().map(|name| Known { name: name.clone(), variants: variants.clone() }).collect();
        let mut files = Vec::new();
        for name in &names {
            files.push(executable_file(&module, name));
            files.push(configured_file("configured", &module, name));
            for variant in &variants {
                for suffix in [".codegen.ll", ".ll", ".s", ".o", ".so"] {
                    files.push(contents_file(&module, name, variant, suffix));
                }
            }
        }
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        for (stage, each) in [(Stage::Sources, 1), (Stage::Configurations, 1), (Stage::Objects, variants.len())] {
            let matches = match_directory(&module, &known, &entries(&files), stage);
            prop_assert!(matches.ambiguities.is_empty() && matches.unmatched.is_empty(), "{matches:?}");
            prop_assert_eq!(matches.found.len(), known.len() * each);
            for found in &matches.found {
                prop_assert!(found.file.contains(&known[found.executable].name));
            }
        }
    }

    #[test]
    fn any_names_do(files in proptest::collection::vec(".{0,16}", 0..8), name in ".{0,6}", module in ".{0,4}") {
        let known = [Known { name, variants: vec![KnownVariant::default(), "v".into()] }];
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        for stage in [Stage::Any, Stage::Sources, Stage::Configurations, Stage::Objects] {
            let matches = match_directory(&module, &known, &entries(&files), stage);
            prop_assert!(matches.found.len() <= files.len());
        }
    }
}
