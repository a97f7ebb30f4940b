"""The names of months in the languages that exports come in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_NAMES = """
january february march april may june july august september october november december
jan feb mar apr may jun jul aug sep oct nov dec
januar februar märz april mai juni juli august september oktober november dezember
jan feb mär apr mai jun jul aug sep okt nov dez
jänner feber mrz apr mai jun jul aug sept okt nov dez
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
janv févr mars avr mai juin juil aoû sept oct nov déc
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
ene feb mar abr may jun jul ago set oct nov dic
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
jan fev mar abr mai jun jul ago set out nov dez
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
gen feb mar apr mag giu lug ago set ott nov dic
styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
sty lut mar kwi maj cze lip sie wrz paź lis gru
január február március április május június július augusztus szeptember október november december
jan febr márc ápr máj jún júl aug szept okt nov dec
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
ian feb mar apr mai iun iul aug sept oct noi dec
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
янв фев мар апр май июн июл авг сен окт ноя дек
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月
"""


def _numbers() -> Mapping[str, int]:
    numbers: dict[str, int] = {}
    for line in _NAMES.split("\n"):
        for number, name in enumerate(line.split(), start=1):
            numbers[name] = number
    return MappingProxyType(numbers)


MONTH_NAMES = _numbers()


def month_number(name: str) -> int:
    """Return 1 to 12, or 0 where it is no month's name.

    >>> month_number("März"), month_number("Mrs")
    (3, 0)
    """
    return MONTH_NAMES.get(name.casefold(), 0)
