use super::*;
use proptest::prelude::*;

const LAYOUT: &str = "#hal.pipeline.layout<constants = 2, bindings = [#hal.pipeline.binding<storage_buffer, \
    \"ReadOnly|Indirect\">, #hal.pipeline.binding<storage_buffer, Indirect>], flags = Indirect>";

fn span(binding: u64, ty: &str) -> Subspan {
    let (access, shape) = parse_subspan_type(ty).expect("a type");
    Subspan { binding, offset: Some(0), shape, access }
}

fn export() -> Export {
    Export {
        name: "f".into(),
        ordinal: Some(0),
        layout: parse_layout(LAYOUT).expect("a layout"),
        workload: Some(1),
        body: Some(vec![
            span(0, "!iree_tensor_ext.dispatch.tensor<readonly:tensor<4x8xf32>>"),
            span(1, "!iree_tensor_ext.dispatch.tensor<writeonly:tensor<32xf32>>"),
        ]),
    }
}

fn interface(target: &str, export: Export) -> Interface {
    let target = parse_target(target);
    Interface { name: "x".into(), variants: vec![Variant { name: "v".into(), target, exports: vec![export] }] }
}

const CPU: &str = "#hal.executable.target<\"llvm-cpu\", \"embedded-elf-x86_64\", {cpu = \"a,b\", f = #x.y<>}>";

#[test]
fn reads_what_mlir_prints() {
    let layout = parse_layout(LAYOUT).expect("a layout");
    assert_eq!((layout.constants, layout.bindings.len()), (2, 2));
    assert!(layout.bindings[0].read_only && !layout.bindings[1].read_only);
    assert_eq!(parse_layout("<bindings = []>"), Some(Layout::default()));
    let target = parse_target(CPU).expect("a target");
    assert_eq!((target.backend.as_str(), target.format.as_str()), ("llvm-cpu", "embedded-elf-x86_64"));
    assert_eq!(target.configuration, "{cpu = \"a,b\", f = #x.y<>}");
    let shape = |text| parse_subspan_type(text).map(|(_, shape)| shape.to_string());
    assert_eq!(
        shape("memref<4x?xf32, strided<[?, 1], offset: ?>, #hal.descriptor_type<storage_buffer>>").as_deref(),
        Some("4x?xf32")
    );
    assert_eq!(shape("memref<4xvector<8xf32>>").as_deref(), Some("4x8xf32"));
    assert_eq!(shape("tensor<f64>").as_deref(), Some("f64"));
    assert_eq!(shape("!foo.bar<").as_deref(), None);
    assert_eq!(Operand::parse("index"), Some(Operand::Scalar { words: 2 }));
    assert_eq!(Operand::parse("i1"), Some(Operand::Scalar { words: 1 }));
}

#[test]
fn the_same_fits() {
    let original = interface(CPU, export());
    assert_eq!(compare(&original, &original), Ok(Vec::new()));
    let mut other = export();
    other.body = Some(vec![span(0, "memref<32xf32>"), span(1, "memref<2x16xf32>")]);
    assert_eq!(compare(&original, &interface(CPU, other)), Ok(Vec::new()), "another view of the same bytes");
}

#[test]
fn each_difference_has_its_name() {
    let original = interface(CPU, export());
    let with = |change: fn(&mut Export)| {
        let mut export = export();
        change(&mut export);
        compare(&original, &interface(CPU, export)).expect_err("a mismatch").to_string()
    };
    type Change = fn(&mut Export);
    let table: [(Change, &str); 9] = [
        (|e| e.name = "g".into(), "it exports @g, expected @f"),
        (|e| e.ordinal = Some(3), "export @f has ordinal 3, expected 0"),
        (|e| e.layout.constants = 0, "export @f takes 0 constants, expected 2"),
        (|e| e.layout.bindings.truncate(1), "export @f takes 1 bindings, expected 2"),
        (
            |e| e.layout.bindings[0].read_only = false,
            "binding 0 of export @f is storage_buffer, expected storage_buffer (read-only)",
        ),
        (|e| e.workload = Some(2), "the count region of export @f takes 2 workload values, expected 1 workload value"),
        (
            |e| e.body = Some(vec![span(1, "memref<32xf64>")]),
            "the body of export @f takes binding 1 as 32xf64, expected 32xf32",
        ),
        (
            |e| e.body = Some(vec![span(1, "memref<32xf32>"), span(1, "memref<40xf32>")]),
            "the body of export @f uses 160 bytes of binding 1, which has 128",
        ),
        (
            |e| e.body = Some(vec![span(0, "!iree_tensor_ext.dispatch.tensor<writeonly:tensor<32xf32>>")]),
            "the body of export @f writes binding 0, which is read-only",
        ),
    ];
    for (change, text) in table {
        assert_eq!(with(change), text);
    }
    let cuda = interface("#hal.executable.target<\"cuda\", \"cuda-nvptx-fb\">", export());
    assert_eq!(
        compare(&original, &cuda).expect_err("another target").to_string(),
        "variant @v is for <\"cuda\", \"cuda-nvptx-fb\">, the executable has @v for <\"llvm-cpu\", \"embedded-elf-x86_64\">"
    );
}

