"""Notebooks are shown as their cells: code letter for letter, outputs in short, pictures by their size."""

from __future__ import annotations

import json
from typing import Any

import pytest
from headroom_core.compressors.source_code import SourceCode
from headroom_core.compressors.source_code.notebooks import minify
from headroom_core.compressors.table import COMPRESSORS
from headroom_core.router.route import route
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance

from tests.clocks import little_work

count = tokenizer_for("gpt-4o").count
ELIDING = Guidance(may_elide=True, count=count)


def cell(source: str, *outputs: dict[str, Any], run: int | None = 1) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": run, "metadata": {}, "outputs": list(outputs), "source": lines}


def notebook() -> str:
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0K" * 900}}
    picture["data"]["text/plain"] = ["<Figure size 640x480>"]  # type: ignore[index]  # a dict of dicts
    stream = {
        "output_type": "stream",
        "name": "stdout",
        "text": [f"epoch {n}: loss {n * 37 % 91}\n" for n in range(200)],
    }
    trace = [f"\x1b[31mframe {n}\x1b[0m" for n in range(40)]
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'shed'", "traceback": trace}
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Sheds\n", "How many are there?"]},
        cell(
            "import pandas as pd\nsheds = pd.read_csv('sheds.csv')\n\n\ndef area(row):\n    return row.a * row.b\n",
            run=1,
        ),
        cell("train(sheds)", stream, run=2),
        cell("plot(sheds)", picture, run=3),
        cell("sheds['shed']", error, run=4),
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def test_a_notebook_is_read_as_code() -> None:
    """It is JSON, too."""
    found = route(notebook(), COMPRESSORS)
    assert found is not None
    assert found[0].kind == "code"


def test_cells_stand_letter_for_letter_and_outputs_in_short() -> None:
    """Errors are said whole, pictures by their size, long outputs by their ends."""
    view = SourceCode().compress(notebook(), ELIDING)
    assert view.fidelity is Fidelity.ELIDED
    assert "def area(row):\n    return row.a * row.b\n" in view.shown
    assert "# Sheds\nHow many are there?" in view.shown
    assert (
        "[cell 4 code run 3]\nplot(sheds)\n[output of cell 4]\n<Figure size 640x480>\n[image/png, 7200 char"
        in view.shown
    )
    assert "epoch 0: loss 0" in view.shown
    assert "epoch 199" in view.shown
    assert "… 176 lines" in view.shown
    assert "KeyError: 'shed'" in view.shown
    assert "KeyError: 'shed'\n… 32 lines\nframe 32\n" in view.shown
    assert "\nframe 39" in view.shown
    assert "iVBOR" not in view.shown


def test_what_is_cut_of_a_line_is_marked() -> None:
    """Of an error's, too: a reader must see that there is more."""
    long = {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["x" * 400]}
    assert "\n" + "x" * 300 + "…\n" in shown_with(long)


def test_data_of_any_shape_is_shown() -> None:
    """JSON that is a list isn't lines of text, and no reason to leave the notebook as it came."""
    data = {"output_type": "display_data", "metadata": {}, "data": {"application/json": [{"shed": 7}, 8]}}
    assert '\n[{"shed":7},8]\n' in shown_with(data)


def shown_with(output: dict[str, Any]) -> str:
    """The test notebook as it is shown with one more output."""
    document = json.loads(notebook())
    document["cells"][1]["outputs"].append(output)
    view = SourceCode().compress(json.dumps(document, indent=1), ELIDING)
    assert view.fidelity is Fidelity.ELIDED
    return view.shown


def test_cells_are_drawn_only_where_they_may_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """All else is work for nothing."""
    monkeypatch.setattr("headroom_core.compressors.source_code.draw_cells", None)
    assert SourceCode().compress(notebook(), Guidance(count=count)).fidelity is Fidelity.EQUIVALENT


def test_without_a_way_back_only_white_space_goes() -> None:
    """The values are the same, lexeme by lexeme."""
    view = SourceCode().compress(notebook(), Guidance(count=count))
    assert view.fidelity is Fidelity.EQUIVALENT
    assert json.loads(view.shown) == json.loads(notebook())
    assert SourceCode().rebuilds(notebook(), view.shown)
    assert not SourceCode().rebuilds(notebook(), view.shown.replace("epoch 7", "epoch 8"))


@pytest.mark.parametrize(
    "text",
    [
        '{"cells": [{"cell_type": "code"}], "nbformat": 4}',
        '{"cells": 7, "cell_type": "", "nbformat": 4}',
        '{"cells": [{"cell_type": "code", "source": ["a" "b]}], "nbformat": 4}',
        '{"cells": [null], "cell_type": 1, "nbformat": 4}',
        '{"cells": [{"cell_type": "code", "source": 1, "outputs": [{"output_type": "stream"}]}], "nbformat": 4}',
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    """Nothing raises."""
    view = SourceCode().compress(text + " ", ELIDING)
    assert view.fidelity is Fidelity.VERBATIM


def test_what_is_no_json_is_read_once() -> None:
    """A quote that nothing closes was sought a match for from each of those behind it."""
    with little_work(seconds=5):
        assert minify('{"cells": ' + '\\"' * 50_000) == '{"cells":' + '\\"' * 50_000
