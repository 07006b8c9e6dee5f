"""The units of the package siunitx: kilo and metre per second are km/s."""

from __future__ import annotations

from collections.abc import Iterable

_PREFIXES = (
    "femto f pico p nano n micro µ milli m centi c deci d deca da hecto h kilo k mega M giga G tera T peta P kibi Ki "
    "mebi Mi gibi Gi"
)
_UNITS = (
    "metre m meter m gram g second s ampere A kelvin K mole mol candela cd litre l liter L hertz Hz newton N pascal Pa "
    "joule J watt W volt V ohm Ω farad F henry H tesla T weber Wb siemens S coulomb C lux lx lumen lm becquerel Bq "
    "gray Gy sievert Sv katal kat minute min hour h day d degree ° arcminute ′ arcsecond ″ hectare "
    "ha tonne t dalton Da "
    "electronvolt eV bar bar bel B decibel dB percent % celsius °C degreeCelsius °C bit bit byte B radian rad "
    "steradian sr euro € kg kg km km cm cm mm mm um µm nm nm ms ms us µs ns ns mg mg ug µg kHz kHz MHz MHz GHz GHz "
    "kW kW MW MW kWh kWh mL mL ml ml kPa kPa MPa MPa kJ kJ eV eV mV mV kV kV mA mA m m s s g g V V W W J J N N Pa Pa "
    "Hz Hz A A K K mol mol square ^2 squared ^2 cubed ^3 cubic ^3"
)
_PREFIX_NAMES = frozenset(_PREFIXES.split()[::2])
_words = f"{_PREFIXES} {_UNITS}".split()
_SYMBOLS = dict(zip(_words[::2], _words[1::2], strict=True))


def unit_text(tokens: Iterable[str]) -> str:
    """The unit that ``tex_tokens`` are."""
    pieces: list[str] = []
    waiting, is_prefix = "", False
    for token in tokens:
        name = token[1:] if token[0] == "\\" else ""
        if name == "per":
            pieces.append("/")
            is_prefix = True
        elif name in ("square", "cubic"):
            waiting = _SYMBOLS[name]
        elif name:
            symbol = _SYMBOLS.get(name, name)
            is_joined = is_prefix or not pieces or symbol[0] == "^"
            is_prefix = name in _PREFIX_NAMES
            pieces.append(symbol if is_joined else f" {symbol}")
            if waiting and not is_prefix:
                pieces.append(waiting)
                waiting = ""
        elif token not in ("{", "}"):
            pieces.append(token.replace("~", " ").replace(".", " ") if token != "~" else " ")
    return "".join(pieces).strip()
