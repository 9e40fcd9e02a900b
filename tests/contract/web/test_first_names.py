"""Which first names are listed among the participants."""

from datetime import timedelta

import pytest

from relay.web.participants import is_plausible
from relay.web.services import Discretion
from tests.contract.web.conftest import OpenRelay
from tests.samples.people import CHELSEA
from tests.samples.settings import JSON

pytestmark = pytest.mark.anyio


# Of any script; and real ones, whatever they begin with or mean in another language.
NAMES = """
Ana, María José, O’Neil, D'Angelo, Anne-Marie, J. R., 王小明, सुनीता, Đào, محمد, Kaʻiulani,
Dick, Fanny, Gaylord, Randy, Willy, Peter, Rod, Cumming, Con, Lon, Ginger, Gay, Regina, Colby, Scunthorpe, Essex, Adolf,
Assunta, Analia, Jesús, Concha, Lolita, Kike, Paco, Pepe, Amador, Consuelo, Dolores, Titi, Mercedes, Quim, Pau,
Ariano, Pinto, Fagundes, Xana, Phúc, Phuc, Dũng, Dung, Bích, Bich, Lộc, Ngọc, Cù, Hòe, Mỹ, Thi, Long, Yến, Huy, Cuong,
Dong, Fuk, Wang, Ho, Xi, Shota, Hitomi, Semen, Mohammed, Osama, Aryan, Dikshit, Shital, Nazia, Assia, Mama, Koko, Sambo
"""
REMARKS = "spam.example, https://spam.example, Ana 617, @ana, Vote for X!, a b c d e, , -, $$$"
SLURS = """
Nigger, chink, Gook, Spic, Wetback, Faggot, Whore, Cunt, Nazi, Hitler, KKK, Ana Bitch, bitch-ass,
FUCK, Fück, Fuuuck, F U C K, ｆｕｃｋ, 𝔣𝔲𝔠𝔨, Bіtch,
Puta, Puto, Maricón, MARICON, Mierda, Hijo de puta, Pendejo, Sudaca, Gilipollas, Coño,
Caralho, Viado, Filho da puta, Buceta, Merda, Masisi, Bouzen, Salòp, Merde, Connard,
傻逼, 王八蛋, 支那, 婊子, 操你妈, 他妈的, Địt, Lồn, Cặc, đụ mẹ
"""


def listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]


@pytest.mark.parametrize("name", listed(NAMES))
def test_real_names_are_shown_whatever_they_begin_with_or_mean_elsewhere(name: str) -> None:
    assert is_plausible(name)


@pytest.mark.parametrize("name", listed(REMARKS))
def test_links_numbers_and_remarks_are_no_names(name: str) -> None:
    assert not is_plausible(name)


@pytest.mark.parametrize("name", listed(SLURS))
def test_slurs_and_obscenities_are_no_names(name: str) -> None:
    assert not is_plausible(name)


@pytest.mark.parametrize("name", ["spam.example", "Chink"])
async def test_an_implausible_name_is_counted_and_its_letter_goes_but_it_is_not_shown(
    start: OpenRelay, name: str
) -> None:
    relay = await start(discretion=Discretion(timedelta(0), 5))
    for number in range(6):
        first_name = name if number == 5 else "Ana"
        fields = CHELSEA | {"email": f"ana{number}@mail.example", "first_name": first_name, "public_name": "1"}
        assert (await relay.post(fields, **JSON)).status_code == 202
    listed = (await relay.client.get("/campaigns/open-libraries/participants")).json()
    assert listed["count"] == 6
    assert [person["name"] for person in listed["recent"]] == ["Ana"] * 5
    assert sum(letter.from_name.startswith(name) for letter in await relay.letters()) == 2
