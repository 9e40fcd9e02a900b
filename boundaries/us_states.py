"""The states of the Union by name, abbreviation and ZIP. Source: USPS Publication 28, appendix B; ZIP prefixes as
assigned to sectional centers (Publication 65). A ZIP of five digits lies in another state than its prefix: a post
office that serves places across the border, or an agency's own ZIP."""

import re

_STATES = """
AL alabama ala;350-369
AK alaska;995-999
AZ arizona ariz;850-865
AR arkansas ark;716-729
CA california calif cal;900-961
CO colorado colo;800-816
CT connecticut conn;060-069
DE delaware del;197-199
DC district of columbia|d c;200,202-205,569
FL florida fla;320-349
GA georgia;300-319,398-399
HI hawaii;967-968
ID idaho;832-838
IL illinois ill;600-629
IN indiana ind;460-479
IA iowa;500-528
KS kansas kans;660-679
KY kentucky;400-427
LA louisiana;700-714
ME maine;039-049
MD maryland;206-219,20588
MA massachusetts mass;010-027,055
MI michigan mich;480-499
MN minnesota minn;550-567
MS mississippi miss;386-397
MO missouri;630-658,72643
MT montana mont;590-599
NE nebraska nebr;680-693
NV nevada nev;889-898
NH new hampshire|n h;030-038
NJ new jersey|n j;070-089
NM new mexico|n m;870-884
NY new york|n y;005,06390,100-149
NC north carolina|n c;270-289
ND north dakota|n d;580-588
OH ohio;430-459
OK oklahoma okla;730-732,734-749
OR oregon ore;970-979
PA pennsylvania penna;150-196
PR puerto rico|p r;006-009
RI rhode island|r i;028-029
SC south carolina|s c;290-299
SD south dakota|s d;570-577
TN tennessee tenn;370-385
TX texas tex;733,750-799,885,73960
UT utah;840-847
VT vermont;050-054,056-059
VA virginia;201,20598,220-246
WA washington wash;980-994
WV west virginia|w va;247-268
WI wisconsin wis wisc;530-549
WY wyoming wyo;820-831,83414
"""

_COUNTRY = re.compile(r"(?:^|[\s,]+)(?:u\.?s\.?a?\.?|united states(?: of america)?)$", re.IGNORECASE)

_BY_NAME: dict[str, str] = {}
_BY_ZIP: dict[str, str] = {}  # by three digits or by all five
FULL_NAME: dict[str, str] = {}
for _line in _STATES.strip().split("\n"):
    _names, _ranges = _line.split(";")
    _code, _, _rest = _names.partition(" ")
    _forms = _rest.split("|") if "|" in _rest else ([_rest] if _rest.startswith("new ") else _rest.split(" "))
    FULL_NAME[_code] = _forms[0].title()
    for _form in (*_forms, _code.lower()):
        _BY_NAME[_form] = _code
    for _span in _ranges.split(","):
        _low, _, _high = _span.partition("-")
        for _value in range(int(_low), int(_high or _low) + 1):
            _BY_ZIP[f"{_value:0{len(_low)}d}"] = _code


def without_country(text: str) -> str:
    """The text without ", USA" at its end."""
    return _COUNTRY.sub("", text)


def state_of_name(name: str, *, alone: bool) -> str:
    """The code of the state so named or abbreviated (lower case), or "". alone: nothing else was typed, and an
    abbreviation by itself does not count as a state."""
    if alone and len(name) <= 4:
        return ""
    return _BY_NAME.get(name, "")


def state_of_zip(code: str) -> str:
    """The code of the state that a five-digit ZIP is in, or ""."""
    return _BY_ZIP.get(code) or _BY_ZIP.get(code[:3], "")
