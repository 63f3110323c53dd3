"""Arrows never go up, nothing goes round in a circle, what is heavy is imported late, every room has a name."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from helpers.every import every

PACKAGE = Path(__file__).resolve().parents[1] / "model" / "netcea"
MODULES = sorted(PACKAGE.rglob("*.py"))

ORDER = (
    "version",
    "visible_text",
    "plain_number",
    "errors",
    "arrays",
    "special",
    "blas",
    "kernel",
    "blocks",
    "draws",
    "uncertainty",
    "quantities",
    "cohort",
    "survival",
    "fitting",
    "costs",
    "scenario",
    "engine",
    "sampling",
    "decision",
    "plausibility",
    "storage",
    "execution",
    "loading",
    "reporting",
    "evidence",
    "analyses",
    "checking",
    "workbook",
    "verification",
    "confidential",
    "batch",
    "submission",
    "cli",
    "__init__",
    "__main__",
)
"""Rooms from the ground up: each may import from those before it and from itself."""
ENGINE = (
    "arrays",
    "special",
    "draws",
    "uncertainty",
    "quantities",
    "cohort",
    "survival",
    "fitting",
    "costs",
    "scenario",
    "engine",
    "sampling",
    "decision",
)
"""Rooms that know neither files nor YAML."""
RANDOM = (
    "sampling.streams",
    "fitting.bootstrap",
    "fitting.trial_correlation",
    "fitting.cut_correlation",
    "fitting.switching.resampled",
)
"""The random sources of the program."""


def name_of(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "__init__"


NAMES = {name_of(path): path for path in MODULES}


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path, *, at_start_only=False, typing=False):
    """Modules imported by a file when the program runs (typing: those for types too)."""
    return tuple(_imports(path, at_start_only, typing))


def is_typing_only(test):
    return any("TYPE_CHECKING" in (getattr(node, "id", ""), getattr(node, "attr", "")) for node in ast.walk(test))


def _imports(path, at_start_only, typing):
    tree = tree_of(path)
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and is_typing_only(node.test)
        for inner in ast.walk(node)
    }
    for node in tree.body if at_start_only else list(ast.walk(tree)):
        if id(node) in typing_only and not typing:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            modules = [name for name in inside if name.removeprefix("netcea.") in NAMES]
            yield from modules or [node.module]


@cache
def arrows(module):
    """Modules of netcea that a module imports, those for types too."""
    found = {
        name.removeprefix("netcea.") if name != "netcea" else "__init__"
        for name in imports(NAMES[module], typing=True)
        if name.split(".")[0] == "netcea"
    }
    return frozenset(found - {module})


def room(module):
    return module.split(".")[0]


def within(module, folders):
    return any(module == folder or module.startswith(f"{folder}.") for folder in folders)


def test_every_room_has_its_place():
    assert {room(module) for module in NAMES} == set(ORDER)


@pytest.mark.parametrize("name", [name for name in ORDER if (PACKAGE / name).is_dir()])
def test_every_room_says_what_it_is_for_and_what_comes_in(name):
    text = ast.get_docstring(ast.parse((PACKAGE / name / "__init__.py").read_text(encoding="utf-8")))
    assert "Comes in:" in text


def test_no_arrow_goes_up():
    place = {name: number for number, name in enumerate(ORDER)}
    up = {
        module: [target for target in arrows(module) if place.get(room(target), -1) > place[room(module)]]
        for module in NAMES
    }
    assert not {module: targets for module, targets in up.items() if targets}


def test_nothing_goes_round_in_a_circle():
    """Depth-first: a module that is met again while it is still open closes a circle."""
    done, open_ = set(), []

    def visit(module):
        assert module not in open_, " -> ".join([*open_[open_.index(module) :], module])
        if module in done or module not in NAMES:
            return
        open_.append(module)
        for target in sorted(arrows(module)):
            visit(target)
        done.add(open_.pop())

    for module in NAMES:
        visit(module)


@every(m for m in NAMES if room(m) in ENGINE)
def test_the_engine_knows_no_files(module):
    found = set(imports(NAMES[module]))
    assert not found & {"pathlib", "os", "io", "yaml", "csv"}
    assert "open(" not in NAMES[module].read_text(encoding="utf-8").replace("_open(", "")


@every(m for m in NAMES if room(m) == "reporting")
def test_writers_format_and_never_compute(module):
    assert not [
        target
        for target in arrows(module)
        if within(target, ("engine.simulate", "engine.grid", "analyses.saved", "cohort.exposure", "draws", "sampling"))
    ]


def faults_of(module):
    """Say what is wrong with a module by itself."""
    text = NAMES[module].read_text(encoding="utf-8")
    if len(ast.get_docstring(tree_of(NAMES[module])) or "") <= 10:
        yield "a module says what it is"
    found = set(imports(NAMES[module]))
    if "scipy.stats" in found and module != "sampling.streams":
        yield "scipy.stats for its Sobol sequence alone"
    if any(name == "model" or name.startswith("model.") for name in found):
        yield "import netcea, never model"
    if module not in RANDOM and ("random" in found or "np.random" in text):
        yield "one random source for the model, others for correlations of trials"


def test_every_module():
    assert not {module: faults for module in NAMES if (faults := list(faults_of(module)))}


def test_the_command_line_imports_inside_its_commands():
    allowed = {
        "__future__",
        "collections",
        "dataclasses",
        "functools",
        "gc",
        "sys",
        "pathlib",
        "types",
        "typing",
        "click",
        "netcea",
        "importlib",
    }
    for path in (PACKAGE / "cli" / "main.py", *sorted((PACKAGE / "cli" / "commands").glob("*.py"))):
        modules = list(imports(path, at_start_only=True))
        assert {module.split(".")[0] for module in modules} <= allowed, path
        inside = [m for m in modules if m.startswith("netcea.") and not m.startswith(("netcea.cli", "netcea.version"))]
        assert not inside, (path, inside)


def loaded_after(code):
    script = f"import sys\n{code}\nprint(*sorted(sys.modules))"
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return set(found.stdout.splitlines()[-1].split())


def test_help_is_quick_because_it_loads_little():
    modules = loaded_after("from netcea.cli.main import main\nmain(['--help'], standalone_mode=False)")
    assert not modules & {"numpy", "pydantic", "yaml", "scipy", "pandas", "matplotlib", "openpyxl", "rich"}


def test_a_base_case_loads_neither_pandas_nor_what_draws_and_writes_workbooks():
    modules = loaded_after("import netcea\nnetcea.run('pnet', ledger=False)")
    assert "numpy" in modules
    assert not modules & {"pandas", "matplotlib", "openpyxl", "scipy.optimize", "scipy.stats", "numba"}


LATE = (
    "netcea.sampling.sampler",
    "netcea.sampling.correlation",
    "netcea.analyses.shared.varied_quantities",
    "netcea.quantities.fitted",
    "netcea.fitting.written_fits",
    "netcea.analyses.sweep",
    "netcea.analyses.psa",
    "netcea.decision.monte_carlo",
    "netcea.decision.acceptability",
    "netcea.reporting.figures",
    "netcea.reporting.csv_tables",
    "netcea.reporting.run_record",
    "netcea.storage.atomic",
    "netcea.storage.run_folder",
    "difflib",
)
"""What a base case needs only where it samples, fits, draws, writes or is wrong."""


def test_a_base_case_that_writes_nothing_loads_nothing_that_draws_samples_or_writes():
    command = ["run", "pnet", "--no-files", "--no-figures", "--quiet"]
    modules = loaded_after(f"from netcea.cli.main import main\nmain({command!r}, standalone_mode=False)")
    assert "netcea.engine.simulate" in modules
    assert not {name for name in modules for late in LATE if name == late or name.startswith(f"{late}.")}


def test_a_probabilistic_analysis_without_figures_loads_nothing_that_draws_them():
    command = ["psa", "pnet", "--draws", "2", "--no-files", "--no-figures", "--quiet"]
    modules = loaded_after(f"from netcea.cli.main import main\nmain({command!r}, standalone_mode=False)")
    assert "netcea.sampling.sampler" in modules
    assert not {name for name in modules if ".figures" in name}


def test_the_value_of_information_without_files_loads_nothing_that_writes_draws():
    command = ["voi", "pnet", "--draws", "100", "--no-files", "--no-figures", "--quiet"]
    modules = loaded_after(f"from netcea.cli.main import main\nmain({command!r}, standalone_mode=False)")
    assert "netcea.decision.value_of_information" in modules
    writing = {"netcea.storage.draws_file", "netcea.storage.parquet_writer", "netcea.storage.untrusted_parquet"}
    assert not {name for name in modules if ".figures" in name or name in writing}


def test_what_validates_blocks_is_built_when_a_file_is_read_not_when_it_is_declared():
    """A default that is a block by a call, `PsaOptions()`, builds what validates it, and then again inside its owner."""
    code = """
