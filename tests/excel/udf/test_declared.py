"""Names and order of arguments as VBA takes them."""

from kpicore import CellArgument, CellFunction
from kpicore_excel.udf.declared import declared
from kpicore_excel.udf.vba import vba_functions


def names(*arguments: CellArgument, function: str = "KPI_X") -> list[str]:
    return [each.name for each in declared(CellFunction(function, "kpi", "", arguments))]


def test_words_of_vba_and_python_get_a_sign_behind_them():
    words = ("date", "To", "lambda", "NEXT", "cost", "place", "array")
    assert names(*(CellArgument(word, "") for word in words)) == [
        "date_",
        "To_",
        "lambda_",
        "NEXT_",
        "cost",
        "place_",
        "array_",
    ]


def test_an_argument_is_not_called_like_its_function_or_another_argument():
    assert names(CellArgument("kpi", ""), CellArgument("a", ""), CellArgument("A", ""), function="KPI") == [
        "kpi_",
        "a",
        "A_",
    ]


def test_what_is_no_name_becomes_one():
    given = ("_won", "2nd", "größe", "-")
    assert names(*(CellArgument(each, "") for each in given)) == [
        "won",
        "n2nd",
        "gr__e",
        "value",
    ]


def test_long_lists_of_arguments_are_written_on_several_lines():
    many = tuple(CellArgument(f"a_rather_long_name_of_an_input_{number}", "") for number in range(60))
    lines = vba_functions([CellFunction("KPI_X_CALC", "calculator", "", many)], "m").splitlines()
    assert max(map(len, lines)) <= 1000
    assert sum(line.endswith(", _") for line in lines) == 4
