//! Run folders written and read back as a whole; what one file does is tested in that file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use doorstroom_observe::rows::{self, *};
use doorstroom_observe::table::{Kind, Row, Value};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;

use crate::cells::ColumnValues;
use crate::{
    Failure, Format, Manifest, OutputError, PartWriter, RunFolder, SCHEMA_VERSION, Start, Status, Target, WorkEntry,
    WorkItem, read,
};

/// A place on disk that goes with the test.
struct Scratch(TempDir);

impl Scratch {
    fn new() -> Self {
        Scratch(tempfile::tempdir().expect("the folder for tests takes folders"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self) -> Target {
        Target::Named(self.path().join("run"))
    }
}

fn start(format: Format, config_hash: &str) -> Start<'static> {
    let manifest = Manifest { format, config_hash: config_hash.into(), run_id: "r1".into(), ..Manifest::default() };
    Start { manifest, experiment: "(name: \"x\") // as given", resolved: "{}" }
}

fn new_folder(scratch: &Scratch, format: Format) -> RunFolder {
    RunFolder::create(&scratch.run(), &start(format, "abc"), false).expect("a new folder")
}

/// Rows with awkward cells of every kind, no two alike.
fn samples<R: Row>() -> Vec<R> {
    let words = ["=1+1", "'s-Hertogenbosch", "a,\"b\"\nc", "", "GM0363"];
    (0..7u32)
        .map(|i| {
            let bytes = [i as u8, 0, 255];
            let mut cells = R::columns().iter().zip(0u32..).map(|(column, place)| match column.kind {
                Kind::U32 => Value::U32(100 * place + i),
                Kind::U64 => Value::U64(u64::MAX - u64::from(i)),
                Kind::I64 => Value::I64(3 - i64::from(i)),
                Kind::F64 => Value::F64([0.1, -1e300, 5e-324, f64::INFINITY, -0.0, 1.0, 1.0 / 3.0][i as usize]),
                Kind::Text => Value::Text(words[(i + place) as usize % words.len()]),
                Kind::Bytes => Value::Bytes(&bytes),
                Kind::Bool => Value::Bool((i + place) % 2 == 0),
            });
            R::from_values(&mut cells).expect("a value of each column's kind")
        })
        .collect()
}

fn cells_of<R: Row>(rows: &[R]) -> Vec<ColumnValues> {
    let mut columns: Vec<_> = R::columns().iter().map(|column| ColumnValues::of(column.kind)).collect();
    for row in rows {
        let mut column = columns.iter_mut();
        row.values(&mut |value| assert!(column.next().expect("as many").push(value)));
    }
    columns
}

fn assert_round_trip<R: Row + PartialEq + std::fmt::Debug>(folder: &RunFolder) {
    let written = samples::<R>();
    let part = folder.write_part(0, WorkItem::default(), &written).expect("written");
    assert_eq!(part.rows, written.len() as u64);
    let columns = read::columns(folder.path(), R::TABLE).expect("read");
    let values: Vec<_> = columns.into_iter().map(|(_, values)| values).collect();
    assert_eq!(values, cells_of(&written), "{}", R::TABLE);
    let back: Vec<R> = read::rows(folder.path()).expect("read");
    assert_eq!(back.len(), written.len());
    assert!(written.iter().all(|row| back.contains(row)), "{}", R::TABLE);
}

fn assert_every_table_comes_back(folder: &RunFolder) {
    assert_round_trip::<SeriesRow>(folder);
    assert_round_trip::<StockRow>(folder);
    assert_round_trip::<LettingRow>(folder);
    assert_round_trip::<WaitRow>(folder);
    assert_round_trip::<QuotaRow>(folder);
    assert_round_trip::<ReceptionRow>(folder);
    assert_round_trip::<FlowRow>(folder);
    assert_round_trip::<MoneyRow>(folder);
    assert_round_trip::<DenominatorRow>(folder);
    assert_round_trip::<EffectRow>(folder);
    assert_round_trip::<LevelRow>(folder);
    assert_round_trip::<ReadingRow>(folder);
    assert_round_trip::<DisplacementRow>(folder);
    assert_round_trip::<IdentityRow>(folder);
    assert_round_trip::<AttributionRow>(folder);
    assert_round_trip::<InteractionRow>(folder);
    assert_round_trip::<SynchronyRow>(folder);
    assert_round_trip::<WinnerRow>(folder);
    assert_round_trip::<VarianceRow>(folder);
    let written = read::table_folders(folder.path()).expect("listed").len();
    assert_eq!(written, rows::all().len(), "a table is missing from this test");
}

#[test]
fn every_table_comes_back_from_parquet() {
    let scratch = Scratch::new();
    assert_every_table_comes_back(&new_folder(&scratch, Format::Parquet));
}

#[test]
fn every_table_comes_back_from_csv() {
    let scratch = Scratch::new();
    assert_every_table_comes_back(&new_folder(&scratch, Format::Csv));
}

#[test]
fn an_undefined_figure_comes_back_as_undefined() {
    for format in [Format::Parquet, Format::Csv] {
        let scratch = Scratch::new();
        let folder = new_folder(&scratch, format);
        let row = DenominatorRow { share: f64::NAN, ..DenominatorRow::default() };
        folder.write_part(0, WorkItem::default(), &[row]).expect("written");
        assert!(read::rows::<DenominatorRow>(folder.path()).expect("read")[0].share.is_nan());
    }
}

fn flows(item: WorkItem) -> Vec<FlowRow> {
    let row = |year| FlowRow {
        arm: format!("arm{}", item.scenario).into(),
        replicate: item.replicate,
        year,
        flow: "built".into(),
        count: i64::from(year) * i64::from(item.replicate + 1),
        ..FlowRow::default()
    };
    (2025..2035).map(row).collect()
}

/// Writes items in the order given, `per_part` to a part, and returns the digest and the sorted rows.
fn result_of(format: Format, items: &[WorkItem], per_part: usize) -> (String, Vec<FlowRow>) {
    let scratch = Scratch::new();
    let folder = new_folder(&scratch, format);
    for (number, items) in (0..).zip(items.chunks(per_part)) {
        let mut part: PartWriter<FlowRow> = folder.part(number).expect("a new number");
        // Rows of different items take turns, as they do when lanes share a part.
        let rows: Vec<_> = items.iter().map(|item| flows(*item)).collect();
        for place in 0..rows[0].len() {
            for (item, rows) in items.iter().zip(&rows) {
                part.push(*item, &rows[place]).expect("written");
            }
        }
        for (item, digest) in part.finish().expect("finished").items {
            let entry = WorkEntry {
                item,
                part: number,
                worker: "0".into(),
                seconds: 0.0,
                household_months: 0,
                tables: vec![digest],
            };
            folder.record_work(&entry).expect("recorded");
        }
    }
    let digest = folder.digest().expect("each item once");
    assert_eq!(digest.rows(), BTreeMap::from([("flows".into(), 10 * items.len() as u64)]));
    (digest.hex(), read::rows(folder.path()).expect("read"))
}

#[test]
fn the_digest_does_not_depend_on_parts_order_or_format() {
    let mut items: Vec<_> = (0..6).map(|i| WorkItem { scenario: i % 2, replicate: i / 2 }).collect();
    let one = result_of(Format::Parquet, &items, 6);
    items.reverse();
    items.swap(1, 4);
    assert_eq!(result_of(Format::Parquet, &items, 1), one);
    assert_eq!(result_of(Format::Csv, &items, 4), one);
    assert_ne!(result_of(Format::Parquet, &items[1..], 1).0, one.0);
}

#[test]
fn a_half_written_part_is_never_seen_and_goes_when_dropped() {
    let scratch = Scratch::new();
    let folder = new_folder(&scratch, Format::Parquet);
    let mut part: PartWriter<FlowRow> = folder.part(0).expect("a new number");
    part.extend(WorkItem::default(), &samples::<FlowRow>()).expect("written");
    let files = || read::files_in(&folder.path().join("data/flows")).expect("listed");
    assert_eq!(files(), [folder.path().join("data/flows/part-0000.parquet.tmp")]);
    assert!(read::rows::<FlowRow>(folder.path()).expect("read").is_empty());
    drop(part);
    assert!(files().is_empty());
}

#[test]
fn a_part_is_written_once_and_an_empty_one_not_at_all() {
    let scratch = Scratch::new();
    let folder = new_folder(&scratch, Format::Parquet);
    let none = folder.write_part::<FlowRow>(3, WorkItem::default(), &[]).expect("nothing to write");
    assert_eq!((none.path, none.items.len(), folder.next_part().expect("listed")), (None, 0, 0));
    folder.write_part(3, WorkItem::default(), &samples::<FlowRow>()).expect("written");
    assert_eq!(folder.next_part().expect("listed"), 4);
    assert!(matches!(folder.part::<FlowRow>(3), Err(OutputError::PartExists { .. })));
}

#[test]
fn parts_past_ten_thousand_are_read_in_order_of_number() {
    let scratch = Scratch::new();
    let folder = new_folder(&scratch, Format::Csv);
    for number in [10_000, 9_999] {
        let row = FlowRow { count: i64::from(number), ..FlowRow::default() };
        folder.write_part(number, WorkItem { scenario: 0, replicate: number }, &[row]).expect("written");
    }
    let columns = read::columns(folder.path(), "flows").expect("read");
    assert_eq!(columns.last(), Some(&("count".into(), ColumnValues::I64(vec![9_999, 10_000]))));
}

#[test]
fn a_large_part_has_row_groups_and_says_where_it_comes_from() {
    let scratch = Scratch::new();
    let folder = new_folder(&scratch, Format::Parquet);
    let rows: Vec<_> = (0..70_000).map(|count| FlowRow { count, ..FlowRow::default() }).collect();
    let part = folder.write_part(0, WorkItem::default(), &rows).expect("written");
    let file = fs::File::open(part.path.expect("it has rows")).expect("there");
    let metadata = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet").metadata().clone();
    assert_eq!(metadata.num_row_groups(), 2);
    let about = metadata.file_metadata();
    assert_eq!(about.created_by(), Some(format!("doorstroom {}", crate::TOOL_VERSION).as_str()));
    let said: BTreeMap<_, _> =
        about.key_value_metadata().expect("some").iter().map(|kv| (&*kv.key, &kv.value)).collect();
    assert_eq!(said["doorstroom.run_id"].as_deref(), Some("r1"));
    assert_eq!(said["doorstroom.config_hash"].as_deref(), Some("abc"));
    assert_eq!(said["doorstroom.schema_version"], &Some(SCHEMA_VERSION.to_string()));
    assert_eq!(read::rows::<FlowRow>(folder.path()).expect("read").len(), rows.len());
}

#[test]
fn a_summary_comes_back_and_holds_no_formula() {
    let scratch = Scratch::new();
    let folder = new_folder(&scratch, Format::Parquet);
    let rows = [EffectRow { arm: "=cmd()".into(), mean: -1.5, ..EffectRow::default() }];
    let path = folder.summary("effects", &rows).expect("written");
    let text = fs::read_to_string(&path).expect("there");
    assert!(text.starts_with("arm,baseline,measure,group,area,unit,denominator,mean,ci_lo,ci_hi,n,"), "{text}");
    assert!(text.contains("\n'=cmd(),") && text.contains(",-1.5,"), "{text}");
    assert_eq!(read::summary::<EffectRow>(folder.path(), "effects").expect("read"), rows);
}

#[test]
fn the_start_of_a_run_is_on_disk_before_its_first_row() {
    let scratch = Scratch::new();
    let folder = new_folder(&scratch, Format::Parquet);
    let manifest = read::manifest(folder.path()).expect("there");
    assert_eq!((manifest.status, manifest.schema_version), (Status::Running, SCHEMA_VERSION));
    let given = fs::read_to_string(folder.path().join("experiment.ron")).expect("there");
    assert_eq!(given, "(name: \"x\") // as given");
    let ended = Manifest { status: Status::Complete, wall_seconds: 1.5, ..manifest };
    folder.write_manifest(&ended).expect("written");
    assert_eq!(read::manifest(folder.path()).expect("there"), ended);
    assert_eq!(read::tables(folder.path()).expect("there").len(), rows::all().len());
}

#[test]
fn a_folder_with_a_run_is_refused_unless_forced() {
    let scratch = Scratch::new();
    let folder = new_folder(&scratch, Format::Parquet);
    folder.write_part(0, WorkItem::default(), &samples::<FlowRow>()).expect("written");
    let create = |hash, force| RunFolder::create(&scratch.run(), &start(Format::Parquet, hash), force);
    assert!(matches!(create("def", false), Err(OutputError::OtherConfig { found, .. }) if found == "abc"));
    assert!(matches!(create("abc", false), Err(OutputError::Unfinished { status: Status::Running, .. })));
    let manifest = read::manifest(folder.path()).expect("there");
    folder.write_manifest(&Manifest { status: Status::Complete, ..manifest }).expect("written");
    assert!(matches!(create("abc", false), Err(OutputError::AlreadyComplete { .. })));
    drop(folder);
    let again = create("def", true).expect("started over");
    assert!(read::rows::<FlowRow>(again.path()).expect("read").is_empty());
    assert_eq!(read::manifest(again.path()).expect("there").config_hash, "def");
}

#[test]
fn a_folder_in_which_a_run_writes_is_its_own_until_it_ends() {
    let scratch = Scratch::new();
    let folder = new_folder(&scratch, Format::Parquet);
    folder.write_part(0, WorkItem::default(), &samples::<FlowRow>()).expect("written");
    let again = || RunFolder::create(&scratch.run(), &start(Format::Parquet, "abc"), true);
    for refused in [again(), RunFolder::open(folder.path())] {
        assert!(matches!(refused, Err(OutputError::InUse { .. })));
    }
    assert_eq!(read::rows::<FlowRow>(folder.path()).expect("read").len(), samples::<FlowRow>().len());
    drop(folder);
    again().expect("nobody writes there any more");
}

#[test]
fn a_folder_with_other_files_is_never_written_over() {
    let scratch = Scratch::new();
    let thesis = scratch.path().join("run/data/thesis.tex");
    fs::create_dir_all(thesis.parent().expect("it has one")).expect("made");
    fs::write(&thesis, "years of work").expect("written");
    for force in [false, true] {
        let refusal = RunFolder::create(&scratch.run(), &start(Format::Csv, "abc"), force).expect_err("refused");
        assert!(matches!(refusal, OutputError::NotARunFolder { .. }));
    }
    fs::write(scratch.path().join("run/manifest.json"), r#"{"name": "another program"}"#).expect("written");
    let refusal = RunFolder::create(&scratch.run(), &start(Format::Csv, "abc"), true).expect_err("refused");
    assert!(matches!(refusal, OutputError::NotARunFolder { .. }));
    assert_eq!(fs::read_to_string(&thesis).expect("still there"), "years of work");
}

#[test]
fn runs_under_a_root_have_a_name_each_and_stay_inside_it() {
    let scratch = Scratch::new();
    let under = |experiment: &str| Target::Under {
        root: scratch.path().to_owned(),
        experiment: experiment.into(),
        stamp: "20250131T120000Z".into(),
        hash: "0123456789abcdef".into(),
    };
    let expected = scratch.path().join("ban/20250131T120000Z-01234567");
    assert_eq!(under("ban").path(), expected);
    for escape in ["../..", "..", "/etc", "a/../../b"] {
        let path = under(escape).path();
        let inside: Vec<_> = path.strip_prefix(scratch.path()).expect("inside").components().collect();
        assert_eq!(inside.len(), 2, "{escape}");
        assert!(inside.iter().all(|step| matches!(step, std::path::Component::Normal(_))), "{escape}");
    }
    RunFolder::create(&under("ban"), &start(Format::Parquet, "abc"), false).expect("a new folder");
    assert_eq!(fs::read_to_string(scratch.path().join("ban/latest.txt")).expect("there"), "20250131T120000Z-01234567");
}

#[test]
fn after_a_kill_only_recorded_work_remains() {
    let scratch = Scratch::new();
    let folder = new_folder(&scratch, Format::Parquet);
    let entry = |part| {
        let item = WorkItem { scenario: 0, replicate: part };
        let rows = flows(item);
        let tables = folder.write_part(part, item, &rows).expect("written").items;
        let tables = tables.into_iter().map(|(_, digest)| digest).collect();
        WorkEntry { item, part, worker: "0".into(), seconds: 0.5, household_months: 12, tables }
    };
    let (first, unrecorded) = (entry(0), entry(1));
    folder.record_work(&first).expect("recorded");
    let torn = &serde_json::to_string(&unrecorded).expect("plain data")[..40];
    append_raw(&folder.path().join("work.jsonl"), torn);
    fs::write(folder.path().join("data/flows/part-0002.parquet.tmp"), "half").expect("written");

    let path = folder.path().to_owned();
    drop(folder);
    let reopened = RunFolder::open(&path).expect("a run folder");
    assert_eq!(reopened.recover().expect("recovered"), std::slice::from_ref(&first));
    assert_eq!(read::rows::<FlowRow>(&path).expect("read").len(), 10);
    assert_eq!(read::files_in(&path.join("data/flows")).expect("listed").len(), 1);
    reopened.record_work(&unrecorded).expect("recorded");
    assert_eq!(read::work(&path).expect("read"), [first, unrecorded]);
}

fn append_raw(path: &Path, text: &str) {
    let mut whole = fs::read_to_string(path).expect("there");
    whole.push_str(text);
    fs::write(path, whole).expect("written");
}

#[test]
fn failures_are_kept_in_order() {
    let scratch = Scratch::new();
    let folder = new_folder(&scratch, Format::Parquet);
    let failure = |replicate| Failure {
        item: WorkItem { scenario: 1, replicate },
        arm: "ban".into(),
        seed: 7,
        message: "two\nlines".into(),
        replay: "doorstroom replay".into(),
    };
    assert!(read::failures(folder.path()).expect("none yet").is_empty());
    folder.record_failure(&failure(3)).expect("recorded");
    folder.record_failure(&failure(1)).expect("recorded");
    assert_eq!(read::failures(folder.path()).expect("read"), [failure(3), failure(1)]);
}

#[test]
fn files_with_other_columns_and_unknown_tables_are_refused() {
    for format in [Format::Parquet, Format::Csv] {
        let scratch = Scratch::new();
        let folder = new_folder(&scratch, format);
        let part = folder.write_part(0, WorkItem::default(), &samples::<IdentityRow>()).expect("written");
        let foreign = folder.path().join("data/flows");
        fs::create_dir_all(&foreign).expect("made");
        fs::copy(part.path.expect("it has rows"), foreign.join(format!("part-0000.{}", format.ending())))
            .expect("copied");
        assert!(matches!(read::rows::<FlowRow>(folder.path()), Err(OutputError::OtherColumns { .. })));
        assert!(matches!(read::columns(folder.path(), "cats"), Err(OutputError::NoSuchTable { .. })));
    }
}

#[test]
fn a_layout_of_another_version_is_refused() {
    let scratch = Scratch::new();
    let folder = new_folder(&scratch, Format::Parquet);
    let path = folder.path().join("manifest.json");
    let text = fs::read_to_string(&path).expect("there").replacen("\"schema_version\": 1", "\"schema_version\": 9", 1);
    fs::write(&path, text).expect("written");
    assert!(matches!(RunFolder::open(folder.path()), Err(OutputError::OtherSchema { found: 9, .. })));
}
