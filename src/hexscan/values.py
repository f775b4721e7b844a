"""Value classes: dataclasses that cost no import of :mod:`dataclasses`.

That import brings ``inspect``, ``re`` and a dozen others, and every class takes another
millisecond: together as much as the scan of some thousand files. What stands here is the part of it
that hexscan uses, and is meant to be read as such: type checkers see the original, and so does who
asks it about an instance, as by :func:`dataclasses.asdict` or :func:`dataclasses.fields`. A class
has at least one field, and is made anew, so that ``super()`` needs its arguments.
"""

from __future__ import annotations

from operator import attrgetter, ge, gt, le, lt

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - what others are to see
    from dataclasses import field as field  # noqa: PLC0414 - the same
    from dataclasses import replace as replace  # noqa: PLC0414 - the same
    from typing import Any, NoReturn, TypeVar

    Class = TypeVar("Class", bound=type)
    Value = TypeVar("Value")

_NOT_FIELDS = ("__dict__", "__weakref__")
_COMPARISONS = {"__lt__": lt, "__le__": le, "__gt__": gt, "__ge__": ge}


class _Factory:
    """Stands for a default that is made anew for each instance."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def _field(*, default_factory: Callable[[], Any]) -> Any:  # noqa: ANN401 - as in dataclasses
    return _Factory(default_factory)


def _replace(value: Value, /, **changes: Any) -> Value:  # noqa: ANN401 - as in dataclasses
    return type(value)(**{**fields_of(value), **changes})


def fields_of(value: object) -> dict[str, Any]:
    """Return the fields of an instance by name; nothing is copied."""
    names: tuple[str, ...] = type(value).__match_args__  # type: ignore[attr-defined]  # set below
    return {name: getattr(value, name) for name in names}


def _dataclass(
    *, slots: bool, frozen: bool = False, order: bool = False
) -> Callable[[Class], Class]:
    """Return what makes a class with slots out of one that declares fields.

    Instances are equal if they are of one class and all their fields are. With ``frozen`` they
    cannot be changed, and can be hashed; with ``order`` they are sorted by their fields. There is
    no class without ``slots``, and none that inherits fields and adds to them.
    """
    assert slots  # noqa: S101 - written out, since the original has no such default
    return lambda declared: _made(declared, frozen=frozen, order=order)


def _made(declared: Class, *, frozen: bool, order: bool) -> Class:
    kinds = {
        name: kind
        for name, kind in declared.__annotations__.items()
        if not str(kind).removeprefix("typing.").startswith("ClassVar")
    }
    held = vars(declared)
    defaults = {name: held[name] for name in kinds if name in held}
    namespace = {
        name: value
        for name, value in held.items()
        if name not in defaults and name not in _NOT_FIELDS
    }
    namespace |= _methods(tuple(kinds), frozen=frozen, order=order)
    namespace["__init__"] = _init(kinds, defaults, frozen=frozen)
    namespace["__dataclass_fields__"] = _Fields(kinds, defaults)
    made = type(declared)(declared.__name__, declared.__bases__, namespace)
    made.__qualname__ = declared.__qualname__
    return made


def _init(
    kinds: Mapping[str, Any], defaults: Mapping[str, Any], *, frozen: bool
) -> Callable[..., None]:
    """Write and compile an ``__init__``, which is quicker and tells more than one for all."""
    known: dict[str, Any] = {"_set": object.__setattr__}
    parameters, body = [], []
    for name in kinds:
        value = name
        if name not in defaults:
            parameters.append(name)
        else:
            default = known[f"_default_{name}"] = defaults[name]
            parameters.append(f"{name}=_default_{name}")
            if isinstance(default, _Factory):
                value = f"_default_{name}.make() if {name} is _default_{name} else {name}"
        body.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    exec(f"def __init__(self, {', '.join(parameters)}):\n " + "\n ".join(body), known)  # noqa: S102 - the words are our own
    init: Callable[..., None] = known["__init__"]
    init.__annotations__ = {**kinds, "return": None}
    return init


def _methods(names: tuple[str, ...], *, frozen: bool, order: bool) -> dict[str, Any]:
    """Return what all these classes have, by name."""
    values = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)

    def represent(self: object) -> str:
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({told})"

    def compared(compare: Callable[[Any, Any], bool]) -> Callable[[object, object], object]:
        def method(self: object, other: object) -> object:
            if type(other) is not type(self):
                return NotImplemented
            return compare(values(self), values(other))

        return method

    methods: dict[str, Any] = {
        "__slots__": names,
        "__match_args__": names,
        "__repr__": represent,
        "__eq__": compared(lambda one, other: one == other),
        "__hash__": (lambda self: hash(values(self))) if frozen else None,
        "__replace__": _replace,
        "__reduce__": lambda self: (type(self), values(self)),
    }
    if order:
        methods |= {name: compared(compare) for name, compare in _COMPARISONS.items()}
    if frozen:
        methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
    return methods


def _refuse(_value: object, name: str, *_new: object) -> NoReturn:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 - for a mistake alone

    raise FrozenInstanceError(f"cannot change field {name!r}")


class _Fields:
    """What :mod:`dataclasses` asks a class for: made when it does, for then it is loaded."""

    def __init__(self, kinds: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
        self._kinds = kinds
        self._defaults = defaults
        self._made: dict[str, Any] = {}

    def __get__(self, value: object, owner: type) -> dict[str, Any]:
        if not self._made:
            self._made = self._make(owner.__name__)
        return self._made

    def _make(self, name: str) -> dict[str, Any]:
        import dataclasses  # noqa: PLC0415 - see above

        fields: list[tuple[str, Any, Any]] = []
        for field_name, kind in self._kinds.items():
            default = self._defaults.get(field_name, dataclasses.MISSING)
            if isinstance(default, _Factory):
                field: Any = dataclasses.field(default_factory=default.make)
            else:
                field = dataclasses.field(default=default)
            fields.append((field_name, kind, field))
        made: dict[str, Any] = vars(dataclasses.make_dataclass(name, fields))[
            "__dataclass_fields__"
        ]
        return made


if not TYPE_CHECKING:
    dataclass, field, replace = _dataclass, _field, _replace
