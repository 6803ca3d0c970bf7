"""Sentences heard, and what is near when nothing fits."""

import pytest

from core.homes.reads import dearer, neighbouring
from core.homes.words import Wish
from core.kit.db import Database
from core.kit.money import Money
from core.places.gazetteer import Gazetteer
from core.places.words import PlaceId
from tests.core.homes.planting import Seen, online, reads

GAZETTEER = Gazetteer.load()
DOUALA, YAOUNDE, AKWA, AKWA_NORD, BONAPRISO = (PlaceId(n) for n in (1, 2, 1000, 1001, 1004))


async def test_a_sentence_becomes_a_wish(db: Database) -> None:
    heard = reads(db).heard("appt 2ch akwa max 150 000")
    assert heard.wish == Wish(places=(AKWA,), kinds=("apartment",), bedrooms=2, top=Money(150_000, "XAF"))
    assert heard.which == ()


async def test_nothing_said_wishes_for_anything(db: Database) -> None:
    assert reads(db).heard("bonjour").wish == Wish()


async def test_a_city_counts_where_no_quarter_was_named(db: Database) -> None:
    heard = reads(db).heard("studio meublé à Yaoundé sauf Bastos")
    assert heard.wish.places == (YAOUNDE,)
    assert heard.wish.furnished
    assert [GAZETTEER.place(place).name for place in heard.wish.without] == ["Bastos"]


async def test_a_place_that_could_be_two_is_asked_about(db: Database) -> None:
    heard = reads(db).heard("chambre madagascar")
    assert heard.wish.places == ()
    assert {GAZETTEER.place(place.city or place.id).name for place in heard.which} == {"Douala", "Yaoundé"}


async def test_amounts_are_in_the_francs_of_the_place(db: Database) -> None:
    assert reads(db).heard("villa à vendre almadies 200 millions").wish.top == Money(200_000_000, "XOF")


@pytest.mark.parametrize(
    ("top", "more"), [(40_000, 60_000), (25_000, 37_500), (33_333, 50_000), (70_000, 105_000), (1, 500)]
)
def test_dearer_is_half_as_much_again_in_round_figures(top: int, more: int) -> None:
    assert dearer(Money(top, "XAF")) == Money(more, "XAF")


async def test_near_counts_what_neighbouring_wishes_find(db: Database) -> None:
    await online(
        db,
        Seen(DOUALA, AKWA_NORD, price=40_000),
        Seen(DOUALA, AKWA, price=55_000),
        Seen(DOUALA, AKWA, price=30_000, kind="room"),
        Seen(DOUALA, BONAPRISO, price=40_000),
        Seen(YAOUNDE, price=30_000),
    )
    wish = Wish(places=(AKWA,), kinds=("studio",), top=Money(40_000, "XAF"))
    assert (await reads(db).search(wish)).homes == ()
    near = await reads(db).near(wish)
    assert [(one.change, one.count) for one in near] == [("neighbours", 1), ("dearer", 1), ("any_kind", 1)]
    for one in near:
        assert len((await reads(db).search(one.wish)).homes) == one.count


async def test_near_leaves_out_what_finds_nothing(db: Database) -> None:
    await online(db, Seen(DOUALA, BONAPRISO, price=40_000))
    near = await reads(db).near(Wish(places=(AKWA,), kinds=("studio",)))
    assert [(one.change, one.wish.places) for one in near] == [("whole_city", (DOUALA,))]


def test_neighbours_hold_neither_the_quarters_wished_for_nor_those_refused() -> None:
    wish = Wish(places=(AKWA, AKWA_NORD), without=(BONAPRISO,))
    changes = dict(neighbouring(wish, GAZETTEER))
    assert not {AKWA, AKWA_NORD, BONAPRISO} & set(changes["neighbours"].places)
    assert set(changes) == {"neighbours", "whole_city"}


def test_a_whole_city_has_no_wider_wish() -> None:
    assert list(neighbouring(Wish(places=(DOUALA,)), GAZETTEER)) == []