#[test]
fn findings_do_not_stop() {
    let original = interface(CPU, export());
    let mut other = interface("#hal.executable.target<\"llvm-cpu\", \"embedded-elf-x86_64\", {}>", export());
    other.variants[0].exports.push(Export { name: "g".into(), ..Export::default() });
    let found = compare(&original, &other).expect("a fit");
    assert!(matches!(&found[..], [Finding::NewExport { .. }, Finding::Configuration { .. }]), "{found:?}");
}

#[test]
fn sites_are_checked() {
    let tensor = |text| Operand::parse(text).expect("an operand");
    let site = Site {
        export: "f".into(),
        workload: 1,
        operands: vec![tensor("tensor<4x8xf32>"), tensor("index"), tensor("tensor<32xf32>")],
    };
    assert_eq!(check_site(&site, &export()), Ok(()));
    let small =
        Site { operands: vec![tensor("tensor<8xf32>"), tensor("i64"), tensor("tensor<32xf32>")], ..site.clone() };
    assert!(matches!(check_site(&small, &export()), Err(SiteMismatch::Size { binding: 0, .. })));
    let scalar =
        Site { operands: vec![tensor("tensor<?xf32>"), tensor("f32"), tensor("tensor<?xf32>")], ..site.clone() };
    assert!(matches!(check_site(&scalar, &export()), Err(SiteMismatch::Constants { expected: 1, found: 2, .. })));
    let workload = Site { workload: 0, ..site };
    assert!(matches!(check_site(&workload, &export()), Err(SiteMismatch::Workload { expected: 0, found: 1, .. })));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[#<>\\[\\]{}(),=\"x?:0-9a-z \\\\é-]{0,60}") {
        let _ = (parse_layout(&text), parse_target(&text), parse_subspan_type(&text), Operand::parse(&text));
    }

    #[test]
    fn an_interface_fits_itself(constants in 0_u64..9, bindings in proptest::collection::vec(any::<bool>(), 0..6),
                                workload in proptest::option::of(0_usize..5), sizes in proptest::collection::vec(1_u64..99, 0..4)) {
        let layout = Layout {
            constants,
            bindings: bindings.iter().map(|&read_only| Binding { kind: "storage_buffer".into(), read_only }).collect(),
        };
        let body = (0..bindings.len() as u64).map(|binding| Subspan {
            binding,
            offset: Some(0),
            shape: Shape { sizes: sizes.iter().map(|&n| Some(n)).collect(), element: "f32".into(), ..Shape::default() },
            access: Access::Unknown,
        });
        let export = Export { name: "f".into(), ordinal: Some(0), layout, workload, body: Some(body.collect()) };
        let original = interface(CPU, export.clone());
        prop_assert_eq!(compare(&original, &original), Ok(Vec::new()));
        let mut other = export;
        other.layout.constants += 1;
        let refused = matches!(compare(&original, &interface(CPU, other)), Err(Mismatch::Constants { .. }));
        prop_assert!(refused);
    }
}

#[test]
fn strides_reach_further_than_the_elements_fill() {
    let (_, shape) =
        parse_subspan_type("memref<4x8xf32, strided<[100, 1], offset: ?>, #hal.descriptor_type<storage_buffer>>")
            .expect("a type");
    assert_eq!((shape.bytes(), shape.reach()), (Some(128), Some((3 * 100 + 7 + 1) * 4)));
    let (_, shape) = parse_subspan_type("memref<4x8xf32, strided<[?, 1]>>").expect("a type");
    assert_eq!((shape.bytes(), shape.reach()), (Some(128), None));
    let (_, shape) = parse_subspan_type("memref<0x8xf32, strided<[100, 1]>>").expect("a type");
    assert_eq!(shape.reach(), Some(0));
}