from netcea.analyses.base_case import analysis
from netcea.blocks import Block
def below(cls):
    for sub in cls.__subclasses__():
        yield from (sub, *below(sub))
found = list(below(Block))
assert len(found) > 50
built = [cls.__qualname__ for cls in found if cls.__pydantic_complete__]
assert not built, built
"""
    loaded_after(code)


def test_annotations_of_blocks_are_not_text():
    """Pydantic compiles annotations that are text, one by one, those of a base again for each class below it."""
    bases, found = {"Block"}, {}
    while True:  # until no class derives from a new one
        more = {
            node.name: module
            for module in NAMES
            for node in ast.walk(tree_of(NAMES[module]))
            if isinstance(node, ast.ClassDef) and bases & {getattr(base, "id", "") for base in node.bases}
        }
        if more.keys() <= bases:
            break
        found |= more
        bases |= more.keys()
    started = loaded_after("import netcea.analyses.base_case.analysis")
    declared = {module for module in found.values() if f"netcea.{module}" in started}
    assert {"scenario.scenario", "scenario.options", "costs.drug_acquisition", "uncertainty.beta"} <= declared
    assert not {module for module in declared if "__future__" in imports(NAMES[module])}


def test_draws_kept_as_parquet_load_neither_pandas_nor_pyarrow(tmp_path):
    arguments = ["psa", "pnet", "--draws", "2", "--keep-draws", "parquet", "--no-figures", "--quiet"]
    command = [*arguments, "--out", str(tmp_path / "out")]
    modules = loaded_after(f"from netcea.cli.main import main\nmain({command!r}, standalone_mode=False)")
    assert (tmp_path / "out" / "draws.parquet").is_file()
    assert not modules & {"pandas", "pyarrow", "matplotlib", "openpyxl", "scipy.optimize", "scipy.stats", "numpy.f2py"}


def test_registries_are_literals():
    """grep finds every family, table and figure: no auto-discovery."""
    for file, name in (
        ("survival/distributions/__init__.py", "FAMILIES"),
        ("analyses/base_case/tables.py", "TABLES"),
        ("analyses/base_case/figures/__init__.py", "FIGURES"),
        ("quantities/units.py", "UNITS"),
        ("uncertainty/families.py", "FAMILIES"),
        ("cli/main.py", "COMMANDS"),
        ("workbook/registry.py", "SHEETS"),
    ):
        tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
        values = [
            node.value
            for node in tree.body
            if isinstance(node, ast.AnnAssign | ast.Assign)
            and name in ast.unparse(node.target if isinstance(node, ast.AnnAssign) else node.targets[0])
        ]
        assert values, (file, name)
        assert isinstance(values[0], ast.Dict), (file, name)


EXPONENTS_ALLOWED = {"plain_number", "workbook.formulas.formula", "survival.spreadsheet", "reporting.xlsx.rows"}
"""They write for programs (formulas, XML), or are the one place that writes for people."""


def test_numbers_for_readers_are_written_in_one_place():
    """`{x:g}` writes 5e+05 and drops digits; `{x:.2g}` inside float() rounds and is not shown."""
    pattern = re.compile(r":[+,]*\.?[0-9]*[ge]\}|:[+,]*\.?[0-9]*[ge]\"|[\"'][+,]*\.[0-9]+[ge][\"']")
    found = [
        f"{name}: {line.strip()}"
        for name, path in NAMES.items()
        if name not in EXPONENTS_ALLOWED
        for line in path.read_text(encoding="utf-8").splitlines()
        if pattern.search(line) and "float(f" not in line
    ]
    assert not found
