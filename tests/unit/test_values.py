"""Value classes are dataclasses, to whoever uses them and to whoever asks."""

import copy
import dataclasses
import inspect
import pickle
from typing import ClassVar

import pytest

from hexscan import values
from hexscan.finding import Finding, Location, Report
from hexscan.scanner import Scanner


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Original:
    """What is to be met."""

    name: str
    number: int = 3
    parts: list[str] = dataclasses.field(default_factory=list)
    shared: ClassVar[int] = 7


@values.dataclass(frozen=True, slots=True, order=True)
class Frozen:
    """What meets it."""

    name: str
    number: int = 3
    parts: list[str] = values.field(default_factory=list)
    shared: ClassVar[int] = 7


@values.dataclass(slots=True)
class Open:
    """One that can be changed, of one field."""

    name: str


GIVEN: list[tuple[tuple[object, ...], dict[str, object]]] = [
    (("a",), {}),
    (("a", 1), {}),
    (("b", 1, ["x"]), {}),
    ((), {"name": "a", "parts": ["y"]}),
]


@pytest.mark.parametrize(("given", "named"), GIVEN)
def test_it_is_shown_and_taken_apart_as_a_dataclass_is(
    given: tuple[object, ...], named: dict[str, object]
) -> None:
    value, original = Frozen(*given, **named), Original(*given, **named)  # type: ignore[arg-type]
    assert repr(value) == repr(original).replace("Original", "Frozen")
    assert dataclasses.is_dataclass(value)
    assert dataclasses.asdict(value) == dataclasses.asdict(original) == values.fields_of(value)
    assert dataclasses.astuple(value) == dataclasses.astuple(original)
    assert dataclasses.replace(value, number=9) == values.replace(value, number=9)
    assert values.replace(value, number=9).number == 9


def test_its_fields_are_those_of_a_dataclass() -> None:
    for field, original in zip(
        dataclasses.fields(Frozen), dataclasses.fields(Original), strict=True
    ):
        assert (field.name, field.type) == (original.name, original.type)
        assert field.default == original.default
        assert field.default_factory == original.default_factory
    signature = str(inspect.signature(Frozen))
    assert signature.startswith("(name: str, number: int = 3, parts: list[str] = ")
    assert Frozen.__match_args__ == Original.__match_args__
    assert Frozen.shared == 7
    assert Frozen.__doc__ == "What meets it."
    assert Frozen.__qualname__ == "Frozen"


@pytest.mark.parametrize("given", [(), ("a", 1, [], 2)])
def test_it_takes_its_fields_and_no_others(given: tuple[object, ...]) -> None:
    for kind in (Frozen, Original):
        with pytest.raises(TypeError, match="argument"):
            kind(*given)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="other"):
        Frozen("a", other=1)  # type: ignore[call-arg]


def test_a_default_is_made_anew() -> None:
    one, other = Frozen("a"), Frozen("a")
    one.parts.append("x")
    assert other.parts == []


def test_equal_is_what_is_of_one_class_and_equal_in_all_fields() -> None:
    assert Frozen("a", 1) == Frozen("a", 1)
    assert Frozen("a", 1) != Frozen("a", 2)
    assert Frozen("a", 1) != Original("a", 1)  # type: ignore[comparison-overlap]
    assert Open("a") == Open("a")
    assert Open("a") != Open("b")


def test_what_is_frozen_can_be_hashed_and_not_changed() -> None:
    location = Location(b"a", (), 1, 2, 3, 4)
    assert {location: 1}[Location(b"a", (), 1, 2, 3, 4)] == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        location.line = 5  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del location.line
    with pytest.raises(dataclasses.FrozenInstanceError):
        location.other = 5  # type: ignore[attr-defined]
    value = Open("a")
    value.name = "b"
    assert value == Open("b")
    with pytest.raises(TypeError, match="unhashable"):
        hash(value)
    with pytest.raises(AttributeError):
        value.other = 1  # type: ignore[attr-defined]


def test_order_is_that_of_the_fields() -> None:
    ranked = [Frozen("a", 1), Frozen("a", 2), Frozen("b", 0)]
    assert sorted([ranked[2], ranked[0], ranked[1]]) == ranked
    assert ranked[0] < ranked[1] <= ranked[1] < ranked[2]
    assert ranked[2] > ranked[1] >= ranked[1] > ranked[0]
    with pytest.raises(TypeError):
        assert ranked[0] < Original("b")  # type: ignore[operator]
    with pytest.raises(TypeError):
        assert Open("a") < Open("b")  # type: ignore[operator]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_goes_from_one_process_to_another(protocol: int) -> None:
    for value in (Frozen("a", 1, ["x"]), Open("a"), Location(b"a", (b"b",), 1, 2, 3, 4)):
        assert pickle.loads(pickle.dumps(value, protocol)) == value  # noqa: S301 - our own
        assert copy.deepcopy(value) == value


def test_it_can_be_matched_and_inherited() -> None:
    match Frozen("a", 1):
        case Frozen(name, number):
            assert (name, number) == ("a", 1)

    class Narrower(Scanner):
        __slots__ = ()

    narrower = Narrower(unprefixed=True)
    assert dataclasses.asdict(narrower) == {"unprefixed": True, "lookalikes": False}
    assert repr(values.replace(narrower, lookalikes=True)).endswith(
        "Narrower(unprefixed=True, lookalikes=True)"
    )


def test_what_the_library_gives_is_one() -> None:
    names = [field.name for field in dataclasses.fields(Finding)]
    assert names[:2] == ["rule", "severity"]
    assert "findings=()" in repr(Report())
    assert not hasattr(Report(), "__dict__")
