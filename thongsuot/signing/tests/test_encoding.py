"""The library that encodes signatures encodes each structure once, and again when something in it changed."""

from __future__ import annotations

from asn1crypto import cms, core
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.signing import encoding


class Leaf(core.Sequence):
    _fields = [("number", core.Integer)]


class Hidden(core.Choice):
    _alternatives = [("leaf", Leaf), ("number", core.Integer)]


class Inner(core.Sequence):
    _fields = [("leaf", Leaf), ("hidden", Hidden), ("anything", core.Any)]


class Inners(core.SetOf):
    _child_spec = Inner


class Outer(core.Sequence):
    _fields = [("inner", Inner), ("inners", Inners)]


def inner(number: int) -> Inner:
    leaf = {"number": number}
    return Inner({"leaf": leaf, "hidden": Hidden("leaf", Leaf(leaf)), "anything": core.Any(Leaf(leaf))})


def outer(numbers: list[int]) -> Outer:
    first, *rest = numbers
    return Outer({"inner": inner(first), "inners": Inners([inner(one) for one in rest])})


PLACES = {
    "leaf": lambda one: one["leaf"],
    "hidden": lambda one: one["hidden"].chosen,
    "anything": lambda one: one["anything"].parsed,
}


@given(st.data(), st.lists(st.integers(0, 10**6), min_size=2, max_size=5))
def test_a_change_anywhere_is_in_the_next_encoding(data, numbers):
    built, places = outer(numbers), st.sampled_from(sorted(PLACES))
    said = [[number] * 3 for number in numbers]
    for _ in range(data.draw(st.integers(1, 6))):
        built.dump()
        which, place, number = data.draw(st.integers(0, len(numbers) - 1)), data.draw(places), data.draw(st.integers(0, 10**6))
        one = built["inner"] if which == 0 else built["inners"][which - 1]
        PLACES[place](one)["number"] = number
        said[which][list(PLACES).index(place)] = number

    read = Outer.load(built.dump())

    inners = [read["inner"], *read["inners"]]
    found = [[PLACES[place](one)["number"].native for place in PLACES if place != "anything"] for one in inners]
    assert found[0] == said[0][:2]
    assert sorted(found[1:]) == sorted(one[:2] for one in said[1:])
    anything = [one["anything"].parse(Leaf)["number"].native for one in inners]
    assert anything[0] == said[0][2]
    assert sorted(anything[1:]) == sorted(one[2] for one in said[1:])


def test_a_structure_is_encoded_once_however_deep_it_lies(monkeypatch):
    encoded = []
    encode = core.Sequence._set_contents
    monkeypatch.setattr(core.Sequence, "_set_contents", lambda self, force=False: encoded.append(self) or encode(self, force))
    signed = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData({"version": "v1", "encap_content_info": {"content_type": "data"}, "signer_infos": []}),
        }
    )

    first = signed.dump()

    assert signed.dump() == first
    assert len(encoded) == len({id(one) for one in encoded}) <= 3


def test_teaching_it_twice_is_teaching_it_once():
    before = core.SetOf.__dict__["_set_contents"]

    encoding.once()

    assert core.SetOf.__dict__["_set_contents"] is before
