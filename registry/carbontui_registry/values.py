"""Immutable values with named fields.

Every start of the program imports this. `dataclasses` takes about 25 ms of CPU to import, half of what a whole warm
`carbontui compare` takes, so the few lines needed stand here.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self, dataclass_transform
    from typing import NamedTuple as NamedTuple
else:
    from collections import namedtuple

    def dataclass_transform(**_options):
        return lambda decorated: decorated

    class _NamedTupleType(type):
        """Makes a named tuple of the annotated names of a class, as `typing` does, whose import costs more."""

        def __new__(mcls, name, bases, namespace):
            if not bases:
                return super().__new__(mcls, name, bases, namespace)
            fields = tuple(namespace.pop("__annotations__", ()))
            defaults = [namespace.pop(field) for field in fields if field in namespace]
            base = namedtuple(name, fields, defaults=defaults, module=namespace["__module__"])
            return type(name, (base,), {"__slots__": (), **namespace})

    class NamedTuple(metaclass=_NamedTupleType):
        """Base of tuples whose places have names."""


set_field = object.__setattr__


@dataclass_transform(frozen_default=True, kw_only_default=False)
class ValueType(type):
    """Makes a slot of each annotated name that does not begin with an underscore."""

    def __new__(mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> ValueType:
        names = tuple(n for n in namespace.get("__annotations__", ()) if not n.startswith("_"))
        defaults = {n: namespace.pop(n) for n in names if n in namespace}
        namespace["__slots__"] = (*names, *namespace.get("__slots__", ()))
        cls = super().__new__(mcls, name, bases, namespace)
        inherited: tuple[str, ...] = getattr(bases[0], "_fields", ()) if bases else ()
        cls._fields = (*inherited, *names)
        cls._defaults = {**(getattr(bases[0], "_defaults", {}) if bases else {}), **defaults}
        return cls

    _fields: tuple[str, ...]
    _defaults: dict[str, Any]


class Value(metaclass=ValueType):
    """Base of immutable values: fields are the annotated names, in order; equality is by fields."""

    def __init__(self, /, *args: Any, **kwargs: Any) -> None:
        cls = type(self)
        for field, value in zip(cls._fields, args, strict=False):
            set_field(self, field, value)
        for field in cls._fields[len(args) :]:
            if field in kwargs:
                set_field(self, field, kwargs.pop(field))
            elif field in cls._defaults:
                set_field(self, field, cls._defaults[field])
            else:
                raise TypeError(f"{cls.__name__} needs {field}")
        if kwargs or len(args) > len(cls._fields):
            raise TypeError(f"{cls.__name__} takes {', '.join(cls._fields)}; not {', '.join(kwargs) or 'more'}")

    def replace(self, **changes: Any) -> Self:
        """The same value with some fields changed."""
        cls = type(self)
        if unknown := set(changes).difference(cls._fields):
            raise TypeError(f"{cls.__name__} has no {', '.join(sorted(unknown))}")
        new = object.__new__(cls)
        for field in cls._fields:
            set_field(new, field, changes[field] if field in changes else getattr(self, field))
        return new

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed; replace() makes a changed copy")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, field) == getattr(other, field) for field in type(self)._fields)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, field) for field in type(self)._fields))

    def __repr__(self) -> str:
        cls = type(self)
        shown = ", ".join(
            f"{field}={value!r}"
            for field in cls._fields
            if (value := getattr(self, field)) != cls._defaults.get(field, value is None)
        )
        return f"{cls.__name__}({shown})"

    def __getstate__(self) -> dict[str, Any]:
        return {field: getattr(self, field) for field in type(self)._fields}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for field, value in state.items():
            set_field(self, field, value)
